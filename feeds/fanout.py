"""Spreading activities to the stores: plan into chunks, deliver each under a lease, sweep what was left.

1. `plan` takes waiting rows, decides how each travels, and cuts the pushes into chunks.
2. `deliver` claims a chunk with a lease and writes it; the statement and the marks commit together, so a
   worker killed at any point leaves either nothing or everything, and writing again changes nothing.
3. `sweep` rings again for waiting rows and for chunks whose lease ran out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Follow

from . import bell
from .models import Activity, Fanout, FanoutChunk
from .stores import get_store

PLAN_BATCH = 2_000  # activities planned in one transaction
LEASE = timedelta(seconds=30)  # a chunk of FANOUT_CHUNK rows takes well under a second
BELL_GRACE = timedelta(seconds=5)  # fresh work is on its way through the broker: do not ring for it again


@dataclass
class _Plan:
    """What one planning pass decided. `open` collects small activities until they fill a chunk."""

    chunks: list[FanoutChunk] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    open_rows: int = 0


_AWAKE = Q(accepted_at__isnull=False, is_dormant=False)  # the condition of the index accounts_follow_fanout


def plan() -> list[int] | None:
    """Plan up to PLAN_BATCH waiting activities. Returns the ids of the chunks to deliver; None when none waited."""
    with transaction.atomic():
        waiting = Activity.objects.filter(fanout=Fanout.WAITING).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        batch = list(waiting.values_list("pk", "actor_id")[:PLAN_BATCH])
        if not batch:
            return None
        audience = dict(
            Follow.objects.filter(_AWAKE, followee__in={actor for _, actor in batch})
            .values_list("followee")
            .annotate(count=Count("follower"))
        )
        now = timezone.now()
        done = _Plan()
        pulled: list[int] = []
        alone: list[int] = []
        for pk, actor in batch:
            count = audience.get(actor, 0)
            if count > settings.FANOUT_LIMIT:
                pulled.append(pk)
            elif count == 0:
                alone.append(pk)
            elif count > settings.FANOUT_CHUNK:
                _split(done, pk, actor)
            else:
                _add(done, pk, count)
        _close(done)
        Activity.objects.filter(pk__in=pulled).update(fanout=Fanout.PULL)
        Activity.objects.filter(pk__in=alone).update(fanout=Fanout.PUSH, delivered_at=now)
    return [chunk.pk for chunk in done.chunks]


def _add(done: _Plan, pk: int, rows: int) -> None:
    if done.open and done.open_rows + rows > settings.FANOUT_CHUNK:
        _close(done)
    done.open.append(pk)
    done.open_rows += rows


def _close(done: _Plan) -> None:
    if not done.open:
        return
    chunk = FanoutChunk.objects.create(planned_rows=done.open_rows)
    Activity.objects.filter(pk__in=done.open).update(fanout=Fanout.PUSH, chunk=chunk)
    done.chunks.append(chunk)
    done.open, done.open_rows = [], 0


def _split(done: _Plan, pk: int, actor: int) -> None:
    """Cut one large activity by follower id. Whoever follows after this has a stale store and rebuilds it."""
    size = settings.FANOUT_CHUNK
    ids = list(Follow.objects.filter(_AWAKE, followee=actor).order_by("follower").values_list("follower", flat=True))
    edges = ids[::size]
    tops = [edge - 1 for edge in edges[1:]] + [ids[-1]]
    done.chunks += FanoutChunk.objects.bulk_create(
        FanoutChunk(
            activity_id=pk,
            follower_from=low,
            follower_to=top,
            planned_rows=min(size, len(ids) - number * size),
        )
        for number, (low, top) in enumerate(zip(edges, tops, strict=True))
    )
    Activity.objects.filter(pk=pk).update(fanout=Fanout.SPLIT)


def deliver(*, chunk_id: int) -> int:
    """Write one chunk. Returns the rows written anew; 0 when it is done or another worker holds it.

    Raises nothing on repetition: twice, late or in parallel, the stores end the same."""
    now = timezone.now()
    claimed = FanoutChunk.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), pk=chunk_id, done_at=None
    ).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return 0
    chunk = FanoutChunk.objects.get(pk=chunk_id)
    with transaction.atomic():
        rows = get_store().deliver(chunk)
        if chunk.activity_id is not None:
            # The last two chunks of one activity may end together: in turn, so that one sees the other done.
            Activity.objects.select_for_update().filter(pk=chunk.activity_id).values_list("pk").first()
        now = timezone.now()
        FanoutChunk.objects.filter(pk=chunk_id).update(done_at=now, lease_until=None)
        if chunk.activity_id is None:
            Activity.objects.filter(chunk=chunk).update(delivered_at=now)
        else:
            left = FanoutChunk.objects.filter(activity=OuterRef("pk"), done_at=None)
            Activity.objects.filter(~Exists(left), pk=chunk.activity_id).update(delivered_at=now)
    return rows


@transaction.atomic
def redeliver(*, chunk_id: int) -> bool:
    """Open a chunk again and ring for it: writes whatever is missing. False when a worker holds it right now.

    Its activities count as undelivered until then, so reads merge them and nobody misses anything."""
    opened = FanoutChunk.objects.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()), pk=chunk_id).update(
        done_at=None, lease_until=None
    )
    if not opened:
        return False
    Activity.objects.filter(Q(chunk=chunk_id) | Q(split_chunks=chunk_id)).update(delivered_at=None)
    transaction.on_commit(lambda: bell.ring_chunk(chunk_id))
    return True


def open_chunks() -> list[int]:
    """Ids of chunks that nobody holds and whose bell has had its time, oldest first."""
    now = timezone.now()
    return list(
        FanoutChunk.objects.filter(
            Q(lease_until=None, created_at__lt=now - BELL_GRACE) | Q(lease_until__lt=now), done_at=None
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:1_000]
    )


def sweep() -> int:
    """Find work whose bell was lost or whose worker died, and ring for it. Returns how many bells."""
    chunks = open_chunks()
    for chunk_id in chunks:
        bell.ring_chunk(chunk_id)
    waiting = Activity.objects.filter(fanout=Fanout.WAITING, created_at__lt=timezone.now() - BELL_GRACE).exists()
    if waiting:
        bell.ring_planner()
    return len(chunks) + waiting


def forget_finished(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete the rows of chunks done for a day. Returns how many."""
    gone, _ = FanoutChunk.objects.filter(done_at__lt=timezone.now() - older_than).delete()
    return gone
