"""Ringing Celery. A bell only speeds things up: the rows are the queue, and the sweep finds what was not rung."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def _ring(task: str, *args: int) -> None:
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, OSError):
        logger.warning("bell %s not rung: broker unreachable, the sweep will find the work", task)
    except Exception:
        # A broker that is full or read-only answers with errors of its own. What was committed stands anyway.
        logger.exception("bell %s not rung, the sweep will find the work", task)


def ring_planner() -> None:
    _ring("feeds.tasks.plan_fanout")


def ring_chunk(chunk_id: int) -> None:
    _ring("feeds.tasks.deliver_chunk", chunk_id)
