"""Likes and comments in the browser: with scripts and without, who sees which control, what is refused, its cost."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from clips.models import Comment, CommentLike, Like
from clips.talk import comments, likes
from tests.factories import BlockFactory, ClipFactory, CommentFactory, LikeFactory, MuteFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def clip(alice):
    return ClipFactory(author=alice)


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def web(client: Client, bob):
    client.force_login(bob)
    return client


@pytest.fixture
def host(alice):
    """Alice's browser."""
    browser = Client()
    browser.force_login(alice)
    return browser


def at(name: str, pk: int) -> str:
    return reverse(f"clips:{name}", args=[pk])


def shown(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<li class="comment" id="comment-(\d+)"', html)]


# --- Likes ----------------------------------------------------------------------------------------------


def test_a_like_without_scripts_goes_back_to_where_one_was(web, bob, clip):
    response = web.post(at("like", clip.pk), {"next": "/for-you/"})
    assert (response.status_code, response["Location"]) == (302, "/for-you/")
    assert Like.objects.get().user == bob
    web.post(at("unlike", clip.pk))
    assert not Like.objects.exists()


def test_htmx_gets_the_button_in_its_new_state(web, clip):
    html = web.post(at("like", clip.pk), **HTMX).content.decode()
    assert 'aria-pressed="true"' in html
    assert at("unlike", clip.pk) in html
    html = web.post(at("unlike", clip.pk), **HTMX).content.decode()
    assert 'aria-pressed="false"' in html
    assert at("like", clip.pk) in html


def test_a_card_shows_likes_comments_and_ones_own_like(web, bob, clip):
    likes.like_clip(user=bob, clip_id=clip.pk)
    LikeFactory(clip=clip)
    CommentFactory(clip=clip)
    html = web.get(reverse("feeds:for_you")).content.decode() + web.get(clip.get_absolute_url()).content.decode()
    assert len(re.findall(rf'id="do-like-{clip.pk}"[^>]*aria-pressed="true"', html)) >= 1
    assert "Like, 2 likes" in html
    assert "1 comment" in html


def test_a_hidden_clip_is_not_liked(web, bob, alice, clip):
    BlockFactory(blocker=alice, blocked=bob)
    assert web.post(at("like", clip.pk)).status_code == 404
    assert web.post(at("unlike", clip.pk)).status_code == 302


def test_who_liked_is_for_the_author_alone(web, host, bob, alice, clip):
    liker, blocked = UserFactory(display_name="Liker"), UserFactory(display_name="Blocked")
    for user in (liker, blocked):
        likes.like_clip(user=user, clip_id=clip.pk)
    BlockFactory(blocker=blocked, blocked=alice)
    html = host.get(at("likes", clip.pk)).content.decode()
    assert "Liker" in html
    assert "Blocked" not in html
    assert web.get(at("likes", clip.pk)).status_code == 404


def test_nobody_signed_in_is_led_to_the_door(client, clip):
    for name in ("like", "unlike", "comments"):
        response = client.post(at(name, clip.pk))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    response = client.post(at("like", clip.pk), **HTMX)
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith(reverse("account_login"))


# --- Reading --------------------------------------------------------------------------------------------


def test_top_newest_and_the_pinned_one(web, alice, clip):
    rows = [CommentFactory(clip=clip) for _ in range(4)]
    likes.like_comment(user=alice, comment_id=rows[1].pk)
    comments.pin_comment(user=alice, comment_id=rows[0].pk)
    ids = [row.pk for row in rows]
    top = web.get(at("comments", clip.pk)).content.decode()
    assert shown(top) == [ids[0], ids[1], ids[3], ids[2]]
    newest = web.get(at("comments", clip.pk), {"sort": "newest"}, **HTMX).content.decode()
    assert shown(newest) == [ids[0], ids[3], ids[2], ids[1]]
    assert "<html" not in newest


@pytest.mark.parametrize("sort", ["top", "newest"])
def test_pages_follow_each_other_without_doubles_or_gaps(web, clip, sort):
    ids = {CommentFactory(clip=clip).pk for _ in range(45)}
    seen, url = [], f"{at('comments', clip.pk)}?sort={sort}"
    while url:
        html = web.get(url, **HTMX).content.decode()
        seen += shown(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 45
    assert set(seen) == ids


def test_replies_come_when_they_are_asked_for(web, clip):
    root = CommentFactory(clip=clip)
    replies = [CommentFactory(parent=root).pk for _ in range(12)]
    page = web.get(at("comments", clip.pk)).content.decode()
    assert shown(page) == [root.pk]
    assert "Show 12 replies" in page
    first = web.get(at("replies", root.pk), **HTMX).content.decode()
    assert shown(first) == replies[:10]
    cursor = re.search(r'cursor=([^"]+)"', first)[1]
    assert shown(web.get(at("replies", root.pk), {"cursor": cursor}, **HTMX).content.decode()) == replies[10:]
    thread = web.get(at("replies", root.pk), follow=True).content.decode()
    assert shown(thread) == [root.pk, *replies]


def test_a_comment_has_an_address_that_leads_to_it(web, clip):
    root = CommentFactory(clip=clip)
    reply = [CommentFactory(parent=root) for _ in range(55)][-1]
    response = web.get(at("comment", reply.pk), follow=True)
    assert reply.pk in shown(response.content.decode())
    gone = web.get(f"{at('comments', clip.pk)}?thread={root.pk + 999}")
    assert gone.status_code == 200
    assert "gone, or not for you" in gone.content.decode()


def test_what_is_hidden_from_one_is_not_there_but_the_count_says_so(web, host, bob, clip):
    shown_to_all, blocking, muted, left = (CommentFactory(clip=clip, text=f"words {n}") for n in range(4))
    reply = CommentFactory(parent=blocking, text="words under it")
    BlockFactory(blocker=blocking.author, blocked=bob)
    MuteFactory(muter=bob, muted=muted.author)
    left.author.is_active = False
    left.author.save()
    html = web.get(at("comments", clip.pk)).content.decode()
    assert shown(html) == [shown_to_all.pk]
    assert "words under it" not in html
    assert "4 more comments are not shown to you" in html
    assert web.get(at("replies", blocking.pk), **HTMX).status_code == 404
    for row in (blocking, muted, left, reply):
        assert web.get(at("comment", row.pk)).status_code == 404
        assert web.post(at("like_comment", row.pk)).status_code == 404
    assert set(shown(host.get(at("comments", clip.pk)).content.decode())) == {shown_to_all.pk, blocking.pk, muted.pk}


def test_whoever_is_blocked_by_the_author_speaks_to_nobody_on_their_clip(web, alice, clip):
    comment = CommentFactory(clip=clip)
    BlockFactory(blocker=alice, blocked=comment.author)
    assert shown(web.get(at("comments", clip.pk)).content.decode()) == []


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=%00", "sort=worst", "cursor=dP__________8AAAAAAAAAAQ", "sort=%00"]
)
def test_a_damaged_address_says_so(web, clip, query):
    CommentFactory(clip=clip)
    assert web.get(f"{at('comments', clip.pk)}?{query}").status_code == 400


# --- Writing --------------------------------------------------------------------------------------------


def test_without_scripts_a_comment_is_posted_and_shown(web, bob, clip):
    response = web.post(at("comments", clip.pk), {"text": "<b>So</b> calm #mar @alice"}, follow=True)
    html = response.content.decode()
    comment = Comment.objects.get()
    assert (comment.author, comment.text) == (bob, "<b>So</b> calm #mar @alice")
    assert "Your comment is posted." in html
    assert "&lt;b&gt;So&lt;/b&gt; calm" in html
    assert f'href="{reverse("clips:hashtag", args=["mar"])}"' in html
    assert 'href="/@alice/"' in html


def test_htmx_gets_the_comment_an_empty_form_and_the_counts(web, clip):
    root = CommentFactory(clip=clip)
    response = web.post(at("comments", clip.pk), {"text": "here"}, **HTMX)
    html = response.content.decode()
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#talk-list", "afterbegin")
    assert shown(html) == [Comment.objects.get(text="here").pk]
    assert 'id="talk-form"' in html
    assert "2 comments" in html
    reply = web.post(at("comments", clip.pk), {"text": "there", "parent": root.pk}, **HTMX)
    assert (reply["HX-Retarget"], reply["HX-Reswap"]) == (f"#replies-{root.pk}", "beforeend")


@pytest.mark.parametrize("text", ["", " \u200b", "x" * 501, "\x00"])
def test_what_is_refused_is_still_in_the_form(web, clip, text):
    plain = web.post(at("comments", clip.pk), {"text": text})
    assert plain.status_code == 422
    piece = web.post(at("comments", clip.pk), {"text": text}, **HTMX)
    assert (piece.status_code, piece["HX-Retarget"]) == (422, "#talk-form")
    assert 'role="alert"' in piece.content.decode()
    assert not Comment.objects.exists()


def test_closed_comments_have_no_form_and_take_none(web, clip):
    clip.allow_comments = "nobody"
    clip.save()
    html = web.get(at("comments", clip.pk)).content.decode()
    assert "<textarea" not in html
    assert "Comments on this clip are closed." in html
    assert web.post(at("comments", clip.pk), {"text": "still"}).status_code == 422


def test_to_answer_what_is_gone_says_so(web, clip):
    assert web.post(at("comments", clip.pk), {"text": "hello", "parent": 999}, **HTMX).status_code == 422
    assert web.post(at("comments", clip.pk), {"text": "hello", "parent": 999}).status_code == 409


def test_an_edit_comes_in_place_and_without_scripts(web, bob, clip):
    comment, _ = comments.post_comment(user=bob, clip_id=clip.pk, text="teh sea")
    form = web.get(at("edit_comment", comment.pk), **HTMX).content.decode()
    assert "teh sea</textarea>" in form
    assert "<html" not in form
    empty = web.post(at("edit_comment", comment.pk), {"text": " "}, **HTMX)
    assert (empty.status_code, empty.headers.get("HX-Retarget")) == (422, None)
    changed = web.post(at("edit_comment", comment.pk), {"text": "the sea"}, **HTMX)
    assert changed["HX-Retarget"] == f"#comment-{comment.pk}"
    assert "edited" in changed.content.decode()
    assert web.post(at("edit_comment", comment.pk), {"text": "a lake"}).status_code == 302
    comment.refresh_from_db()
    assert comment.text == "a lake"


def test_others_have_no_hand_in_a_comment(web, host, clip):
    comment = CommentFactory(clip=clip)
    html = web.get(at("comments", clip.pk)).content.decode()
    for name in ("edit_comment", "delete_comment", "pin_comment"):
        assert at(name, comment.pk) not in html
    assert web.post(at("edit_comment", comment.pk), {"text": "mine"}).status_code == 404
    assert web.post(at("delete_comment", comment.pk)).status_code == 404
    web.post(at("pin_comment", comment.pk))
    comment.refresh_from_db()
    assert (comment.is_pinned, comment.deleted_at) == (False, None)
    assert at("pin_comment", comment.pk) in host.get(at("comments", clip.pk)).content.decode()


def test_the_author_pins_and_unpins(host, clip):
    comment = CommentFactory(clip=clip)
    html = host.post(at("pin_comment", comment.pk), {"pinned": "1"}, **HTMX).content.decode()
    assert "comment-pinned" in html
    host.post(at("pin_comment", comment.pk), {"pinned": ""})
    comment.refresh_from_db()
    assert not comment.is_pinned


def test_deleting_offers_an_undo_with_and_without_scripts(web, bob, clip):
    comment, _ = comments.post_comment(user=bob, clip_id=clip.pk, text="oops")
    gone = web.post(at("delete_comment", comment.pk), **HTMX).content.decode()
    assert at("restore_comment", comment.pk) in gone
    assert "oops" not in gone
    assert "0 comments" in gone
    back = web.post(at("restore_comment", comment.pk), **HTMX).content.decode()
    assert shown(back) == [comment.pk]
    page = web.post(at("delete_comment", comment.pk), follow=True).content.decode()
    assert at("restore_comment", comment.pk) in page
    web.post(at("restore_comment", comment.pk))
    assert Comment.objects.standing().get() == comment


def test_a_comment_is_liked_and_the_authors_heart_is_shown(web, host, bob, clip):
    comment = CommentFactory(clip=clip)
    assert 'aria-pressed="true"' in web.post(at("like_comment", comment.pk), **HTMX).content.decode()
    host.post(at("like_comment", comment.pk))
    html = web.get(at("comments", clip.pk)).content.decode()
    assert "Liked by the author" in html
    web.post(at("unlike_comment", comment.pk))
    assert list(CommentLike.objects.values_list("user", flat=True)) == [clip.author_id]


def test_too_much_at_once_is_429(web, clip, settings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.throttle.SimpleRateThrottle.THROTTLE_RATES", {"like": "2/min", "comment": "1/min"})
        codes = [web.post(at("like", clip.pk), **HTMX).status_code for _ in range(3)]
        codes += [web.post(at("comments", clip.pk), {"text": f"{n}"}).status_code for n in range(2)]
    assert codes == [200, 200, 429, 302, 429]


# --- Cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["comments", "likes"])
def test_lists_cost_the_same_however_long(host, clip, name, django_assert_max_num_queries):
    def grow(count: int) -> None:
        for _ in range(count):
            CommentFactory(parent=CommentFactory(clip=clip))
            LikeFactory(clip=clip)

    def cost() -> int:
        with django_assert_max_num_queries(10) as captured:  # session, person, clip, its view (2), five for the talk
            assert host.get(at(name, clip.pk)).status_code == 200
        return len(captured)

    grow(1)
    one = cost()
    grow(8)
    assert cost() == one


def test_replies_cost_the_same_however_many(web, clip, django_assert_num_queries):
    root = CommentFactory(clip=clip)
    for _ in range(9):
        CommentFactory(parent=root)
    with django_assert_num_queries(7):  # session, person, comment, replies, their likes, the clip's view (2)
        web.get(at("replies", root.pk), **HTMX)
