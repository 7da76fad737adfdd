"""Ringing Celery. A bell only speeds things up: the rows are the queue, and a sweep finds what was not rung."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: str, *args: int) -> None:
    """Send a task by name, after the commit. Never raises: what was committed stands, with or without a broker."""
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, OSError):
        logger.warning("bell %s not rung: broker unreachable, the sweep will find the work", task)
    except Exception:
        # A broker that is full or read-only answers with errors of its own.
        logger.exception("bell %s not rung, the sweep will find the work", task)
