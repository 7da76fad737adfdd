"""Keeping caption tracks. Who may read them is asked by the caller, as for the clip's other files."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from clips.exceptions import NotPrepared, TooManyTracks
from clips.models import CaptionTrack, Clip

from . import webvtt
from .webvtt import Cue

MAX_TRACKS = 20  # languages of a clip


def cues_of(track: CaptionTrack, *, duration_ms: int) -> list[Cue]:
    """The cues of a stored track. `duration_ms` is the clip's."""
    return webvtt.parse(track.vtt, duration_ms=duration_ms)


def check_prepared(clip: Clip) -> None:
    """Raises: NotPrepared while the length of the clip is not known, to which every time is held."""
    if not clip.is_prepared:
        raise NotPrepared


@transaction.atomic
def put_track(*, clip: Clip, language: str, cues: list[Cue]) -> tuple[CaptionTrack, bool]:
    """Keep `cues` as the captions of `clip` in `language` (a canonical tag), in place of what was there.

    Returns (track, created). Raises: NotPrepared while the length of the clip is not known; TooManyTracks."""
    check_prepared(clip)
    _lock(clip)
    others = CaptionTrack.objects.filter(clip=clip).exclude(language=language)
    if others.count() >= MAX_TRACKS:
        raise TooManyTracks
    track, created = CaptionTrack.objects.update_or_create(
        clip=clip,
        language=language,
        defaults={"vtt": webvtt.write(cues), "cue_count": len(cues), "updated_at": timezone.now()},
    )
    _recount(clip)
    return track, created


@transaction.atomic
def delete_track(*, clip: Clip, language: str) -> None:
    """Remove a track. Nothing happens when there is none."""
    _lock(clip)
    CaptionTrack.objects.filter(clip=clip, language=language).delete()
    _recount(clip)


def _lock(clip: Clip) -> None:
    """Two writers of one clip's tracks go one after the other, so that the list of languages is of both."""
    Clip.objects.select_for_update(no_key=True).filter(pk=clip.pk).values_list("pk").first()


def _recount(clip: Clip) -> None:
    tags = CaptionTrack.objects.filter(clip=clip).order_by("language").values_list("language", flat=True)
    clip.caption_languages = " ".join(tags)
    Clip.objects.filter(pk=clip.pk).update(caption_languages=clip.caption_languages)
