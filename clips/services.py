"""Every write on clips but the media work (`clips.processing`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from . import files, processing
from .exceptions import NotRetryable, StorageFull, TooManyUploads, UploadRefused
from .media.limits import MediaLimits
from .media.sniff import sniff
from .models import (
    ALT_TEXT_LENGTH,
    CAPTION_LENGTH,
    Audience,
    Clip,
    ClipState,
    CommentPolicy,
    RepostPolicy,
    Watch,
)
from .signals import clip_watched
from .tags.keeping import keep_caption
from .text import clean_text

WATCHED_MS = 2_000  # from here on a clip counts as watched …
WATCHED_SHARE = 0.5  # … or from half of it, for very short ones


def _text(field: str, value: str, limit: int) -> str:
    cleaned = clean_text(value)
    if len(cleaned) > limit:
        raise UploadRefused(f"The {field} has at most {limit} characters.", code=f"{field}_too_long".replace(" ", "_"))
    return cleaned


def check_upload(video: UploadedFile, limits: MediaLimits | None = None) -> None:
    """Refuse at the door what the first bytes and the size already tell.

    Raises: MediaRefused, UploadRefused, StorageFull when the upload handler found no room for the bytes."""
    limits = limits or MediaLimits()
    if getattr(video, "no_room", False):
        raise StorageFull
    if not video.size:
        raise UploadRefused("The file is empty.", code="empty")
    if video.size > limits.max_bytes:
        raise UploadRefused(f"The file is larger than {limits.max_bytes // 2**20} MB.", code="too_large")
    video.seek(0)
    head = video.read(4096)
    video.seek(0)
    sniff(head, limits)


def create_clip(
    *,
    author: User,
    video: UploadedFile,
    caption: str = "",
    alt_text: str = "",
    visibility: str = Audience.PUBLIC,
    allow_reposts: str = RepostPolicy.YES,
    allow_comments: str = CommentPolicy.EVERYONE,
) -> Clip:
    """Keep the upload privately and queue its processing. The clip is published when that ends well.

    Raises: UploadRefused, MediaRefused, StorageFull, TooManyUploads; nothing is kept then.
    """
    caption = _text("caption", caption, CAPTION_LENGTH)
    alt_text = _text("alt text", alt_text, ALT_TEXT_LENGTH)
    check_upload(video)
    if Clip.objects.in_processing().filter(author=author).count() >= settings.UPLOADS_IN_PROCESSING:
        raise TooManyUploads
    original = files.store_original(video.chunks(), size=video.size or 0)
    try:
        with transaction.atomic():
            clip = Clip.objects.create(
                author=author,
                caption=caption,
                alt_text=alt_text,
                visibility=Audience(visibility),
                allow_reposts=RepostPolicy(allow_reposts),
                allow_comments=CommentPolicy(allow_comments),
                original=original,
                original_name=clean_text(video.name or "")[:200],
                original_bytes=video.size or 0,
            )
            transaction.on_commit(processing.ring)
    except BaseException:
        files.delete_folder(original)
        raise
    return clip


@transaction.atomic
def update_clip(*, clip: Clip, **changes: Any) -> Clip:
    """Change caption, alt_text, visibility, allow_reposts or allow_comments; feeds obey at their next read.

    Raises: UploadRefused for texts that are too long."""
    allowed = {"caption", "alt_text", "visibility", "allow_reposts", "allow_comments"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if "caption" in changes:
        changes["caption"] = _text("caption", changes["caption"], CAPTION_LENGTH)
    if "alt_text" in changes:
        changes["alt_text"] = _text("alt text", changes["alt_text"], ALT_TEXT_LENGTH)
    if "visibility" in changes:
        changes["visibility"] = Audience(changes["visibility"])
    if "allow_reposts" in changes:
        changes["allow_reposts"] = RepostPolicy(changes["allow_reposts"])
    if "allow_comments" in changes:
        changes["allow_comments"] = CommentPolicy(changes["allow_comments"])
    for field, value in changes.items():
        setattr(clip, field, value)
    if changes:
        clip.save(update_fields=list(changes))
    if "caption" in changes:
        keep_caption(clip)
    return clip


@transaction.atomic
def delete_clip(*, clip: Clip) -> None:
    """The author deletes a clip: hidden from the next read on, its bytes go after the commit."""
    moved = Clip.objects.filter(pk=clip.pk, deleted_at=None).update(deleted_at=timezone.now())
    if moved:
        transaction.on_commit(lambda: processing.erase_files(clip_id=clip.pk))


@transaction.atomic
def retry_clip(*, clip: Clip) -> None:
    """Queue a failed clip again. Raises: NotRetryable unless it failed."""
    moved = Clip.objects.filter(pk=clip.pk, state=ClipState.FAILED, deleted_at=None).update(
        state=ClipState.PROCESSING,
        progress=0,
        attempts=0,
        failure_code="",
        failure_detail="",
        lease_until=None,
    )
    if not moved:
        raise NotRetryable
    transaction.on_commit(processing.ring)


@transaction.atomic
def record_watch(*, viewer: User, clip: Clip, ms: int) -> Watch:
    """Remember how far `viewer` got, in milliseconds from the start; less than before changes nothing."""
    ms = max(0, min(ms, clip.duration_ms or ms))
    watch, _ = Watch.objects.get_or_create(viewer=viewer, clip=clip)
    if ms > watch.furthest_ms:
        Watch.objects.filter(pk=watch.pk, furthest_ms__lt=ms).update(furthest_ms=ms, updated_at=timezone.now())
        watch.furthest_ms = ms
    enough = min(WATCHED_MS, int((clip.duration_ms or WATCHED_MS) * WATCHED_SHARE))
    if watch.watched_at is None and watch.furthest_ms >= enough:
        now = timezone.now()
        if Watch.objects.filter(pk=watch.pk, watched_at=None).update(watched_at=now):
            watch.watched_at = now
            recount_watches(clip_id=clip.pk)
            clip_watched.send(Watch, user=viewer, clip=clip)
    return watch


def recount_watches(*, clip_id: int) -> None:
    """Set `watch_count` to the number of people who watched. The row is locked first, see `recount_reposts`."""
    Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()
    count = Watch.objects.filter(Q(watched_at__isnull=False), clip_id=clip_id).count()
    Clip.objects.filter(pk=clip_id).update(watch_count=count)
