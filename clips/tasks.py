"""Celery entry points: the media work and housekeeping (queue `media`), scheduled publishing (queue `default`)."""

from __future__ import annotations

from celery import shared_task

from . import processing, publication
from .talk import comments, counts


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


@shared_task(time_limit=600)  # seconds
def purge_comments() -> None:
    """Hourly: erase comments that were deleted a day ago."""
    while comments.purge_comments():
        pass


@shared_task(time_limit=1_200)  # seconds; some two for a million likes
def recount_talk() -> None:
    """Daily: counts of likes and comments against their rows; what drifted is logged and put right."""
    counts.audit(fix=True)


@shared_task(time_limit=60)  # seconds
def publish_due() -> None:
    """Publish the scheduled clips whose time has come."""
    publication.publish_due()
