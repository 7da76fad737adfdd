"""Reposting, undoing and who sees it, over the API."""

from __future__ import annotations

import pytest

from reposts.models import Repost
from tests.factories import BlockFactory, ClipFactory, FollowFactory, RepostFactory, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip():
    return ClipFactory(author=UserFactory(username="alice"))


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def test_one_tap_then_a_comment_then_another_audience(clip, bob):
    api = Api(bob)
    first = api.put(f"clips/{clip.pk}/repost")
    assert first.status == 201
    repost = Repost.objects.get()
    assert first.json.pop("at").endswith("Z")
    assert first.json == {
        "id": repost.pk,
        "comment": "",
        "audience": "followers",
        "comment_detached": False,
        "clip": clip.pk,
        "via": None,
    }
    second = api.put(f"clips/{clip.pk}/repost", {"comment": "  look 👀\u202e"})
    assert (second.status, second.json["comment"]) == (200, "look 👀")
    third = api.put(f"clips/{clip.pk}/repost", {"audience": "mutuals"})
    assert (third.json["comment"], third.json["audience"]) == ("look 👀", "mutuals")
    assert Repost.objects.count() == 1
    assert api.get(f"clips/{clip.pk}").json["own"]["reposted"] == {
        "id": repost.pk,
        "comment": "look 👀",
        "audience": "mutuals",
        "comment_detached": False,
    }
    assert api.get(f"clips/{clip.pk}").json["counts"]["reposts"] == 1


def test_undo_is_safe_to_repeat_and_repost_comes_back_as_a_new_one(clip, bob):
    api = Api(bob)
    first = api.put(f"clips/{clip.pk}/repost").json["id"]
    for _ in range(2):
        assert api.delete(f"clips/{clip.pk}/repost").status == 204
    assert api.get(f"clips/{clip.pk}").json["own"]["reposted"] is None
    again = api.put(f"clips/{clip.pk}/repost")
    assert (again.status, again.json["id"] != first) == (201, True)


def test_undo_works_on_what_can_no_longer_be_seen(clip, bob):
    api = Api(bob)
    api.put(f"clips/{clip.pk}/repost")
    BlockFactory(blocker=clip.author, blocked=bob)
    assert api.delete(f"clips/{clip.pk}/repost").status == 204
    assert Repost.objects.get().undone_at is not None
    assert api.delete("clips/999999/repost").status == 204


def test_via_is_kept_when_it_can_be_true(clip, bob):
    chloe = UserFactory()
    FollowFactory(follower=bob, followee=chloe)
    seen = RepostFactory(user=chloe, clip=clip)
    answer = Api(bob).put(f"clips/{clip.pk}/repost", {"via": seen.pk})
    assert answer.json["via"] == seen.pk
    assert Repost.objects.get(user=bob).depth == 1


@pytest.mark.parametrize("via", ["hidden", "unknown", "other clip"])
def test_a_via_that_cannot_be_is_dropped(clip, bob, via):
    hidden, other = RepostFactory(clip=clip), RepostFactory()
    FollowFactory(follower=bob, followee=other.user)
    pk = {"hidden": hidden.pk, "unknown": 2**63 - 1, "other clip": other.pk}[via]
    answer = Api(bob).put(f"clips/{clip.pk}/repost", {"via": pk})
    assert (answer.status, answer.json["via"]) == (201, None)


@pytest.mark.parametrize(
    ("policy", "comment", "status", "code"),
    [
        ("no", "please", 409, "reposts_off"),
        ("with_comment", "", 409, "comment_required"),
        ("with_comment", "\u200b \u202e", 409, "comment_required"),
        ("yes", "x" * 281, 422, "comment_too_long"),
        ("yes", "x" * 10_000, 422, "comment_too_long"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(clip, bob, policy, comment, status, code):
    clip.allow_reposts = policy
    clip.save()
    answer = Api(bob).put(f"clips/{clip.pk}/repost", {"comment": comment})
    assert (answer.status, answer.code) == (status, code)
    assert answer.json["type"] == f"urn:reprise:problem:{code}"
    assert not Repost.objects.exists()


def test_280_characters_of_any_script_fit(clip, bob):
    comment = "寿" * 280
    assert Api(bob).put(f"clips/{clip.pk}/repost", {"comment": comment + "\u200b" * 50}).json["comment"] == comment


def test_nobody_reposts_their_own_clip(clip):
    answer = Api(clip.author).put(f"clips/{clip.pk}/repost")
    assert (answer.status, answer.code) == (409, "own_clip")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"via": 0}, {"via": "min_value"}),
        ({"via": 2**63}, {"via": "max_value"}),
        ({"via": "x"}, {"via": "invalid"}),
        ({"audience": "everyone"}, {"audience": "invalid_choice"}),
        ({"audience": "\ud7ff" * 9000}, {"audience": "invalid_choice"}),
        ({"comment": "a\u0000b"}, {"comment": "null_characters_not_allowed"}),
        ({"comment": ["a"]}, {"comment": "invalid"}),
        ({"comment": "x" * 20_001}, {"comment": "max_length"}),
        ({"confirm": "so so"}, {"confirm": "invalid"}),
    ],
)
def test_bad_bodies_are_refused_by_field(clip, bob, body, faults):
    answer = Api(bob).put(f"clips/{clip.pk}/repost", body)
    assert answer.status == 400
    assert answer.faults() == faults
    assert not Repost.objects.exists()


@pytest.mark.parametrize(
    ("viewer", "status"),
    [("anonymous", 401), ("stranger", 404), ("pending", 404), ("follower", 201), ("blocked", 404), ("staff", 404)],
)
def test_only_what_one_may_see_can_be_reposted(clip, viewer, status):
    clip.visibility = "followers"
    clip.save()
    person = UserFactory(is_staff=viewer == "staff")
    if viewer in ("follower", "blocked"):
        FollowFactory(follower=person, followee=clip.author)
    if viewer == "pending":
        FollowFactory(follower=person, followee=clip.author, accepted_at=None)
    if viewer == "blocked":
        BlockFactory(blocker=clip.author, blocked=person)
    answer = Api(None if viewer == "anonymous" else person).put(f"clips/{clip.pk}/repost")
    assert answer.status == status
    assert Repost.objects.exists() is (status == 201)


# --- Who reposted --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "viewer", "seen"),
    [
        ("followers", "anonymous", False),
        ("followers", "stranger", False),
        ("followers", "pending", False),
        ("followers", "follower", True),
        ("followers", "blocked", False),
        ("followers", "blocker", False),
        ("followers", "author", True),
        ("followers", "self", True),
        ("followers", "staff", False),
        ("mutuals", "follower", False),
        ("mutuals", "mutual", True),
        ("mutuals", "author", False),
        ("mutuals", "self", True),
    ],
)
def test_who_sees_a_repost(clip, bob, audience, viewer, seen):
    repost = RepostFactory(user=bob, clip=clip, audience=audience, comment="mine")
    person = {"author": clip.author, "self": bob}.get(viewer) or UserFactory(is_staff=viewer == "staff")
    if viewer in ("follower", "mutual", "blocked", "blocker"):
        FollowFactory(follower=person, followee=bob)
    if viewer == "mutual":
        FollowFactory(follower=bob, followee=person)
    if viewer == "pending":
        FollowFactory(follower=person, followee=bob, accepted_at=None)
    if viewer == "blocked":
        BlockFactory(blocker=bob, blocked=person)
    if viewer == "blocker":
        BlockFactory(blocker=person, blocked=bob)
    api = Api(None if viewer == "anonymous" else person)
    expected = [(repost.pk, "bob", "mine")] if seen else []
    lines = api.get(f"clips/{clip.pk}/reposts").json["results"]
    assert [(line["id"], line["user"]["username"], line["comment"]) for line in lines] == expected
    tab = api.get("users/bob/reposts").json
    assert [(line["id"], line["clip"]["id"]) for line in tab.get("results", [])] == (
        [(repost.pk, clip.pk)] if seen else []
    )


@pytest.mark.parametrize(
    ("tab", "viewer", "seen"),
    [
        ("nobody", "follower", False),
        ("nobody", "self", True),
        ("mutuals", "follower", False),
        ("mutuals", "mutual", True),
    ],
)
def test_the_tab_has_a_privacy_of_its_own(clip, bob, tab, viewer, seen):
    bob.reposts_tab = tab
    bob.save()
    RepostFactory(user=bob, clip=clip)
    person = bob if viewer == "self" else UserFactory()
    if viewer != "self":
        FollowFactory(follower=person, followee=bob)
    if viewer == "mutual":
        FollowFactory(follower=bob, followee=person)
    assert bool(Api(person).get("users/bob/reposts").json["results"]) is seen


def test_a_detached_comment_is_not_sent(clip, bob):
    RepostFactory(user=bob, clip=clip, comment="hostile", comment_detached_at=clip.created_at)
    reader = UserFactory()
    FollowFactory(follower=reader, followee=bob)
    assert Api(reader).get(f"clips/{clip.pk}/reposts").json["results"][0]["comment"] == ""
    own = Api(bob).get(f"clips/{clip.pk}").json["own"]["reposted"]
    assert (own["comment"], own["comment_detached"]) == ("hostile", True)


def test_reposts_of_a_clip_in_pages(clip):
    reader = UserFactory()
    made = [RepostFactory(clip=clip).pk for _ in range(5)]
    for user in (repost.user for repost in Repost.objects.all()):
        FollowFactory(follower=reader, followee=user)
    assert [line["id"] for line in Api(reader).pages(f"clips/{clip.pk}/reposts", limit=2)] == made[::-1]


@pytest.mark.parametrize("count", [1, 20])
def test_lists_of_reposts_cost_the_same_however_long(clip, bob, count, django_assert_num_queries):
    reader = UserFactory()
    FollowFactory(follower=reader, followee=bob)
    for _ in range(count):
        RepostFactory(user=bob)
        FollowFactory(follower=reader, followee=RepostFactory(clip=clip).user)
    api = Api(reader)
    with django_assert_num_queries(4):  # token, clip, ids, lines
        assert len(api.get(f"clips/{clip.pk}/reposts").json["results"]) == count
    with django_assert_num_queries(7):  # token, person, ids, lines, own reposts, renditions, clips
        assert len(api.get("users/bob/reposts").json["results"]) == count
