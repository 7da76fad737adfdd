"""Feed controls, feed settings and the reasons of a card, over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mute
from accounts.services import mute_user
from feeds.models import FeedControl
from reposts.services import repost_clip
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish
from tests.schema.client import Api

pytestmark = pytest.mark.django_db
BASE = "me/feed-controls"


@pytest.fixture
def reader():
    return UserFactory(username="reader")


@pytest.fixture
def ben(reader):
    """Somebody whom `reader` follows."""
    person = UserFactory(username="ben", display_name="Ben")
    FollowFactory(follower=reader, followee=person)
    return person


@pytest.fixture
def clip(ben):
    """A clip by Carla, whom nobody follows, reposted by Ben."""
    clip = ClipFactory(author=UserFactory(username="carla"), caption="Waves at #dusk")
    publish(clip)
    repost_clip(user=ben, clip_id=clip.pk, comment="so calm")
    return clip


def ids(api, feed="following"):
    return [card["clip"]["id"] for card in api.get(f"feeds/{feed}").json["results"]]


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("clips/{clip}", {}, "clip"),
        ("clips-by/carla", {}, "clips_by"),
        ("reposts-of/carla", {}, "reposts_of"),
        ("reposts-by/ben", {}, "reposts_by"),
        ("words", {"text": "DUSK"}, "words"),
        ("words", {"text": "So calm!"}, "words"),
    ],
)
def test_a_choice_holds_at_once_and_until_it_is_taken_back(reader, clip, path, body, kind):
    api, path = Api(reader), f"{BASE}/{path.format(clip=clip.pk)}"
    assert ids(api) == [clip.pk]
    until = (timezone.now() + timedelta(days=7)).isoformat()
    made = api.put(path, body | {"until": until})
    assert (made.status, made.json["kind"]) == (200, kind)
    again = api.put(path, body)
    assert (again.json["id"], again.json["until"]) == (made.json["id"], None)
    assert ids(api) == []
    listed = api.get(BASE).json["results"]
    assert listed == [again.json]
    assert api.get(BASE, kind=kind).json["results"] == listed
    for _ in range(2):
        query = f"?text={body['text'].lower()}" if body else ""
        assert api.delete(path + query).status == 204
    assert ids(api) == [clip.pk]
    api.put(path, body)
    for _ in range(2):
        assert api.delete(f"{BASE}/{api.get(BASE).json['results'][0]['id'] if ids(api) == [] else 'c1'}").status == 204
    assert ids(api) == [clip.pk]


def test_fewer_is_listed_with_its_weights(reader, ben, clip):
    api = Api(reader)
    via = api.get("feeds/following").json["results"][0]["via"]
    made = api.put(f"{BASE}/fewer/{clip.pk}", {"via": via}).json
    assert made["weights"] | {"reposter": made["weights"]["reposter"]["username"]} == {
        "author": 0.2,
        "others": 0.5,
        "hashtags": ["dusk"],
        "reposter": "ben",
    }
    assert made["until"] is not None
    assert ids(api, "for-you") == ids(api) == [clip.pk]
    assert api.delete(f"{BASE}/fewer/{clip.pk}").status == 204
    assert not FeedControl.objects.exists()


def test_pages_of_the_list_follow_each_other(reader):
    api = Api(reader)
    for number in range(5):
        api.put(f"{BASE}/words", {"text": f"word{number}"})
        mute_user(muter=reader, muted=UserFactory())
    rows = api.pages(BASE, limit=3)
    assert len({row["id"] for row in rows}) == len(rows) == 10
    assert [row["since"] for row in rows] == sorted((row["since"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("put", "clips/999999", {}, 404, "not_found"),
        ("put", "clips-by/nobody", {}, 404, "not_found"),
        ("put", "clips-by/reader", {}, 409, "self_edge"),
        ("put", "reposts-by/reader", {}, 409, "self_edge"),
        ("put", "clips/{own}", {}, 409, "own_clip"),
        ("put", "clips/{clip}", {"until": "2001-01-01T00:00:00Z"}, 400, "validation_error"),
        ("put", "words", {"text": "…"}, 422, "no_words"),
        ("put", "words", {"text": "x" * 101}, 422, "words_too_long"),
        ("put", "words", {"text": "x" * 10_000}, 400, "validation_error"),
        ("put", "words", {"text": "a\x00"}, 400, "validation_error"),
        ("put", "words", {}, 400, "validation_error"),
        ("put", "fewer/{clip}", {"via": -1}, 400, "validation_error"),
        ("delete", "words", None, 400, "validation_error"),
        ("get", "?kind=nonsense", None, 400, "validation_error"),
        ("get", "?cursor=nonsense", None, 400, "bad_cursor"),
        ("get", "?cursor=%00", None, 400, "bad_cursor"),
        ("delete", "z1", None, 404, "not_found"),
    ],
)
def test_what_cannot_be_chosen_is_told(reader, clip, method, path, body, status, code):
    own = ClipFactory(author=reader)
    path = path.format(clip=clip.pk, own=own.pk)
    address = BASE + path if path.startswith("?") else f"{BASE}/{path}"
    answer = getattr(Api(reader), method)(address, *([body] if body is not None else []))
    assert (answer.status, answer.json["code"]) == (status, code)
    assert not FeedControl.objects.exists()
    assert not Mute.objects.exists()


@pytest.mark.parametrize("path", [BASE, "me/feed-settings", "clips/1/why?feed=following"])
def test_choices_are_somebodys(path):
    assert Api().get(path).status == 401


def test_settings_are_read_and_changed_one_by_one(reader):
    api = Api(reader)
    first = {"watched": "keep", "hide_reposted": True, "hide_reposts_of_followed": False}
    assert api.get("me/feed-settings").json == first
    assert api.patch("me/feed-settings", {"watched": "hide"}).json == first | {"watched": "hide"}
    assert api.patch("me/feed-settings", {"hide_reposted": False}).json["watched"] == "hide"
    reader.refresh_from_db()
    assert (reader.hide_watched, reader.raise_watched, reader.hide_reposted) == (True, False, False)
    assert api.patch("me/feed-settings", {"watched": "never"}).status == 400


def test_why_in_following_is_exact_and_each_line_can_be_changed(reader, ben, clip):
    api = Api(reader)
    why = api.get(f"clips/{clip.pk}/why", feed="following").json
    (reason,) = why["reasons"]
    assert why["in_feed"]
    assert (reason["kind"], reason["user"]["username"], reason["comment"]) == ("repost", "ben", "so calm")
    assert (reason["audience"], reason["via"], reason["brought"]) == ("followers", None, True)
    assert why["placed_at"] == reason["at"]
    assert "You follow Ben since" in reason["text"]
    by = {action["code"]: action for action in [*reason["actions"], *why["actions"]]}
    assert sorted(by) == ["fewer", "hide_clip", "hide_clips_by", "hide_reposts_by", "hide_reposts_of", "unfollow"]
    path = by["hide_reposts_of"]["url"].partition("/api/v1/")[2]
    assert api.put(path, {}).status == 200
    gone = api.get(f"clips/{clip.pk}/why", feed="following").json
    assert (gone["in_feed"], gone["reasons"], gone["kept_out_by"]) == (False, [], [])
    (left,) = gone["left_out"]
    assert (left["code"], left["user"]["username"]) == ("reposts_of", "ben")
    assert api.delete(left["undo"]["url"].partition("/api/v1/")[2]).status == 204
    assert api.get(f"clips/{clip.pk}/why", feed="following").json["in_feed"]


def test_why_in_for_you_multiplies_to_its_score(reader, ben, clip):
    api = Api(reader)
    api.put(f"{BASE}/fewer/{clip.pk}", {})
    why = api.get(f"clips/{clip.pk}/why", feed="for-you").json
    ranking = why["ranking"]
    assert [term["code"] for term in ranking["terms"]] == ["source", "company", "freshness", "fewer"]
    product = 1.0
    for term in ranking["terms"]:
        product *= term["factor"]
    assert ranking["score"] == pytest.approx(product, rel=1e-3)
    assert (ranking["position"], ranking["candidates"]) == (1, 1)


def test_anybody_may_ask_why_a_public_clip_is_in_for_you(clip):
    why = Api().get(f"clips/{clip.pk}/why", feed="for-you").json
    assert (why["in_feed"], why["reasons"], why["actions"]) == (True, [], [])
    assert Api().get(f"clips/{clip.pk}/why", feed="nonsense").status == 400
    assert Api().get(f"clips/{clip.pk}/why").status == 400
