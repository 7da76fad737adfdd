"""Planning, delivering and sweeping, one step at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Follow, User
from feeds import bell, fanout, tasks
from feeds.models import Activity, Fanout, FanoutChunk, FeedEntry
from feeds.stores import SqlFeedStore
from tests.factories import ClipFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(settings):
    settings.FANOUT_LIMIT, settings.FANOUT_CHUNK = 6, 4


@pytest.fixture
def rung(monkeypatch):
    """What was rung for: chunk ids, and 0 for the planner."""
    bells: list[int] = []
    monkeypatch.setattr(bell, "ring_chunk", bells.append)
    monkeypatch.setattr(bell, "ring_planner", lambda: bells.append(0))
    return bells


def author_with(count: int, **edge) -> User:
    author = UserFactory()
    edge = {"accepted_at": timezone.now()} | edge
    Follow.objects.bulk_create(Follow(follower=UserFactory(), followee=author, **edge) for _ in range(count))
    return author


def published_by(author: User) -> Activity:
    return publish(ClipFactory(author=author))


def run() -> None:
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)


@pytest.mark.parametrize(
    ("followers", "way", "chunks"),
    [(0, Fanout.PUSH, 0), (4, Fanout.PUSH, 1), (5, Fanout.SPLIT, 2), (6, Fanout.SPLIT, 2), (7, Fanout.PULL, 0)],
)
def test_how_an_activity_travels(followers, way, chunks):
    activity = published_by(author_with(followers))
    planned = fanout.plan()
    activity.refresh_from_db()
    assert activity.fanout == way
    assert planned is not None
    assert len(planned) == FanoutChunk.objects.count() == chunks
    assert (activity.delivered_at is not None) == (followers == 0)
    assert fanout.plan() is None


def test_small_activities_share_a_chunk_until_it_is_full():
    sizes = [2, 2, 1, 3, 4]
    activities = [published_by(author_with(size)) for size in sizes]
    fanout.plan()
    rows = [Activity.objects.get(pk=activity.pk) for activity in activities]
    chunks = [row.chunk_id for row in rows]
    assert chunks[0] == chunks[1] != chunks[2] == chunks[3] != chunks[4]
    assert list(FanoutChunk.objects.order_by("pk").values_list("planned_rows", flat=True)) == [4, 4, 4]


def test_a_split_covers_every_follower_once():
    author = author_with(6)
    activity = published_by(author)
    chunks = fanout.plan() or []
    assert [fanout.deliver(chunk_id=pk) for pk in chunks] == [4, 2]
    followers = Follow.objects.filter(followee=author).values_list("follower", flat=True)
    assert set(FeedEntry.objects.values_list("viewer_id", "activity_id", "clip_id")) == {
        (follower, activity.pk, activity.clip_id) for follower in followers
    }


def test_an_activity_is_delivered_when_its_last_chunk_is():
    activity = published_by(author_with(6))
    first, second = fanout.plan() or []
    fanout.deliver(chunk_id=second)
    activity.refresh_from_db()
    assert activity.delivered_at is None
    fanout.deliver(chunk_id=first)
    activity.refresh_from_db()
    assert activity.delivered_at is not None


@pytest.mark.parametrize("edge", [{"accepted_at": None}, {"is_dormant": True}])
def test_requests_and_dormant_people_get_nothing(edge):
    author = author_with(3, **edge)
    sleeper = Follow.objects.filter(followee=author).first()
    Follow.objects.create(follower=UserFactory(), followee=author, accepted_at=timezone.now())
    published_by(author)
    run()
    assert sleeper is not None
    assert FeedEntry.objects.count() == 1
    assert not FeedEntry.objects.filter(viewer_id=sleeper.follower_id).exists()


def test_delivering_again_writes_nothing_and_changes_nothing():
    published_by(author_with(3))
    (chunk_id,) = fanout.plan() or []
    assert fanout.deliver(chunk_id=chunk_id) == 3
    before = FanoutChunk.objects.values().get()
    assert fanout.deliver(chunk_id=chunk_id) == 0
    assert FanoutChunk.objects.values().get() == before
    assert FeedEntry.objects.count() == 3


def test_a_lost_entry_is_written_again_when_the_chunk_is_opened():
    published_by(author_with(3))
    run()
    FeedEntry.objects.filter(viewer_id=FeedEntry.objects.values_list("viewer_id", flat=True)[0]).delete()
    chunk = FanoutChunk.objects.get()
    assert fanout.redeliver(chunk_id=chunk.pk)
    assert Activity.objects.get().delivered_at is None
    assert fanout.deliver(chunk_id=chunk.pk) == 1
    assert FeedEntry.objects.count() == 3
    assert Activity.objects.get().delivered_at is not None


def test_a_chunk_that_is_held_is_left_alone_until_its_lease_ends():
    published_by(author_with(3))
    (chunk_id,) = fanout.plan() or []
    FanoutChunk.objects.update(lease_until=timezone.now() + timedelta(seconds=5))
    assert fanout.deliver(chunk_id=chunk_id) == 0
    assert not fanout.redeliver(chunk_id=chunk_id)
    FanoutChunk.objects.update(lease_until=timezone.now() - timedelta(seconds=5))
    assert fanout.deliver(chunk_id=chunk_id) == 3


def test_a_failure_leaves_nothing_but_the_lease(monkeypatch):
    published_by(author_with(3))
    (chunk_id,) = fanout.plan() or []
    deliver = SqlFeedStore.deliver

    def half(self, chunk):
        deliver(self, chunk)
        raise RuntimeError("the database went away")

    monkeypatch.setattr(SqlFeedStore, "deliver", half)
    with pytest.raises(RuntimeError):
        fanout.deliver(chunk_id=chunk_id)
    chunk = FanoutChunk.objects.get()
    assert not FeedEntry.objects.exists()
    assert (chunk.attempts, chunk.done_at) == (1, None)
    assert chunk.lease_until is not None


def test_the_sweep_rings_for_old_work_only(rung):
    published_by(author_with(3))
    assert fanout.sweep() == 0
    Activity.objects.update(created_at=timezone.now() - timedelta(seconds=6))
    assert fanout.sweep() == 1
    assert rung == [0]
    (chunk_id,) = fanout.plan() or []
    assert fanout.sweep() == 0
    FanoutChunk.objects.update(created_at=timezone.now() - timedelta(seconds=6))
    assert fanout.sweep() == 1
    assert rung == [0, chunk_id]


def test_the_sweep_finds_the_chunk_of_a_dead_worker(rung):
    published_by(author_with(3))
    (chunk_id,) = fanout.plan() or []
    for seconds, bells in [(10, 0), (-1, 1)]:
        FanoutChunk.objects.update(lease_until=timezone.now() + timedelta(seconds=seconds))
        assert fanout.sweep() == bells
    fanout.deliver(chunk_id=chunk_id)
    assert fanout.sweep() == 0


def test_finished_chunks_are_forgotten_after_a_day():
    published_by(author_with(3))
    published_by(author_with(2))
    run()
    FanoutChunk.objects.filter(planned_rows=3).update(done_at=timezone.now() - timedelta(days=2))
    assert fanout.forget_finished() == 1
    assert Activity.objects.filter(delivered_at__isnull=False, chunk=None).count() == 1


def test_an_append_rings_once_it_is_committed(rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        activity = published_by(author_with(1))
        assert rung == []
    assert rung == [0]
    with django_capture_on_commit_callbacks(execute=True):
        assert publish(activity.clip) == activity
    assert rung == [0]


def test_the_tasks_do_the_whole_way(rung):
    for followers in (6, 3, 1):
        published_by(author_with(followers))
    tasks.plan_fanout()
    assert len(rung) == 3
    for chunk_id in rung:
        tasks.deliver_chunk(chunk_id)
    assert FeedEntry.objects.count() == 10
    assert not Activity.objects.filter(delivered_at=None).exists()


@pytest.mark.parametrize("error", [OSError("no route"), RuntimeError("OOM command not allowed")])
def test_a_broker_that_fails_fails_nobody_else(monkeypatch, caplog, error):
    caplog.set_level("WARNING", logger="accounts.bell")

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    bell.ring_planner()
    bell.ring_chunk(1)
    assert [record.message.split()[1] for record in caplog.records] == [
        "feeds.tasks.plan_fanout",
        "feeds.tasks.deliver_chunk",
    ]
