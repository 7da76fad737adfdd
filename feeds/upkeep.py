"""Keeping stores usable: fill a missing or stale one, trim a long one, drop those of dormant people."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.prepared import Prepared

from .models import Activity, FeedState
from .stores import Entry, get_store


def mark_stale(*, viewer_id: int) -> None:
    """The viewer's store may miss something from now on: the next read fills it.

    The state is made when there is none: a first read that runs at the same time makes one too, must wait for
    this transaction then, and cannot call its store complete without the new edge."""
    FeedState.objects.bulk_create([FeedState(viewer_id=viewer_id)], ignore_conflicts=True)
    FeedState.objects.filter(viewer=viewer_id).update(version=F("version") + 1)


_STATE = Prepared(
    lambda viewer, ids: FeedState.objects.filter(viewer=viewer).values_list("version", "built_version", "floor")
)


def ready_state(viewer: User) -> FeedState:
    """The state of the viewer's store, filled first when it is missing or stale."""
    row = next(iter(_STATE.rows(viewer.pk)), None)
    if row is None:
        state, _ = FeedState.objects.get_or_create(viewer=viewer)
    else:
        state = FeedState(viewer_id=viewer.pk, version=row[0], built_version=row[1], floor=row[2])
    # Fan-out passes dormant people by, so theirs is never complete, even when a read did not wake them.
    return fill_store(viewer, state) if state.is_stale or viewer.is_dormant else state


def fill_store(viewer: User, state: FeedState) -> FeedState:
    """Fill the store from the log with the newest FEED_LENGTH activities of the viewer's followees.

    The version is the one read *before* the log: an edge that comes while this runs leaves the store stale.
    What lies below the floor stays until `trim_stores`, see there."""
    entries = [
        Entry(*row)
        for row in Activity.objects.of_followees(viewer)
        .order_by("-pk")
        .values_list("pk", "clip_id")[: settings.FEED_LENGTH]
    ]
    floor = entries[-1].activity_id if len(entries) == settings.FEED_LENGTH else 0
    state.built_version, state.floor, state.built_at = state.version, floor, timezone.now()
    with transaction.atomic():
        # Entries and floor change together: of two fills, or a fill and a trim, each must see the other's end.
        FeedState.objects.select_for_update().filter(viewer=viewer).values_list("pk").first()
        get_store().fill(viewer.pk, entries)
        FeedState.objects.filter(viewer=viewer).update(
            built_version=state.built_version, floor=floor, built_at=state.built_at
        )
    return state


def trim_stores(*, viewer_ids: list[int]) -> int:
    """Remove what lies below these viewers' floors, then raise each floor to its newest FEED_LENGTH entries.

    In this order, so that what a page is reading with the floor of a moment ago goes only the next time, an hour
    later. Returns how many stores were cut."""
    cut = 0
    for viewer_id in viewer_ids:
        with transaction.atomic():
            state = FeedState.objects.select_for_update().filter(viewer=viewer_id).first()
            if state is None:
                continue
            cut += bool(get_store().forget(viewer_id, below=state.floor))
            lowest = get_store().edge(viewer_id, length=settings.FEED_LENGTH)
            if lowest is not None and lowest > state.floor:
                FeedState.objects.filter(viewer=viewer_id).update(floor=lowest)
    return cut


def drop_stores(*, viewer_ids: list[int]) -> None:
    """Forget the stores of people who went dormant or left."""
    FeedState.objects.filter(viewer__in=viewer_ids).delete()
    get_store().drop(viewer_ids)
