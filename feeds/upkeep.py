"""Keeping stores usable: fill a missing or stale one, trim a long one, drop those of dormant people."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import User

from .models import Activity, FeedState
from .stores import Entry, get_store

TRIM_SLACK = 1.25  # a store may grow to FEED_LENGTH times this before it is cut


def mark_stale(*, viewer_id: int) -> None:
    """The viewer's store may miss something from now on: the next read fills it."""
    FeedState.objects.filter(viewer=viewer_id).update(version=F("version") + 1)


def ready_state(viewer: User) -> FeedState:
    """The state of the viewer's store, filled first when it is missing or stale."""
    state = FeedState.objects.filter(viewer=viewer).first()
    if state is None:
        state, _ = FeedState.objects.get_or_create(viewer=viewer)
    return fill_store(viewer, state) if state.is_stale else state


def fill_store(viewer: User, state: FeedState) -> FeedState:
    """Fill the store from the log with the newest FEED_LENGTH activities of the viewer's followees.

    The version is the one read *before* the log: an edge that comes while this runs leaves the store stale."""
    entries = [
        Entry(*row)
        for row in Activity.objects.of_followees(viewer)
        .order_by("-pk")
        .values_list("pk", "clip_id")[: settings.FEED_LENGTH]
    ]
    floor = entries[-1].activity_id if len(entries) == settings.FEED_LENGTH else 0
    get_store().fill(viewer.pk, entries, floor=floor)
    state.built_version, state.floor, state.built_at = state.version, floor, timezone.now()
    FeedState.objects.filter(viewer=viewer).update(
        built_version=state.built_version, floor=floor, built_at=state.built_at
    )
    return state


def trim_stores(*, viewer_ids: list[int]) -> int:
    """Cut these viewers' stores to FEED_LENGTH and raise their floor. Returns how many were cut."""
    cut = 0
    for viewer_id in viewer_ids:
        lowest = get_store().trim(viewer_id, length=settings.FEED_LENGTH)
        if lowest is not None:
            FeedState.objects.filter(viewer=viewer_id, floor__lt=lowest).update(floor=lowest)
            cut += 1
    return cut


def drop_stores(*, viewer_ids: list[int]) -> None:
    """Forget the stores of people who went dormant or left."""
    FeedState.objects.filter(viewer__in=viewer_ids).delete()
    get_store().drop(viewer_ids)
