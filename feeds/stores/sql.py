"""The embedded store: one narrow table, filled by `INSERT … SELECT` so that ids never travel through Python."""

from __future__ import annotations

from django.db import connection

from accounts.models import Follow
from feeds.models import Activity, FanoutChunk, FeedEntry

from .protocol import Entry

_FOLLOW = Follow._meta.db_table
_ACTIVITY = Activity._meta.db_table
_ENTRY = FeedEntry._meta.db_table

# The conditions on the edge are those of the partial index accounts_follow_fanout, and the order is that index's own:
# asking for it makes SQLite read that index alone instead of another one and the rows behind it (a third quicker on
# 218,000 rows), and there is nothing to sort. Writing by activity, as `fill` does too, two writers of one viewer's
# rows wait for each other and never deadlock on PostgreSQL.
_DELIVER = f"""
INSERT INTO {_ENTRY} (viewer_id, activity_id, clip_id)
SELECT f.follower_id, a.id, a.clip_id
FROM {_ACTIVITY} a JOIN {_FOLLOW} f ON f.followee_id = a.actor_id
WHERE {{activities}} AND f.accepted_at IS NOT NULL AND NOT f.is_dormant {{followers}}
ORDER BY a.id, f.follower_id
ON CONFLICT DO NOTHING
"""
_DELIVER_MANY = _DELIVER.format(activities="a.chunk_id = %s AND a.delivered_at IS NULL", followers="")
_DELIVER_SPLIT = _DELIVER.format(activities="a.id = %s", followers="AND f.follower_id BETWEEN %s AND %s")


class SqlFeedStore:
    """`FeedStore` in the main database."""

    def deliver(self, chunk: FanoutChunk) -> int:
        with connection.cursor() as cursor:
            if chunk.activity_id is None:
                cursor.execute(_DELIVER_MANY, [chunk.pk])
            else:
                cursor.execute(_DELIVER_SPLIT, [chunk.activity_id, chunk.follower_from, chunk.follower_to])
            return max(cursor.rowcount, 0)

    def window(self, viewer_id: int, *, below: int, floor: int, limit: int) -> list[Entry]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT activity_id, clip_id FROM {_ENTRY} "
                "WHERE viewer_id = %s AND activity_id < %s AND activity_id >= %s "
                "ORDER BY activity_id DESC LIMIT %s",
                [viewer_id, below, floor, limit],
            )
            return [Entry(*row) for row in cursor.fetchall()]

    def fill(self, viewer_id: int, entries: list[Entry]) -> None:
        FeedEntry.objects.bulk_create(
            (FeedEntry(viewer_id=viewer_id, activity_id=pk, clip_id=clip_id) for pk, clip_id in sorted(entries)),
            ignore_conflicts=True,
        )

    def edge(self, viewer_id: int, *, length: int) -> int | None:
        entries = FeedEntry.objects.filter(viewer_id=viewer_id).order_by("-activity_id")
        return next(iter(entries.values_list("activity_id", flat=True)[length - 1 : length]), None)

    def forget(self, viewer_id: int, *, below: int) -> int:
        cut, _ = FeedEntry.objects.filter(viewer_id=viewer_id, activity_id__lt=below).delete()
        return cut

    def drop(self, viewer_ids: list[int]) -> None:
        FeedEntry.objects.filter(viewer_id__in=viewer_ids).delete()
