"""Fan-out into the `sql` store: the real planner and task function beside the bare statements.

Same graph, same activities, same rows, same table, one run. Bells are collected instead of sent, so that the
figure is the work itself; a broker adds about a millisecond a chunk.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection, transaction
from django.test import override_settings

from accounts.models import Follow
from config.demo import crowd
from feeds import bell, fanout
from feeds.models import Activity, Fanout, FanoutChunk, FeedEntry
from feeds.tasks import deliver_chunk

PEOPLE, FOLLOWS, LARGEST, ACTIVITIES = 20_000, 600_000, 15_000, 2_000
ROUNDS = 5

_BARE = """
INSERT INTO feeds_feedentry (viewer_id, activity_id, clip_id)
SELECT f.follower_id, a.id, a.clip_id FROM feeds_activity a JOIN accounts_follow f ON f.followee_id = a.actor_id
WHERE a.id BETWEEN %s AND %s AND f.accepted_at IS NOT NULL AND NOT f.is_dormant
"""


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM feeds_feedentry")
    FanoutChunk.objects.all().delete()
    Activity.objects.update(fanout=Fanout.WAITING, chunk=None, delivered_at=None)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Else whoever writes next pays for moving what was just deleted out of the write-ahead log.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows() -> int:
    return FeedEntry.objects.count()


def _timed(work: Callable[[], None]) -> tuple[int, float]:
    """Rows written and the best seconds of ROUNDS, each on an empty table."""
    best, rows = float("inf"), 0
    for _ in range(ROUNDS):
        _empty()
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
        rows = _rows()
    return rows, best


def _real_task_path() -> None:
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            deliver_chunk(chunk_id)


def _bare_one_by_one(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        for pk in ids:
            cursor.execute(_BARE, [pk, pk])


def _bare_by_fifty(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        for number in range(0, len(ids), 50):
            part = ids[number : number + 50]
            cursor.execute(_BARE + "ORDER BY f.follower_id, a.id", [part[0], part[-1]])


def _bare_at_once(ids: list[int], order: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE + order, [ids[0], ids[-1]])


def _bulk_create(pairs: list[tuple[int, int, int]]) -> None:
    for activity, clip, actor in pairs:
        followers = Follow.objects.filter(followee=actor, accepted_at__isnull=False, is_dormant=False).values_list(
            "follower", flat=True
        )
        with transaction.atomic():
            FeedEntry.objects.bulk_create(
                (FeedEntry(viewer_id=f, activity_id=activity, clip_id=clip) for f in followers), batch_size=1_000
            )


def run() -> list[dict[str, object]]:
    """Rows for the table: way, deliveries, seconds, deliveries a second."""
    ids = crowd.make_people(PEOPLE)
    counts = crowd.make_follows(ids, FOLLOWS, LARGEST)
    authors = crowd.busy_authors(counts, ACTIVITIES)
    clips = crowd.make_clips(authors)
    activities = crowd.log_publications(list(zip(clips, authors, strict=True)))
    triples = list(zip(activities, clips, authors, strict=True))
    found: list[dict[str, object]] = []

    def note(way: str, work: Callable[[], None]) -> None:
        rows, seconds = _timed(work)
        found.append({"way": way, "deliveries": rows, "seconds": seconds, "per_second": rows / seconds})

    bell.ring_chunk = lambda chunk_id: None  # type: ignore[assignment]
    with override_settings(FANOUT_LIMIT=10**9):
        note("bare INSERT … SELECT, one activity a statement", lambda: _bare_one_by_one(activities))
        note("bare INSERT … SELECT, 50 activities a statement, sorted", lambda: _bare_by_fifty(activities))
        note("bare INSERT … SELECT, all at once", lambda: _bare_at_once(activities))
        note(
            "bare INSERT … SELECT, all at once, by index",
            lambda: _bare_at_once(activities, " ORDER BY a.id, f.follower_id"),
        )
        note("Reprise: plan and deliver_chunk", _real_task_path)
        note("bulk_create, one activity a transaction", lambda: _bulk_create(triples))
    assert len({row["deliveries"] for row in found}) == 1, "every way must write the same rows"
    assert found[0]["deliveries"] == sum(counts[a] for a in authors)
    return found
