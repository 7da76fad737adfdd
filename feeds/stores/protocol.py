"""What a feed store must do. All methods are idempotent; none decides what a viewer may see."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from feeds.models import FanoutChunk


class Entry(NamedTuple):
    """A proposal: `activity_id` (also its place in the feed) and the clip that it is about."""

    activity_id: int
    clip_id: int


class FeedStore(Protocol):
    def deliver(self, chunk: FanoutChunk) -> int:
        """Write a chunk's activities into the stores of its awake followers. Returns rows written anew."""

    def window(self, viewer_id: int, *, below: int, floor: int, limit: int) -> list[Entry]:
        """Up to `limit` entries with `floor` <= activity id < `below`, newest first."""

    def fill(self, viewer_id: int, entries: list[Entry]) -> None:
        """Add `entries`. Never removes anything: a delivery that runs at the same time must survive, and an
        entry too many is only a proposal that the read turns down."""

    def edge(self, viewer_id: int, *, length: int) -> int | None:
        """The activity id of the oldest of the newest `length` entries; None when there are fewer."""

    def forget(self, viewer_id: int, *, below: int) -> int:
        """Remove the entries below an activity id. Returns how many."""

    def drop(self, viewer_ids: list[int]) -> None:
        """Forget these viewers' stores."""
