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

    def fill(self, viewer_id: int, entries: list[Entry], *, floor: int) -> None:
        """Add `entries` and forget what lies below `floor`. Never removes anything above it: a delivery that
        runs at the same time must survive, and an entry too many is only a proposal that the read turns down."""

    def trim(self, viewer_id: int, *, length: int) -> int | None:
        """Keep the newest `length` entries. Returns the lowest id kept when something was cut, else None."""

    def drop(self, viewer_ids: list[int]) -> None:
        """Forget these viewers' stores."""
