"""Notifications over the API."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from accounts import services as people
from feeds.models import NotificationSettings
from feeds.notifications.selectors import lines_page
from reposts.services import repost_clip
from tests.factories import ClipFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/notifications"
READ = "/api/v1/notifications/read"
SETTINGS = "/api/v1/me/notification-settings"


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def api(alice):
    client = APIClient()
    client.force_authenticate(alice)
    return client


def reposted(author, comment=""):
    clip = ClipFactory(author=author)
    repost_clip(user=UserFactory(username=f"fan{clip.pk}", display_name="Ben"), clip_id=clip.pk, comment=comment)
    return clip


def test_a_line_as_json(api, alice):
    clip = reposted(alice, "look")
    (line,) = api.get(LIST).json()["results"]
    stored = lines_page(alice).lines[0]
    assert line["people"][0]["username"] == f"fan{clip.pk}"
    assert line["clip"]["id"] == clip.pk
    assert line["clip"]["poster"].endswith(f"/api/v1/clips/{clip.pk}/media/poster.webp")
    assert {key: line[key] for key in ("id", "kind", "text", "count", "quote", "newest", "read")} == {
        "id": stored.id,
        "kind": "reposted",
        "text": "Ben reposted your clip",
        "count": 1,
        "quote": "look",
        "newest": stored.newest_id,
        "read": False,
    }


def test_pages_and_tabs(api, alice):
    clips = [reposted(alice).pk for _ in range(5)]
    people.follow_user(follower=UserFactory(), followee=alice)
    seen, url = [], f"{LIST}?limit=2&tab=reposts"
    while url:
        page = api.get(url).json()
        assert len(page["results"]) <= 2
        seen += [line["clip"]["id"] for line in page["results"]]
        url = page["next"]
    assert seen == clips[::-1]
    assert [line["kind"] for line in api.get(f"{LIST}?tab=follows").json()["results"]] == ["followed"]


@pytest.mark.parametrize("query", ["tab=x", "cursor=x", "cursor=%00", "limit=0", "limit=51", f"cursor={'A' * 9000}"])
def test_nonsense_is_400(api, query):
    assert api.get(f"{LIST}?{query}").status_code == 400


def test_marks(api, alice):
    reposted(alice)
    reposted(alice)
    first, second = api.get(LIST).json()["results"]
    assert api.get(f"{LIST}/unseen").json() == {"unseen": 2}
    assert api.post(READ, {"ids": [second["id"]]}).json() == {"unseen": 1}
    assert api.post(READ, {"ids": [second["id"], 10**12]}).json() == {"unseen": 1}
    assert api.post(READ, {"seen_up_to": first["newest"]}).json() == {"unseen": 0}
    assert [line["read"] for line in api.get(LIST).json()["results"]] == [False, True]
    assert api.post(READ, {"up_to": first["newest"]}).status_code == 200
    assert [line["read"] for line in api.get(LIST).json()["results"]] == [True, True]


@pytest.mark.parametrize(
    "body", [{}, {"ids": "x"}, {"ids": [0]}, {"ids": [1] * 101}, {"up_to": -1}, {"seen_up_to": 2**63}, {"up_to": None}]
)
def test_bad_marks_are_400(api, body):
    assert api.post(READ, body).status_code == 400


def test_settings_are_changed_one_by_one(api, alice):
    before = api.get(SETTINGS).json()
    assert before["digest"] == "off"
    assert before["digest_address"] is None
    assert all(before["kinds"].values())
    EmailAddress.objects.create(user=alice, email="alice@example.org", verified=True, primary=True)
    assert api.patch(SETTINGS, {"kinds": {"followed": False}}).json()["kinds"]["followed"] is False
    after = api.patch(SETTINGS, {"kinds": {"reposted": False}, "digest": "weekly"}).json()
    assert [kind for kind, on in after["kinds"].items() if not on] == ["followed", "reposted"]
    assert (after["digest"], after["digest_address"]) == ("weekly", "alice@example.org")
    assert api.patch(SETTINGS, {"kinds": {"followed": True}}).json()["digest"] == "weekly"
    assert api.patch(SETTINGS, {}).json()["kinds"]["reposted"] is False


@pytest.mark.parametrize(
    "body", [{"digest": "hourly"}, {"kinds": {"followed": "maybe"}}, {"kinds": []}, {"digest": None}]
)
def test_bad_settings_are_400(api, alice, body):
    assert api.patch(SETTINGS, body).status_code == 400
    assert not NotificationSettings.objects.filter(user=alice).exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", LIST), ("get", f"{LIST}/unseen"), ("post", READ), ("get", SETTINGS), ("patch", SETTINGS)],
)
def test_strangers_are_refused(method, path):
    assert getattr(APIClient(), method)(path).status_code == 401


@pytest.mark.parametrize("lines", [1, 15])
def test_the_list_costs_the_same_however_long(api, alice, lines, django_assert_num_queries):
    for _ in range(lines):
        reposted(alice)
    with django_assert_num_queries(3):  # settings, groups, members
        assert api.get(LIST).status_code == 200
