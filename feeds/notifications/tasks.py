"""Celery entry points of the notifications: mail (queue `mail`) and housekeeping. Safe to repeat."""

from __future__ import annotations

import logging

from celery import shared_task

from accounts.bell import ring

from . import digest, services

logger = logging.getLogger(__name__)


@shared_task(time_limit=60)  # seconds
def sweep_digests() -> None:
    """Ring for everybody whose digest is due."""
    for user_id in digest.due():
        ring("feeds.notifications.tasks.send_digest", user_id)


@shared_task(time_limit=60)  # seconds
def send_digest(user_id: int) -> None:
    try:
        digest.send(user_id=user_id)
    except OSError as error:
        logger.warning("digest not sent, the next sweep tries again: %s", type(error).__name__)


@shared_task(time_limit=600)  # seconds
def forget_old_notifications() -> None:
    services.forget_old()
