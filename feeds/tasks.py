"""Celery entry points of the fan-out and the stores (queue `feeds`). Ids in, nothing out, safe to repeat."""

from __future__ import annotations

from celery import shared_task

from accounts import services as accounts

from . import bell, fanout, trending, upkeep
from .models import FeedState
from .notifications import tasks as notifications  # noqa: F401 -- Celery looks for tasks here only
from .search import upkeep as search_upkeep


@shared_task(time_limit=60)  # seconds
def plan_fanout() -> None:
    """Plan waiting activities and ring for each chunk, until none waits."""
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            bell.ring_chunk(chunk_id)


@shared_task(time_limit=60)  # seconds; one chunk takes well under one
def deliver_chunk(chunk_id: int) -> None:
    fanout.deliver(chunk_id=chunk_id)


@shared_task(time_limit=60)  # seconds
def sweep_fanout() -> None:
    fanout.sweep()


@shared_task(time_limit=600)  # seconds
def retire_inactive_feeds() -> None:
    """Hourly: put people who stay away to rest, trim long stores, forget finished chunks."""
    while accounts.retire_dormant():
        pass
    fanout.forget_finished()
    ids = FeedState.objects.order_by("pk").values_list("pk", flat=True)
    upkeep.trim_stores(viewer_ids=list(ids.iterator(chunk_size=2_000)))


@shared_task(time_limit=600)  # seconds
def sweep_search() -> None:
    """Hourly: what was written past every signal comes into the index, and people are weighed again."""
    search_upkeep.sweep()


@shared_task(time_limit=120)  # seconds; some 0.1 s for 10,000 clips of two weeks
def refresh_trending() -> None:
    trending.refresh()
