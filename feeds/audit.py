"""Comparing the stores with the log: every difference that a reader could miss something by, and its repair.

Works through any `FeedStore`, viewer by viewer and page by page, so that memory stays the same however many there
are. It can run beside the site: a difference is looked at again before it is reported, because a delivery or a
trim may have come in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Follow, User

from . import fanout, upkeep
from .models import Activity, Fanout, FanoutChunk, FeedState
from .stores import Entry, get_store

BATCH = 500  # viewers, entries or activities a query
STUCK_AFTER = timedelta(minutes=5)  # the sweeper comes every few seconds: work older than this is not under way
_END = 2**63 - 1  # above every activity id


class Kind(StrEnum):
    """What can be wrong. The first four are repaired by rebuilding the viewer's store."""

    MISSING = "missing"
    WRONG_CLIP = "wrong clip"
    NO_ACTIVITY = "no such activity"
    SLEEPING_EDGE = "dormant edge of a person who is awake"
    STUCK_ACTIVITY = "activity never planned"
    STUCK_CHUNK = "chunk never delivered"
    LOST_CHUNK = "activity whose chunk is gone"
    TOO_EARLY = "activity called delivered before its chunks are"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is wrong: in a viewer's store, or (`viewer_id` None) in the work of the fan-out."""

    kind: Kind
    viewer_id: int | None = None
    activity_id: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        where = f"viewer {self.viewer_id}: " if self.viewer_id is not None else ""
        which = f" (activity {self.activity_id})" if self.activity_id is not None else ""
        return f"{where}{self.kind}{which}{': ' if self.detail else ''}{self.detail}"


def differences(*, viewer_id: int | None = None) -> Iterator[Difference]:
    """Everything that is wrong, of one viewer or of all and of the fan-out."""
    states = FeedState.objects.order_by("pk")
    if viewer_id is not None:
        states = states.filter(pk=viewer_id)
    else:
        yield from _of_fanout()
    yield from _of_edges(viewer_id)
    last = -1
    while batch := list(states.filter(pk__gt=last).select_related("viewer")[:BATCH]):
        for state in batch:
            if _of_store(state):
                # Again, with what is true now: the first look may have met a delivery or a trim half-way.
                fresh = FeedState.objects.select_related("viewer").filter(pk=state.pk).first()
                yield from _of_store(fresh) if fresh else ()
        last = batch[-1].pk


def repair(found: Iterable[Difference]) -> int:
    """Put right what `differences` found; repeating it does no harm. Returns how many were put right.

    Stores are emptied and filled from the log in one transaction; work that is stuck is planned or rung for again.
    """
    done = 0
    rebuilt: set[int] = set()
    for difference in found:
        done += 1
        if difference.viewer_id is not None:
            if difference.viewer_id not in rebuilt:
                _rebuild(difference.viewer_id)
                rebuilt.add(difference.viewer_id)
        elif difference.activity_id is None:
            continue
        elif difference.kind is Kind.LOST_CHUNK:
            Activity.objects.filter(pk=difference.activity_id).update(fanout=Fanout.WAITING)
        elif difference.kind is Kind.TOO_EARLY:
            Activity.objects.filter(pk=difference.activity_id).update(delivered_at=None)
    fanout.sweep()
    return done


@transaction.atomic
def _rebuild(viewer_id: int) -> None:
    viewer = User.objects.select_for_update(no_key=True).get(pk=viewer_id)
    upkeep.drop_stores(viewer_ids=[viewer_id])
    Follow.objects.filter(follower=viewer).exclude(is_dormant=viewer.is_dormant).update(is_dormant=viewer.is_dormant)
    if not viewer.is_dormant:
        upkeep.ready_state(viewer)


# --- the stores


def _of_store(state: FeedState) -> list[Difference]:
    """What a store lacks or holds wrongly, some BATCH things at most. A stale one, or that of a dormant person, is
    filled before it is next read."""
    if state.is_stale or state.viewer.is_dormant:
        return []
    found: list[Difference] = []
    expected = _expected(state)
    want = next(expected, None)
    others: list[Entry] = []  # by nobody the viewer follows now
    for entry in _stored(state):
        while want is not None and want.activity_id > entry.activity_id:
            found.append(Difference(Kind.MISSING, state.pk, want.activity_id, f"clip {want.clip_id}"))
            want = next(expected, None)
        if want is not None and want.activity_id == entry.activity_id:
            if want.clip_id != entry.clip_id:
                detail = f"says {entry.clip_id}, the log {want.clip_id}"
                found.append(Difference(Kind.WRONG_CLIP, state.pk, entry.activity_id, detail))
            want = next(expected, None)
        else:
            others.append(entry)
        if len(others) == BATCH:
            found += _of_others(state, others)
            others = []
        if len(found) >= BATCH:
            return found
    found += _of_others(state, others)
    while want is not None and len(found) < BATCH:
        found.append(Difference(Kind.MISSING, state.pk, want.activity_id, f"clip {want.clip_id}"))
        want = next(expected, None)
    return found


def _expected(state: FeedState) -> Iterator[Entry]:
    """What the store must hold, newest first: all that was delivered, by whom the viewer follows, from the floor up."""
    rows = (
        Activity.objects.of_followees(state.viewer)
        .filter(delivered_at__isnull=False, pk__gte=state.floor)
        .order_by("-pk")
        .values_list("pk", "clip_id")
    )
    below = _END
    while batch := [Entry(*row) for row in rows.filter(pk__lt=below)[:BATCH]]:
        yield from batch
        below = batch[-1].activity_id


def _stored(state: FeedState) -> Iterator[Entry]:
    """What the store holds from the floor up, newest first."""
    below = _END
    while batch := get_store().window(state.pk, below=below, floor=state.floor, limit=BATCH):
        yield from batch
        below = batch[-1].activity_id


def _of_others(state: FeedState, entries: list[Entry]) -> list[Difference]:
    """Entries the log does not expect: right when their activity exists, by somebody followed before, say."""
    clips = dict(Activity.objects.filter(pk__in=[e.activity_id for e in entries]).values_list("pk", "clip_id"))
    found = []
    for entry in entries:
        clip_id = clips.get(entry.activity_id)
        if clip_id is None:
            found.append(Difference(Kind.NO_ACTIVITY, state.pk, entry.activity_id))
        elif clip_id != entry.clip_id:
            detail = f"says {entry.clip_id}, the log {clip_id}"
            found.append(Difference(Kind.WRONG_CLIP, state.pk, entry.activity_id, detail))
    return found


def _of_edges(viewer_id: int | None) -> Iterator[Difference]:
    """Edges that fan-out passes by although their follower is awake."""
    edges = Follow.objects.accepted().filter(is_dormant=True, follower__is_dormant=False)
    if viewer_id is not None:
        edges = edges.filter(follower=viewer_id)
    for follower, followee in edges.order_by("follower").values_list("follower", "followee").iterator(BATCH):
        yield Difference(Kind.SLEEPING_EDGE, follower, None, f"to {followee}")


# --- the work of the fan-out


def _of_fanout() -> Iterator[Difference]:
    long_ago = timezone.now() - STUCK_AFTER
    activities = Activity.objects.order_by("pk")
    for pk in _ids(activities.filter(fanout=Fanout.WAITING, created_at__lt=long_ago)):
        yield Difference(Kind.STUCK_ACTIVITY, None, pk)
    late = Q(lease_until=None) | Q(lease_until__lt=long_ago)
    open_chunks = FanoutChunk.objects.filter(done_at=None)
    for chunk_id in _ids(open_chunks.filter(late, created_at__lt=long_ago).order_by("pk")):
        yield Difference(Kind.STUCK_CHUNK, None, None, f"chunk {chunk_id}")
    mine = Exists(open_chunks.filter(pk=OuterRef("chunk")))
    cut = Exists(open_chunks.filter(activity=OuterRef("pk")))
    spread = activities.filter(Q(fanout=Fanout.PUSH) | Q(fanout=Fanout.SPLIT))
    for pk in _ids(spread.filter(~mine & ~cut, delivered_at=None)):
        yield Difference(Kind.LOST_CHUNK, None, pk)
    for pk in _ids(spread.filter(mine | cut, delivered_at__isnull=False)):
        yield Difference(Kind.TOO_EARLY, None, pk)


def _ids(rows: QuerySet[Any]) -> Iterator[int]:
    return rows.values_list("pk", flat=True).iterator(BATCH)
