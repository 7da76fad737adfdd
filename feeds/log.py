"""Appending to the activity log, inside the transaction of the thing that happened."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.prepared import Prepared
from clips.models import Clip
from reposts.models import Repost

from . import bell, marks
from .models import Activity, ActivityKind

_LOG_LOCK = 0x52455052  # "REPR": the key of PostgreSQL's advisory lock for the end of the log


def _take_turn() -> None:
    """Make ids follow commit order: whoever appends next waits until this transaction has ended.

    Without it a reader could see id 101 before 100 is committed, put its snapshot at 101 and never show 100.
    SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOG_LOCK])


def _announce() -> None:
    """After the commit: open pages look, and a worker plans."""
    marks.touch_log()
    bell.ring_planner()


@transaction.atomic
def append_published(*, clip: Clip) -> Activity:
    """Log that a clip is out. A second call for the same clip returns the first line."""
    _take_turn()
    activity, created = Activity.objects.get_or_create(
        kind=ActivityKind.PUBLISH, clip=clip, defaults={"actor_id": clip.author_id}
    )
    if created:
        transaction.on_commit(_announce)
    return activity


@transaction.atomic
def append_reposted(*, repost: Repost) -> Activity:
    """Log that a clip was passed on. A second call for the same repost returns the first line."""
    _take_turn()
    activity, created = Activity.objects.get_or_create(
        repost=repost,
        defaults={"kind": ActivityKind.REPOST, "actor_id": repost.user_id, "clip_id": repost.clip_id},
    )
    if created:
        transaction.on_commit(_announce)
    return activity


_NEWEST = Prepared(lambda viewer, ids: Activity.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def newest_id() -> int:
    """The id of the last committed line, 0 for an empty log."""
    return next((pk for (pk,) in _NEWEST.rows(0)), 0)


def known_until(as_of: int) -> datetime:
    """The time up to which a reader of the snapshot `as_of` knows everything: when the next line came, else now."""
    later = Activity.objects.filter(pk__gt=as_of).order_by("pk").values_list("created_at", flat=True).first()
    return later or timezone.now()
