"""Fan-out: late, twice, in any order, lost; stores spoilt and trimmed."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from feeds import fanout, upkeep
from feeds.models import Activity, FanoutChunk, FeedEntry
from feeds.stores import SqlFeedStore

from .base import NAMES, WHICH, WHO, Stage


class Delivery(Stage):
    @rule()
    def plan(self) -> None:
        self.bells.extend(fanout.plan() or [])

    @precondition(lambda self: self.bells)
    @rule(which=WHICH)
    def deliver(self, which: int) -> None:
        fanout.deliver(chunk_id=self.chosen(self.bells, which))

    @rule()
    def workers_catch_up(self) -> None:
        self.plan()
        for chunk_id in self.bells:
            fanout.deliver(chunk_id=chunk_id)

    @precondition(lambda self: self.bells)
    @rule(which=WHICH)
    def claim_and_die(self, which: int) -> None:
        """A worker is killed between its statement and its commit: the claim stays, the rows do not."""
        chunk = FanoutChunk.objects.filter(pk=self.chosen(self.bells, which), done_at=None, lease_until=None)
        if not chunk.exists():
            return
        before = FeedEntry.objects.count()
        killed = mock.patch.object(SqlFeedStore, "deliver", side_effect=_written_then_killed(SqlFeedStore.deliver))
        with killed, contextlib.suppress(_KilledError):
            fanout.deliver(chunk_id=chunk.get().pk)
        assert FeedEntry.objects.count() == before
        assert not chunk.exists()

    @rule()
    def lose_bells(self) -> None:
        self.bells.clear()

    @rule()
    def sweep_after_a_while(self) -> None:
        past = timezone.now() - timedelta(minutes=2)
        FanoutChunk.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)
        FanoutChunk.objects.update(created_at=past)
        Activity.objects.update(created_at=past)
        fanout.sweep()

    @rule()
    def forget_finished(self) -> None:
        fanout.forget_finished(older_than=timedelta(0))

    @rule(who=WHO, lost=st.booleans())
    def spoil_store(self, who: int, lost: bool) -> None:
        if lost:
            upkeep.drop_stores(viewer_ids=[self.ids[NAMES[who]]])
        else:
            upkeep.mark_stale(viewer_id=self.ids[NAMES[who]])

    @rule()
    def trim(self) -> None:
        upkeep.trim_stores(viewer_ids=list(self.ids.values()))


class _KilledError(Exception):
    """Stands for SIGKILL: the transaction is rolled back."""


def _written_then_killed(deliver: Any) -> Any:
    def wrapped(chunk: FanoutChunk) -> int:
        deliver(SqlFeedStore(), chunk)
        raise _KilledError

    return wrapped
