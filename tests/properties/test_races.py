"""What happens at the same time, in real threads, on file SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Follow, User
from accounts.services import follow_user
from clips.models import Clip, Watch
from clips.services import record_watch
from feeds import audit, fanout, log, upkeep
from feeds.assembly import following_page
from feeds.models import Activity, Fanout, FanoutChunk, FeedEntry, SeenClip
from feeds.stores import SqlFeedStore
from reposts.models import Repost
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

from .threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def people(count: int) -> list[User]:
    return User.objects.bulk_create(User(username=f"p{number}", password="!") for number in range(count))


def followed_by(count: int) -> User:
    author = UserFactory()
    now = timezone.now()
    Follow.objects.bulk_create(Follow(follower=p, followee=author, accepted_at=now) for p in people(count))
    return author


def counted(clip: Clip) -> tuple[int, int]:
    """`repost_count`, and the rows it stands for."""
    clip.refresh_from_db()
    return clip.repost_count, Repost.objects.filter(clip=clip, undone_at=None).count()


def test_one_person_who_reposts_twice_at_once_has_one_repost():
    clip, user = ClipFactory(), UserFactory()
    for _ in range(5):
        tap = partial(repost_clip, user=user, clip_id=clip.pk)
        results = at_once(tap, tap, tap)
        assert sorted(created for _, created in results) == [False, False, True]
        assert len({repost.pk for repost, _ in results}) == 1
        assert counted(clip) == (1, 1)
        assert undo_repost(user=user, clip_id=clip.pk)
    assert Activity.objects.filter(kind="repost").count() == Repost.objects.count() == 5


def test_repost_and_undo_at_once_leave_the_count_right():
    clip, user = ClipFactory(), UserFactory()
    for _ in range(8):
        at_once(
            partial(repost_clip, user=user, clip_id=clip.pk, comment="so good"),
            partial(undo_repost, user=user, clip_id=clip.pk),
            partial(undo_repost, user=user, clip_id=clip.pk),
        )
        stated, rows = counted(clip)
        assert stated == rows <= 1
    assert Activity.objects.filter(kind="repost").count() == Repost.objects.count()


def test_many_reposts_of_one_clip_at_once_are_all_counted():
    clip = ClipFactory()
    at_once(*(partial(repost_clip, user=user, clip_id=clip.pk) for user in people(8)))
    assert counted(clip) == (8, 8)


def test_many_watches_of_one_clip_at_once_are_all_counted():
    clip = ClipFactory()
    at_once(*(partial(record_watch, viewer=user, clip=clip, ms=9_000) for user in people(8)))
    clip.refresh_from_db()
    assert clip.watch_count == 8


def test_one_watch_reported_twice_at_once_counts_once():
    clip, viewer = ClipFactory(), UserFactory()
    at_once(*(partial(record_watch, viewer=viewer, clip=clip, ms=ms) for ms in (8_000, 9_000, 7_000)))
    clip.refresh_from_db()
    assert clip.watch_count == 1
    assert Watch.objects.get().furthest_ms == 9_000
    assert SeenClip.objects.count() == 1


def test_two_planners_plan_each_activity_once():
    author = followed_by(3)
    activities = [publish(ClipFactory(author=author)) for _ in range(30)]
    chunks = [chunk for planned in at_once(fanout.plan, fanout.plan) for chunk in planned or []]
    while (more := fanout.plan()) is not None:
        chunks += more
    assert FanoutChunk.objects.count() == len(chunks) == len(set(chunks))
    assert sum(FanoutChunk.objects.values_list("planned_rows", flat=True)) == 3 * len(activities)
    assert not Activity.objects.exclude(fanout=Fanout.PUSH).exists()


def test_two_workers_on_one_chunk_write_it_once():
    activity = publish(ClipFactory(author=followed_by(200)))
    (chunk_id,) = fanout.plan() or []
    rows = at_once(*[partial(fanout.deliver, chunk_id=chunk_id)] * 3)
    assert sorted(rows) == [0, 0, 200]
    assert FeedEntry.objects.filter(activity_id=activity.pk).count() == 200
    assert FanoutChunk.objects.get().attempts == 1


def test_the_last_two_chunks_of_an_activity_end_at_once(settings):
    settings.FANOUT_CHUNK = 10
    author = followed_by(20)
    for _ in range(6):
        activity = publish(ClipFactory(author=author))
        at_once(*(partial(fanout.deliver, chunk_id=chunk_id) for chunk_id in fanout.plan() or []))
        activity.refresh_from_db()
        assert activity.fanout == Fanout.SPLIT
        assert activity.delivered_at is not None
    assert list(audit.differences()) == []


def test_the_log_hands_out_ids_in_the_order_of_commits():
    """Else a reader could put their snapshot above a line that is not committed yet, and never see it."""
    first, second = ClipFactory(), ClipFactory()
    appended = threading.Event()

    def slow() -> Activity:
        with transaction.atomic():
            activity = log.append_published(clip=first)
            appended.set()
            threading.Event().wait(0.4)
        return activity

    def quick() -> tuple[Activity, bool]:
        appended.wait(10)
        activity = log.append_published(clip=second)
        return activity, Activity.objects.filter(clip=first).exists()

    one, (other, saw_the_first) = at_once(slow, quick)
    assert one.pk < other.pk
    assert saw_the_first


def test_a_first_read_during_a_follow_is_not_taken_for_complete():
    """The read sees no edge yet; it must not call the store complete when the edge comes a moment later."""
    author, viewer = UserFactory(), UserFactory()
    clip = ClipFactory(author=author)
    publish(clip)
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)
    followed = threading.Event()

    def follow() -> None:
        with transaction.atomic():
            follow_user(follower=viewer, followee=author)
            followed.set()
            threading.Event().wait(0.4)

    def read() -> None:
        followed.wait(10)
        following_page(viewer)

    at_once(follow, read)
    assert [card.clip_id for card in following_page(viewer).cards] == [clip.pk]


def test_a_store_is_filled_while_its_entries_are_delivered():
    viewer, author = UserFactory(), UserFactory()
    FollowFactory(follower=viewer, followee=author)
    clips = ClipFactory.create_batch(3, author=author)
    for _ in range(4):
        for clip in clips:
            Activity.objects.bulk_create(
                Activity(kind="repost", actor=author, clip=clip, repost=repost)
                for repost in Repost.objects.bulk_create(
                    Repost(user=author, clip=clip, undone_at=timezone.now()) for _ in range(40)
                )
            )
        (chunk_id,) = fanout.plan() or []
        upkeep.mark_stale(viewer_id=viewer.pk)
        at_once(partial(fanout.deliver, chunk_id=chunk_id), *[partial(following_page, viewer)] * 2)
    assert FeedEntry.objects.count() == 480
    assert list(audit.differences()) == []


def interposed(monkeypatch: pytest.MonkeyPatch, happening: Any) -> None:
    """Let something happen after a page has read the pull leg and before it reads the store."""
    window = SqlFeedStore.window

    def late(self: SqlFeedStore, *args: Any, **kwargs: Any) -> Any:
        happening()
        return window(self, *args, **kwargs)

    monkeypatch.setattr(SqlFeedStore, "window", late)


def test_what_is_delivered_while_a_page_is_read_is_on_it(monkeypatch):
    viewer, author = UserFactory(), UserFactory()
    FollowFactory(follower=viewer, followee=author)
    following_page(viewer)
    clip = ClipFactory(author=author)
    publish(clip)
    interposed(monkeypatch, lambda: [fanout.deliver(chunk_id=pk) for pk in fanout.plan() or []])
    assert [card.clip_id for card in following_page(viewer).cards] == [clip.pk]
    assert FeedEntry.objects.count() == 1


def test_a_trim_while_a_page_is_read_takes_nothing_from_it(monkeypatch, settings):
    settings.FEED_LENGTH = 2
    viewer, author = UserFactory(), UserFactory()
    FollowFactory(follower=viewer, followee=author)
    following_page(viewer)
    clips = [ClipFactory(author=author) for _ in range(5)]
    for clip in clips:
        publish(clip)
    for chunk_id in fanout.plan() or []:
        fanout.deliver(chunk_id=chunk_id)
    interposed(monkeypatch, lambda: upkeep.trim_stores(viewer_ids=[viewer.pk]))
    assert [card.clip_id for card in following_page(viewer).cards] == [clip.pk for clip in reversed(clips)]
    monkeypatch.undo()
    upkeep.trim_stores(viewer_ids=[viewer.pk])  # an hour later
    assert FeedEntry.objects.count() == 2
    assert [card.clip_id for card in following_page(viewer).cards] == [clip.pk for clip in reversed(clips)]
