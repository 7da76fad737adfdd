"""Stores are filled when they are missing or stale, cut when they are long, dropped when nobody reads them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import accept_follow_request, follow_user, note_seen, retire_dormant
from feeds import fanout, tasks, upkeep
from feeds.assembly import following_page
from feeds.models import FeedEntry, FeedState
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob(alice):
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=alice)
    return bob


def run():
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)


def held(viewer):
    return list(FeedEntry.objects.filter(viewer_id=viewer.pk).order_by("pk").values_list("activity_id", flat=True))


def test_a_missing_store_is_filled_by_the_first_read(alice, bob):
    lines = [publish(ClipFactory(author=alice)).pk for _ in range(3)]
    state = upkeep.ready_state(bob)
    assert held(bob) == lines
    assert (state.is_stale, state.floor) == (False, 0)


def test_a_ready_store_is_left_as_it_is(alice, bob, django_assert_num_queries):
    upkeep.ready_state(bob)
    publish(ClipFactory(author=alice))
    with django_assert_num_queries(1):
        upkeep.ready_state(bob)
    assert held(bob) == []


def test_filling_stops_at_the_feeds_length(alice, bob, settings):
    settings.FEED_LENGTH = 2
    lines = [publish(ClipFactory(author=alice)).pk for _ in range(3)]
    assert upkeep.ready_state(bob).floor == lines[1]
    assert held(bob) == lines[1:]


def test_a_new_edge_makes_the_store_stale(bob):
    upkeep.ready_state(bob)
    dana, eve = UserFactory(), UserFactory(is_private=True)
    follow_user(follower=bob, followee=dana)
    assert FeedState.objects.get().is_stale
    upkeep.ready_state(bob)
    follow_user(follower=bob, followee=eve)
    assert not FeedState.objects.get().is_stale, "a request changes nothing"
    accept_follow_request(user=eve, follower=bob)
    assert FeedState.objects.get().is_stale


def test_an_edge_that_comes_while_the_store_is_filled_leaves_it_stale(bob, monkeypatch):
    state = FeedState.objects.create(viewer=bob)
    fill = upkeep.get_store().fill
    monkeypatch.setattr(
        "feeds.stores.SqlFeedStore.fill",
        lambda self, *args: [fill(*args), upkeep.mark_stale(viewer_id=bob.pk)],
    )
    upkeep.fill_store(bob, state)
    assert FeedState.objects.get().is_stale


def test_a_long_store_is_cut_one_trim_after_its_floor_rose(alice, bob, settings):
    settings.FEED_LENGTH = 2
    upkeep.ready_state(bob)
    lines = [publish(ClipFactory(author=alice)).pk for _ in range(5)]
    run()
    assert upkeep.trim_stores(viewer_ids=[bob.pk]) == 0
    assert (FeedState.objects.get().floor, held(bob)) == (lines[3], lines)
    assert upkeep.trim_stores(viewer_ids=[bob.pk]) == 1
    assert (FeedState.objects.get().floor, held(bob)) == (lines[3], lines[3:])
    assert upkeep.trim_stores(viewer_ids=[bob.pk]) == 0
    assert len(following_page(bob).cards) == 5, "below the floor the log is read"


def test_people_who_stay_away_have_no_store_until_they_return(alice, bob, settings):
    first = publish(ClipFactory(author=alice)).pk
    upkeep.ready_state(bob)
    User.objects.filter(pk=bob.pk).update(last_seen_at=timezone.now() - timedelta(days=settings.ACTIVE_DAYS, hours=1))
    assert retire_dormant() == 1
    assert not FeedState.objects.filter(viewer=bob).exists()
    second = publish(ClipFactory(author=alice)).pk
    run()
    assert held(bob) == []
    bob.refresh_from_db()
    note_seen(user=bob)
    assert len(following_page(bob).cards) == 2
    assert held(bob) == [first, second]
    third = publish(ClipFactory(author=alice)).pk
    run()
    assert held(bob) == [first, second, third]


def test_a_dormant_person_who_was_not_woken_misses_nothing(alice, bob):
    """A client that reads without being noticed: fan-out passes by, so the store is filled at every read."""
    bob.following_edges.update(is_dormant=True)
    bob.is_dormant = True
    bob.save()
    for count in (1, 2):
        publish(ClipFactory(author=alice))
        run()
        assert len(following_page(bob).cards) == count


def test_the_hourly_task_retires_trims_and_forgets(alice, bob, settings):
    settings.FEED_LENGTH = 1
    upkeep.ready_state(bob)
    for _ in range(3):
        publish(ClipFactory(author=alice))
    run()
    User.objects.filter(pk=alice.pk).update(last_seen_at=timezone.now() - timedelta(days=99))
    tasks.retire_inactive_feeds()
    tasks.retire_inactive_feeds()
    assert len(held(bob)) == 1
    assert list(User.objects.filter(is_dormant=True)) == [alice]
