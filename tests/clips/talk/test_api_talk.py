"""Likes, comments and hashtags over the API. Every answer is held against the OpenAPI document by the client."""

from __future__ import annotations

import pytest

from clips.models import Comment, Like
from clips.talk import comments
from tests.factories import BlockFactory, ClipFactory, CommentFactory, LikeFactory, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def clip(alice):
    return ClipFactory(author=alice, caption="Dawn #Mar")


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def test_a_like_can_be_repeated_and_taken_back(clip, bob):
    for _ in range(2):
        answer = Api(bob).put(f"clips/{clip.pk}/like")
        assert (answer.status, answer.json) == (200, {"liked": True, "likes": 1})
    shown = Api(bob).get(f"clips/{clip.pk}").json
    assert (shown["own"]["liked"], shown["counts"]["likes"]) == (True, 1)
    for _ in range(2):
        assert Api(bob).delete(f"clips/{clip.pk}/like").status == 204
    assert not Like.objects.exists()
    assert Api().put(f"clips/{clip.pk}/like").status == 401


def test_who_liked_is_told_to_the_author(clip, alice, bob):
    LikeFactory(clip=clip, user=bob)
    answer = Api(alice).get(f"clips/{clip.pk}/likes")
    assert [row["user"]["username"] for row in answer.json["results"]] == ["bob"]
    refused = Api(bob).get(f"clips/{clip.pk}/likes")
    assert (refused.status, refused.code) == (403, "not_the_author")


def test_a_conversation(clip, alice, bob):
    first = Api(bob).post(f"clips/{clip.pk}/comments", {"text": " What a light! "})
    assert (first.status, first.json["text"], first.json["counts"]) == (
        201,
        "What a light!",
        {"likes": 0, "replies": 0},
    )
    assert first.headers["Location"].endswith(f"/api/v1/comments/{first.json['id']}")
    root = first.json["id"]
    again = Api(bob).post(f"clips/{clip.pk}/comments", {"text": "What a light!"})
    assert (again.status, again.json["id"]) == (200, root)
    reply = Api(alice).post(f"clips/{clip.pk}/comments", {"text": "@bob Adraga", "parent": root})
    deeper = Api(bob).post(f"clips/{clip.pk}/comments", {"text": "thanks", "parent": reply.json["id"]})
    assert reply.json["parent"] == deeper.json["parent"] == root
    assert Api(alice).put(f"comments/{root}/like").json == {"liked": True, "likes": 1}
    assert Api(alice).put(f"comments/{root}/pin").json["pinned"] is True

    listed = Api(bob).get(f"clips/{clip.pk}/comments").json
    assert (listed["count"], listed["next"]) == (3, None)
    (shown,) = listed["results"]
    assert shown["counts"] == {"likes": 1, "replies": 2}
    assert (shown["pinned"], shown["liked_by_author"], shown["by_author"]) == (True, True, False)
    assert shown["own"] == {
        "is_writer": True, "liked": False, "may_edit": True, "may_delete": True, "may_pin": False,
    }  # fmt: skip
    replies = Api().get(f"comments/{root}/replies").json
    assert [row["text"] for row in replies["results"]] == ["@bob Adraga", "thanks"]

    changed = Api(bob).patch(f"comments/{root}", {"text": "What a light"})
    assert (changed.status, changed.json["text"]) == (200, "What a light")
    assert changed.json["edited_at"].endswith("Z")
    assert Api(alice).delete(f"comments/{root}/pin").status == 204
    assert Api(alice).delete(f"comments/{root}/like").status == 204
    assert Api(bob).delete(f"comments/{root}").status == 204
    assert Api(bob).get(f"comments/{root}").status == 404
    assert Api(bob).get(f"clips/{clip.pk}").json["counts"]["comments"] == 0
    assert Api(bob).post(f"comments/{root}/restore").json["id"] == root
    assert Api(bob).get(f"clips/{clip.pk}").json["counts"]["comments"] == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 422, "comment_empty"),
        ({"text": "x" * 501}, 422, "comment_too_long"),
        ({"text": "x" * 20_001}, 400, "validation_error"),
        ({}, 400, "validation_error"),
        ({"text": "hi", "parent": 2**63}, 400, "validation_error"),
        ({"text": "hi", "parent": 999}, 404, "not_found"),
    ],
)
def test_bad_comments_are_refused_with_a_code(clip, bob, body, status, code):
    answer = Api(bob).post(f"clips/{clip.pk}/comments", body)
    assert (answer.status, answer.code) == (status, code)
    assert not Comment.objects.exists()


def test_the_authors_choice_holds(clip, alice, bob):
    assert Api(alice).patch(f"clips/{clip.pk}", {"allow_comments": "following"}).json["allow_comments"] == "following"
    answer = Api(bob).post(f"clips/{clip.pk}/comments", {"text": "hi"})
    assert (answer.status, answer.code) == (409, "comments_limited")
    Api(alice).patch(f"clips/{clip.pk}", {"allow_comments": "nobody"})
    answer = Api(bob).post(f"clips/{clip.pk}/comments", {"text": "hi"})
    assert (answer.status, answer.code) == (409, "comments_closed")


def test_refusals_about_others_comments(clip, alice, bob):
    comment = CommentFactory(clip=clip)
    reply = CommentFactory(parent=comment)
    for answer in (Api(bob).delete(f"comments/{comment.pk}"), Api(bob).patch(f"comments/{comment.pk}", {"text": "x"}),
                   Api(bob).put(f"comments/{comment.pk}/pin")):  # fmt: skip
        assert (answer.status, answer.code) == (403, "not_yours")
    answer = Api(alice).put(f"comments/{reply.pk}/pin")
    assert (answer.status, answer.code) == (409, "reply_not_pinned")
    comments.delete_comment(user=alice, comment_id=comment.pk)
    answer = Api(comment.author).post(f"comments/{comment.pk}/restore")
    assert (answer.status, answer.code) == (409, "not_restorable")


def test_one_key_is_one_comment(clip, bob):
    sent = [Api(bob).post(f"clips/{clip.pk}/comments", {"text": "once"}, Idempotency_Key="k1") for _ in (1, 2)]
    assert [answer.status for answer in sent] == [201, 201]
    assert sent[1].headers["Idempotency-Replayed"] == "true"
    assert Comment.objects.count() == 1


def test_pages_carry_their_order(clip, bob):
    ids = [CommentFactory(clip=clip).pk for _ in range(5)]
    seen, path = [], f"clips/{clip.pk}/comments?sort=newest&limit=2"
    while path:
        page = Api(bob).get(path).json
        seen += [row["id"] for row in page["results"]]
        path = page["next"].split("/api/v1/")[1] if page["next"] else None
    assert seen == ids[::-1]
    for query in ("cursor=x", "sort=worst", "limit=0"):
        assert Api(bob).get(f"clips/{clip.pk}/comments?{query}").status == 400


def test_what_is_hidden_has_no_likes_and_no_words(clip, alice, bob):
    comment = CommentFactory(clip=clip, text="not for bob")
    BlockFactory(blocker=bob, blocked=comment.author)
    assert Api(bob).get(f"clips/{clip.pk}/comments").json["results"] == []
    assert Api(bob).put(f"comments/{comment.pk}/like").status == 404
    BlockFactory(blocker=alice, blocked=bob)
    for path in ("like", "comments"):
        send = Api(bob).put if path == "like" else Api(bob).post
        assert send(f"clips/{clip.pk}/{path}", {"text": "hi"}).status == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_long(clip, bob, count, django_assert_num_queries):
    for _ in range(count):
        CommentFactory(parent=CommentFactory(clip=clip))
    api = Api(bob)
    api.get(f"clips/{clip.pk}")
    with django_assert_num_queries(6):  # token, clip, comments, the pinned one, likes, replies
        api.get(f"clips/{clip.pk}/comments")
