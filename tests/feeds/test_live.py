"""The live channel: what it answers, when it answers 304, and what that costs."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import services as people
from clips import processing
from clips.models import Clip
from feeds import log, marks
from feeds.notifications import services
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

NOW = 1_800_000_000.0  # seconds


@pytest.fixture(autouse=True)
def _marked(settings, monkeypatch):
    settings.LIVE_MARKS = True
    monkeypatch.setattr(marks, "time", lambda: NOW)  # all within one slot of REFRESH_SECONDS


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def web(client: Client, alice):
    client.force_login(alice)
    return client


def ask(web: Client, etag: str = "", since: int | None = None):
    query = "" if since is None else f"?since={since}"
    return web.get(f"/live/{query}", headers={"if-none-match": etag} if etag else {})


def test_it_says_what_is_new(web, alice):
    friend = UserFactory()
    FollowFactory(follower=alice, followee=friend)
    since = log.newest_id()
    publish(ClipFactory(author=friend))
    repost_clip(user=friend, clip_id=ClipFactory(author=alice).pk)
    working = ClipFactory(author=alice, processing=True)
    ClipFactory(processing=True)
    answer = ask(web, since=since)
    assert answer.json() == {
        "unseen": 1,
        "label": "1",
        "since": since,
        "new": 1,
        "clips": {str(working.pk): 40},
        "every": 1200,
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_an_unchanged_answer_is_a_304_for_two_queries(web, alice, django_assert_num_queries):
    first = ask(web, since=0)
    with django_assert_num_queries(2):  # session, person
        again = ask(web, first["ETag"], since=0)
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_another_page_or_person_is_another_answer(web, alice):
    etag = ask(web, since=5)["ETag"]
    assert ask(web, etag, since=6).status_code == 200
    other = Client()
    other.force_login(UserFactory())
    assert ask(other, etag, since=5).status_code == 200


def changes():
    """What must be noticed at the next question, by name."""

    def followed(alice):
        people.follow_user(follower=UserFactory(), followee=alice)

    def published(alice):
        publish(ClipFactory())

    def undone(alice):
        repost = repost_clip(user=UserFactory(), clip_id=ClipFactory().pk)[0]
        undo_repost(user=repost.user, clip_id=repost.clip_id)

    def blocked(alice):
        people.block_user(blocker=UserFactory(), blocked=alice)

    def follows(alice):
        people.follow_user(follower=alice, followee=UserFactory())

    def progressed(alice):
        clip = ClipFactory(author=alice, processing=True)
        processing._note_progress(Clip.objects.get(pk=clip.pk), 60)

    def read(alice):
        services.mark_read(user=alice, up_to=2**60)

    def switched(alice):
        services.change_settings(user=alice, off=["followed"])

    return [followed, published, undone, blocked, follows, progressed, read, switched]


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.__name__)
def test_every_change_is_noticed(web, alice, change, django_capture_on_commit_callbacks):
    etag = ask(web)["ETag"]
    assert ask(web, etag).status_code == 304
    with django_capture_on_commit_callbacks(execute=True):
        change(alice)
    assert ask(web, etag).status_code == 200


def test_a_mark_that_was_lost_is_made_up_for_by_time(web, alice, monkeypatch):
    etag = ask(web)["ETag"]
    people.follow_user(follower=UserFactory(), followee=alice)  # its mark waits for a commit that never comes
    assert ask(web, etag).status_code == 304
    monkeypatch.setattr(marks, "time", lambda: NOW + marks.REFRESH_SECONDS)
    assert ask(web, etag).json()["unseen"] == 1


def test_an_emptied_cache_makes_no_old_answer_stand(web):
    etag = ask(web)["ETag"]
    cache.clear()
    assert ask(web, etag).status_code == 200


def test_without_marks_it_is_plain_polling(web, settings):
    settings.LIVE_MARKS = False
    answer = ask(web, 'W/"None."')
    assert answer.status_code == 200
    assert "ETag" not in answer
    assert answer.json()["every"] > 1200


def test_the_badge_ends_at_99(web, alice, monkeypatch):
    monkeypatch.setattr("feeds.notifications.selectors.UNSEEN_CAP", 2)
    for _ in range(4):
        repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    assert ask(web).json()["label"] == "2+"


def test_strangers_are_told_to_stop():
    assert Client().get("/live/").status_code == 403


@pytest.mark.parametrize("since", ["x", "-1", "9" * 30, "%00", "１"])
def test_nonsense_is_400(web, since):
    assert web.get(f"/live/?since={since}").status_code == 400


def test_a_full_answer_costs_the_same_whatever_there_is(web, alice, django_assert_num_queries):
    for _ in range(12):
        repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
        ClipFactory(author=alice, processing=True)
    with django_assert_num_queries(6):  # session, person, settings, unseen, clips, new
        assert ask(web, since=0).status_code == 200
