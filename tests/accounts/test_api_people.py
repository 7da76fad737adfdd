"""Profiles and edges over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Block, Follow, Mute
from tests.factories import BlockFactory, FollowFactory, MuteFactory, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob():
    return UserFactory(username="bob")


# --- Me ------------------------------------------------------------------------------------------------


def test_me_needs_a_sign_in():
    answer = Api().get("me")
    assert (answer.status, answer.code) == (401, "not_authenticated")


def test_me_shows_what_only_oneself_sees(alice):
    FollowFactory(followee=alice)
    mine = Api(alice).get("me").json
    assert mine["birth_date"] == "1990-05-17"
    assert mine["counts"] == {"followers": 1, "following": 0}
    assert mine["reposts_tab"] == "followers"
    assert "birth_date" not in Api(UserFactory()).get("users/alice").json


def test_settings_are_changed_one_by_one(alice):
    changes = {"display_name": "Alice 🎈", "bio": "שלום", "is_private": True, "reposts_tab": "nobody"}
    answer = Api(alice).patch("me", changes)
    assert answer.status == 200
    assert {name: answer.json[name] for name in changes} == changes
    assert Api(alice).patch("me", {"bio": ""}).json["display_name"] == "Alice 🎈"
    assert Api(alice).patch("me", {}).status == 200


def test_texts_about_oneself_are_cleaned_before_they_are_counted(alice):
    answer = Api(alice).patch("me", {"display_name": "\u202e" + "x" * 50 + "\u200b" * 9, "bio": " a\n\n\n\nb "})
    assert (answer.json["display_name"], answer.json["bio"]) == ("x" * 50, "a\n\nb")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"display_name": "x" * 51}, {"display_name": "max_length"}),
        ({"bio": "x" * 10_000}, {"bio": "max_length"}),
        ({"bio": "x" * 301}, {"bio": "max_length"}),
        ({"bio": "a\u0000"}, {"bio": "null_characters_not_allowed"}),
        ({"is_private": "perhaps"}, {"is_private": "invalid"}),
        ({"is_private": None}, {"is_private": "null"}),
        ({"reposts_tab": "everyone"}, {"reposts_tab": "invalid_choice"}),
        ({"bio": {"a": 1}}, {"bio": "invalid"}),
    ],
)
def test_bad_settings_change_nothing(alice, changes, faults):
    answer = Api(alice).patch("me", changes | {"raise_watched": True})
    assert answer.status == 400
    assert answer.faults() == faults
    alice.refresh_from_db()
    assert (alice.bio, alice.raise_watched) == ("", False)


def test_opening_an_account_accepts_who_waited(alice, bob):
    alice.is_private = True
    alice.save()
    Api(bob).put("users/alice/follow")
    assert Api(alice).patch("me", {"is_private": False}).status == 200
    assert Api(bob).get("users/alice").json["relation"]["follows"] is True


# --- Profiles ------------------------------------------------------------------------------------------


def test_a_profile_for_everybody(alice):
    answer = Api().get("users/alice")
    assert answer.status == 200
    assert answer.json["relation"] is None
    assert Api().get("users/ALICE").json["id"] == alice.pk


@pytest.mark.parametrize("path", ["users/alice", "users/alice/clips", "users/alice/reposts"])
@pytest.mark.parametrize(
    ("viewer", "status"),
    [
        ("anonymous", 200),
        ("stranger", 200),
        ("follower", 200),
        ("pending", 200),
        ("blocked", 404),
        ("blocker", 404),
        ("self", 200),
        ("staff", 200),
        ("blocked staff", 404),
    ],
)
def test_who_may_open_a_profile(alice, path, viewer, status):
    person = alice if viewer == "self" else UserFactory(is_staff="staff" in viewer)
    if viewer == "follower":
        FollowFactory(follower=person, followee=alice)
    if viewer == "pending":
        FollowFactory(follower=person, followee=alice, accepted_at=None)
    if viewer.startswith("blocked"):
        BlockFactory(blocker=alice, blocked=person)
    if viewer == "blocker":
        BlockFactory(blocker=person, blocked=alice)
    assert Api(None if viewer == "anonymous" else person).get(path).status == status


def test_hidden_and_unknown_people_are_not_told_apart(alice, bob):
    BlockFactory(blocker=alice, blocked=bob)
    hidden, unknown = Api(bob).get("users/alice"), Api(bob).get("users/nobody")
    assert hidden.json == unknown.json
    assert hidden.code == "not_found"


def test_the_relation_says_it_all(alice, bob):
    FollowFactory(follower=alice, followee=bob, show_reposts=False)
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    until = timezone.now() + timedelta(hours=1)
    MuteFactory(muter=alice, muted=bob, scope="reposts", until=until)
    seen = Api(alice).get("users/bob").json["relation"]
    assert seen.pop("mute")["scope"] == "reposts"
    assert seen == {
        "is_self": False,
        "follows": True,
        "requested": False,
        "followed_by": False,
        "show_reposts": False,
        "blocks": False,
    }


# --- Follow --------------------------------------------------------------------------------------------


def test_follow_and_unfollow_are_safe_to_repeat(alice, bob):
    api = Api(bob)
    for _ in range(2):
        answer = api.put("users/alice/follow")
        assert answer.status == 200
        assert (answer.json["follows"], answer.json["show_reposts"]) == (True, True)
    assert Follow.objects.count() == 1
    assert api.put("users/alice/follow", {"show_reposts": False}).json["show_reposts"] is False
    assert api.put("users/alice/follow", {}).json["show_reposts"] is False
    for _ in range(2):
        assert api.delete("users/alice/follow").status == 204
    assert not Follow.objects.exists()


def test_a_private_account_is_asked_first(alice, bob):
    alice.is_private = True
    alice.save()
    answer = Api(bob).put("users/alice/follow")
    assert (answer.json["follows"], answer.json["requested"]) == (False, True)

    waiting = Api(alice).get("me/follow-requests").json
    assert [line["user"]["username"] for line in waiting["results"]] == ["bob"]
    for _ in range(2):
        assert Api(alice).put("me/follow-requests/bob").json["followed_by"] is True
    assert Api(alice).get("me/follow-requests").json == {"next": None, "results": []}
    assert Api(bob).get("users/alice").json["relation"]["follows"] is True


def test_refusing_drops_the_request_and_no_follower(alice, bob):
    request = FollowFactory(follower=bob, followee=alice, accepted_at=None)
    for _ in range(2):
        assert Api(alice).delete("me/follow-requests/bob").status == 204
    assert not Follow.objects.filter(pk=request.pk).exists()
    FollowFactory(follower=bob, followee=alice)
    assert Api(alice).delete("me/follow-requests/bob").status == 204
    assert Follow.objects.count() == 1


def test_there_must_be_a_request_to_accept(alice, bob):
    answer = Api(alice).put("me/follow-requests/bob")
    assert (answer.status, answer.code) == (404, "not_a_request")
    assert Api(alice).put("me/follow-requests/nobody").code == "not_found"
    assert not Follow.objects.exists()


@pytest.mark.parametrize("edge", ["follow", "block", "mute"])
def test_nobody_has_an_edge_to_themselves(alice, edge):
    answer = Api(alice).put(f"users/alice/{edge}")
    assert (answer.status, answer.code) == (409, "self_edge")


@pytest.mark.parametrize("edge", ["follow", "block", "mute"])
def test_edges_need_a_sign_in_and_a_visible_person(alice, bob, edge):
    assert Api().put(f"users/alice/{edge}").status == 401
    assert Api().delete(f"users/alice/{edge}").status == 401
    assert Api(bob).put(f"users/nobody/{edge}").status == 404
    BlockFactory(blocker=alice, blocked=bob)
    assert Api(bob).put(f"users/alice/{edge}").status == 404
    # Taking back what is not there says nothing about who exists.
    assert Api(bob).delete(f"users/alice/{edge}").status == 204
    assert Api(bob).delete(f"users/nobody/{edge}").status == 204
    assert Block.objects.count() == 1
    assert not Follow.objects.exists()
    assert not Mute.objects.exists()


# --- Block and mute ------------------------------------------------------------------------------------


def test_block_hides_both_ends_follows_and_is_undone(alice, bob):
    FollowFactory(follower=bob, followee=alice)
    api = Api(alice)
    for _ in range(2):
        assert api.put("users/bob/block").json["blocks"] is True
    assert (Block.objects.count(), Follow.objects.count()) == (1, 0)
    assert api.get("users/bob").status == 404
    assert Api(bob).get("users/alice").status == 404
    for _ in range(2):
        assert api.delete("users/bob/block").status == 204
    assert api.get("users/bob").json["relation"]["blocks"] is False


def test_mute_replaces_scope_and_time(alice, bob):
    api = Api(alice)
    assert api.put("users/bob/mute").json["mute"] == {"scope": "all", "until": None}
    answer = api.put("users/bob/mute", {"scope": "reposts", "until": "2099-01-02T03:04:05+02:00"})
    assert answer.json["mute"] == {"scope": "reposts", "until": "2099-01-02T01:04:05Z"}
    assert Mute.objects.count() == 1
    for _ in range(2):
        assert api.delete("users/bob/mute").status == 204
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"scope": "some"}, {"scope": "invalid_choice"}),
        ({"until": "2001-01-01T00:00:00Z"}, {"until": "in_the_past"}),
        ({"until": "9999-12-31T23:59:59-14:00"}, {"until": "overflow"}),
        ({"until": "soon"}, {"until": "invalid"}),
        ({"until": 10**30}, {"until": "invalid"}),
    ],
)
def test_bad_mutes_are_refused(alice, bob, body, faults):
    assert Api(alice).put("users/bob/mute", body).faults() == faults
    assert not Mute.objects.exists()


# --- Lists ---------------------------------------------------------------------------------------------


def test_requests_come_in_pages_without_doubles_or_gaps(alice):
    people = [FollowFactory(followee=alice, accepted_at=None).follower.username for _ in range(7)]
    api = Api(alice)
    first = api.get("me/follow-requests", limit=3)
    assert len(first.json["results"]) == 3
    assert first.json["next"].startswith("http://testserver/api/v1/me/follow-requests?")
    FollowFactory(followee=alice, accepted_at=None)  # arrives while paging
    second = api.get(first.json["next"])
    third = api.get(second.json["next"])
    assert third.json["next"] is None
    seen = [line["user"]["username"] for page in (first, second, third) for line in page.json["results"]]
    assert seen == people[::-1]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_requests_costs_the_same_however_long(alice, count, django_assert_num_queries):
    for _ in range(count):
        FollowFactory(followee=alice, accepted_at=None)
    api = Api(alice)
    api.get("me/follow-requests")
    with django_assert_num_queries(3):  # token and person, page of ids, lines
        assert len(api.get("me/follow-requests").json["results"]) == count
