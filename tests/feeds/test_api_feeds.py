"""The two feeds and the pill over the API. That the feed is right is `test_feed_law`'s matter; here, its face."""

from __future__ import annotations

import pytest

from accounts.services import update_profile
from feeds.cursor import Cursor
from tests.factories import (
    BlockFactory,
    ClipFactory,
    FollowFactory,
    MuteFactory,
    RepostFactory,
    UserFactory,
    publish,
    publish_repost,
)
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory(username="reader")


@pytest.fixture
def alice(reader):
    """Somebody whom `reader` follows."""
    person = UserFactory(username="alice")
    FollowFactory(follower=reader, followee=person)
    return person


def published(author, **fields):
    clip = ClipFactory(author=author, **fields)
    publish(clip)
    return clip


def reposted(user, clip, **fields):
    repost = RepostFactory(user=user, clip=clip, **fields)
    publish_repost(repost)
    return repost


def test_a_card_with_all_its_reasons(reader, alice):
    bob = UserFactory(username="bob")
    FollowFactory(follower=reader, followee=bob)
    clip = published(alice)
    repost = reposted(bob, clip, comment="look")
    answer = Api(reader).get("feeds/following")
    assert answer.status == 200
    assert answer.json["next"] is None
    (card,) = answer.json["results"]
    assert card["clip"]["id"] == clip.pk
    assert [(r["kind"], r["user"]["username"], r["comment"], r["repost_id"]) for r in card["reasons"]] == [
        ("repost", "bob", "look", repost.pk),
        ("publish", "alice", "", None),
    ]
    assert all(reason["at"].endswith("Z") for reason in card["reasons"])
    assert card["why"] == "Bob reposted"
    assert (card["via"], card["follows_author"], card["products"]) == (repost.pk, True, [])
    assert answer.json["as_of"] >= card["place"]


def test_ones_own_repost_is_on_the_card(reader, alice):
    update_profile(user=reader, hide_reposted=False)
    clip = published(alice)
    api = Api(reader)
    api.put(f"clips/{clip.pk}/repost", {"comment": "mine"})
    own = api.get("feeds/following").json["results"][0]["clip"]["own"]
    assert own["reposted"]["comment"] == "mine"


def test_undo_takes_the_reason_and_then_the_card(reader, alice):
    clip = published(UserFactory())
    Api(alice).put(f"clips/{clip.pk}/repost")
    api = Api(reader)
    assert len(api.get("feeds/following").json["results"]) == 1
    Api(alice).delete(f"clips/{clip.pk}/repost")
    assert api.get("feeds/following").json["results"] == []


def test_pages_neither_double_nor_skip_while_more_arrives(reader, alice):
    clips = [published(alice).pk for _ in range(7)]
    api = Api(reader)
    first = api.get("feeds/following", limit=3)
    late = published(alice)
    rest = api.pages(first.json["next"])
    assert [card["clip"]["id"] for card in [*first.json["results"], *rest]] == clips[::-1]
    assert api.get("feeds/following", limit=1).json["results"][0]["clip"]["id"] == late.pk


def test_the_pill_counts_what_came_since(reader, alice):
    published(alice)
    api = Api(reader)
    as_of = api.get("feeds/following").json["as_of"]
    assert api.get("feeds/following/new", since=as_of).json == {"count": 0, "people": [], "as_of": as_of}
    published(alice)
    new = api.get("feeds/following/new", since=as_of).json
    assert (new["count"], [who["username"] for who in new["people"]]) == (1, ["alice"])
    assert new["as_of"] > as_of


@pytest.mark.parametrize("since", [None, "", "-1", "x", "9223372036854775808", "9" * 5000, "1e3", "٣", "1\x00"])
def test_the_pill_wants_a_whole_number(reader, since):
    answer = Api(reader).get("feeds/following/new", **({} if since is None else {"since": since}))
    assert answer.status == 400
    assert set(answer.faults()) == {"since"}


@pytest.mark.parametrize("path", ["feeds/following", "feeds/following/new"])
def test_a_following_feed_is_somebodys(path):
    assert Api().get(path, since=0).status == 401


@pytest.mark.parametrize("hide", ["block", "blocked", "mute", "unfollow", "delete", "followers-only"])
def test_what_is_hidden_is_not_sent(reader, alice, hide):
    clip = published(UserFactory())
    reposted(alice, clip)
    api = Api(reader)
    assert len(api.get("feeds/following").json["results"]) == 1
    match hide:
        case "block":
            BlockFactory(blocker=reader, blocked=clip.author)
        case "blocked":
            BlockFactory(blocker=clip.author, blocked=reader)
        case "mute":
            MuteFactory(muter=reader, muted=alice, scope="reposts")
        case "unfollow":
            api.delete("users/alice/follow")
        case "delete":
            Api(clip.author).delete(f"clips/{clip.pk}")
        case "followers-only":
            Api(clip.author).patch(f"clips/{clip.pk}", {"visibility": "followers"})
    assert api.get("feeds/following").json["results"] == []


# --- For You -------------------------------------------------------------------------------------------


def test_for_you_is_for_everybody_and_says_why():
    clip = published(UserFactory())
    published(UserFactory(), visibility="followers")
    published(UserFactory(is_private=True))
    answer = Api().get("feeds/for-you")
    assert [(card["clip"]["id"], card["why"]) for card in answer.json["results"]] == [(clip.pk, "New on Reprise")]


def test_for_you_repeats_nothing(reader, alice):
    clips = {published(UserFactory()).pk for _ in range(7)}
    for pk in list(clips)[:3]:
        Api(alice).put(f"clips/{pk}/repost")
    seen = [card["clip"]["id"] for card in Api(reader).pages("feeds/for-you", limit=2)]
    assert len(seen) == len(set(seen))
    assert set(seen) == clips


# --- Bad input -----------------------------------------------------------------------------------------

FEEDS = ["feeds/following", "feeds/for-you"]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("limit", ["0", "51", "-1", "x", "", "9" * 5000, "1.0", "٣", "1\x00"])
def test_bad_limits(reader, path, limit):
    answer = Api(reader).get(path, limit=limit)
    assert answer.status == 400
    assert answer.faults() == {"limit": "out_of_range"}


@pytest.mark.parametrize("path", [*FEEDS, "users/alice/clips", "users/alice/reposts", "me/follow-requests"])
@pytest.mark.parametrize("cursor", ["x", "%00", "é", "a" * 7_000, "null", "eJwDAAAAAAE", "bDEx", "-", "\ud7ff"])
def test_bad_cursors(reader, alice, path, cursor):
    answer = Api(reader).get(path, cursor=cursor)
    assert (answer.status, answer.code) == (400, "bad_cursor")


@pytest.mark.parametrize("path", FEEDS)
def test_a_cursor_with_extreme_numbers_is_only_an_empty_page(reader, alice, path):
    published(alice)
    for cursor in (
        Cursor(0, 0),
        Cursor(2**63 - 1, 2**63 - 1, (2**63 - 1,)),
        Cursor(0, 2**63 - 1),
        Cursor(2**63 - 1, 0),
    ):
        assert Api(reader).get(path, cursor=cursor.encode()).status == 200


# --- Cost ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_feeds_cost_the_same_however_long(reader, count, django_assert_num_queries):
    for _ in range(count):
        person = UserFactory()
        FollowFactory(follower=reader, followee=person)
        reposted(person, published(UserFactory()), comment="look")
    api = Api(reader)
    api.get("feeds/following")  # fills the store
    # token; store's state, newest id, store, pull leg, reasons; renditions, clips, own reposts, followed authors
    with django_assert_num_queries(10):
        assert len(api.get("feeds/following", limit=20).json["results"]) == count
    # token; newest id, newest and trending clips, reposts by followees, mutuals, reasons, seen, fewer; then as above
    with django_assert_num_queries(13):
        assert len(api.get("feeds/for-you", limit=20).json["results"]) == count
    with django_assert_num_queries(3):  # token, activities, reasons
        assert api.get("feeds/following/new", since=0).json["count"] == count
