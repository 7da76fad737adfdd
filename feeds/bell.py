"""The bells of the fan-out."""

from __future__ import annotations

from accounts.bell import ring


def ring_planner() -> None:
    ring("feeds.tasks.plan_fanout")


def ring_chunk(chunk_id: int) -> None:
    ring("feeds.tasks.deliver_chunk", chunk_id)
