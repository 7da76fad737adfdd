"""The media work on a clip: claim it with a lease, run the jailed pipeline, publish or fail.

The clip's row is the queue (`state = processing`); `ring` only wakes a worker, and a beat sweep finds what was not
rung or whose worker died. A clip whose workers died `MAX_ATTEMPTS` times fails rather than kill a fourth one.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts import bell
from accounts.languages import speaking_to

from . import files, publication
from .media import pipeline
from .media.limits import MediaFailed, MediaLimits, MediaRefused
from .media.words import sentence
from .models import Clip, ClipState, Rendition
from .querysets import ClipQuerySet
from .signals import clip_failed, clip_progressed, clip_published
from .tags.keeping import keep_caption

logger = logging.getLogger(__name__)

# Renewed at every percent of progress; the longest allowed work (900 s) makes one every 9 s.
LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 3


def ring() -> None:
    """Wake a media worker. A lost bell costs time, never the clip: the sweep finds it."""
    bell.ring("clips.tasks.process_waiting")


def waiting() -> list[int]:
    """Ids of clips that nobody works on, oldest first."""
    now = timezone.now()
    return list(
        Clip.objects.in_processing()
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .order_by("pk")
        .values_list("pk", flat=True)[:100]
    )


class _ClaimLostError(Exception):
    """The clip was deleted, or the lease ran out and another worker has it."""


def process_clip(*, clip_id: int, convert: Callable[..., pipeline.MediaResult] | None = None) -> bool:
    """Process one clip if nobody else holds it. False when it was held, done, deleted or unknown.

    `convert` takes the place of `pipeline.process`: the demo hands over what the same pipeline made before."""
    now = timezone.now()
    claimed = (
        Clip.objects.in_processing()
        .filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=clip_id)
        .update(lease_until=now + LEASE, attempts=F("attempts") + 1, progress=0)
    )
    if not claimed:
        return False
    clip = Clip.objects.get(pk=clip_id)
    if clip.attempts > MAX_ATTEMPTS:
        with speaking_to(clip.author):
            _fail(clip, "gave_up", gettext("Processing stopped several times without an answer."))
        return True
    out_name = f"clips/{files.new_key()}"
    out_dir = files.absolute(out_name)
    published = False
    try:
        out_dir.mkdir(parents=True)
        result = (convert or pipeline.process)(
            files.absolute(clip.original),
            out_dir,
            limits=MediaLimits(),
            on_progress=lambda percent: _note_progress(clip, percent),
        )
        published = _publish(clip, out_name, result)
    except _ClaimLostError:
        pass
    except (MediaRefused, MediaFailed) as error:
        with speaking_to(clip.author):
            _fail(clip, error.code, sentence(error))
    except OSError as error:
        logger.exception("media work on clip %s: storage", clip_id)
        with speaking_to(clip.author):
            told = gettext("The server could not store the result (%(fault)s).")
            _fail(clip, "storage", told % {"fault": error.strerror or "I/O error"})
    finally:
        if not published:
            shutil.rmtree(out_dir, ignore_errors=True)
    return True


def _claimed(clip: Clip) -> ClipQuerySet:
    """The clip's row while this worker's claim holds: each claim has an attempt number of its own."""
    return Clip.objects.in_processing().filter(pk=clip.pk, attempts=clip.attempts)


def _note_progress(clip: Clip, percent: int) -> None:
    """Show the progress and renew the lease. Raises _ClaimLostError, which ends the work."""
    moved = _claimed(clip).update(progress=min(percent, 99), lease_until=timezone.now() + LEASE)
    if not moved:
        raise _ClaimLostError
    clip_progressed.send(Clip, clip=clip)


@transaction.atomic
def _publish(clip: Clip, out_name: str, result: pipeline.MediaResult) -> bool:
    """Write the result and announce the clip, exactly once; a draft, or one whose time has not come, is held.

    False when the claim was lost meanwhile."""
    now = timezone.now()
    moved = _claimed(clip).update(
        **publication.outcome(now),
        progress=100,
        lease_until=None,
        duration_ms=result.duration_ms,
        width=result.width,
        height=result.height,
        has_audio=result.has_audio,
        sha256=result.sha256,
        poster=_stored(out_name, result.poster),
        placeholder=result.placeholder,
    )
    if not moved:
        return False
    Rendition.objects.bulk_create(
        Rendition(
            clip=clip,
            short_edge=made.short_edge,
            width=made.width,
            height=made.height,
            bytes=made.bytes,
            path=_stored(out_name, made.path),
        )
        for made in result.renditions
    )
    clip.refresh_from_db()
    if clip.state == ClipState.READY:
        keep_caption(clip)
        clip_published.send(Clip, clip=clip)
    else:
        clip_progressed.send(Clip, clip=clip)
    return True


def _stored(out_name: str, path: Path) -> str:
    return f"{out_name}/{path.name}"


@transaction.atomic
def _fail(clip: Clip, code: str, detail: str) -> None:
    """Write why, and announce it, unless the claim was lost meanwhile."""
    failure = {"failure_code": code[:40], "failure_detail": detail[:300]}
    if _claimed(clip).update(state=ClipState.FAILED, lease_until=None, **failure):
        clip.refresh_from_db()
        clip_failed.send(Clip, clip=clip)


def erase_files(*, clip_id: int) -> None:
    """Remove every byte of a deleted clip: original, renditions, poster."""
    clip = Clip.objects.filter(pk=clip_id, deleted_at__isnull=False).prefetch_related("renditions").first()
    if clip is None:
        return
    for name in {clip.original, clip.poster, *(made.path for made in clip.renditions.all())}:
        files.delete_folder(name)
    with transaction.atomic():
        clip.renditions.all().delete()
        Clip.objects.filter(pk=clip_id).update(original="", poster="")


def erase_leftovers() -> int:
    """Hourly: erase what a process that died had no time to: files of deleted clips, scratch of killed workers.

    Returns how many clips and scratch folders were erased."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    left = list(
        Clip.objects.filter(deleted_at__lt=an_hour_ago).exclude(original="").values_list("pk", flat=True)[:1_000]
    )
    for clip_id in left:
        erase_files(clip_id=clip_id)
    return len(left) + files.erase_scratch(older_than=timedelta(days=1))
