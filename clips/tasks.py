"""Celery entry points of the media work (queue `media`)."""

from __future__ import annotations

from celery import shared_task

from . import processing


@shared_task(time_limit=1_200)  # seconds; the jail ends one clip after 900
def process_waiting() -> None:
    """Work on the oldest clip that nobody holds, and ring again while more are waiting."""
    for clip_id in processing.waiting():
        if processing.process_clip(clip_id=clip_id):
            if processing.waiting():
                processing.ring()
            return


@shared_task(time_limit=30)  # seconds
def sweep_media() -> None:
    """Find clips whose bell was lost or whose worker died."""
    if processing.waiting():
        processing.ring()


@shared_task(time_limit=600)  # seconds
def tidy_media() -> None:
    """Hourly: erase the files of deleted clips, and scratch, that a process which died left behind."""
    processing.erase_leftovers()
