"""Every write on clips but the media work (`clips.processing`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from . import files, processing, publication
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
    Plan,
    RepostPolicy,
    Watch,
    WatchSource,
)
from .signals import clip_progressed, clip_watched
from .tags.keeping import keep_caption
from .text import clean_text

WATCHED_MS = 2_000  # from here on a clip counts as watched …
WATCHED_SHARE = 0.5  # … or from half of it, for very short ones
PLAY_STEP = timedelta(seconds=2)  # nobody begins anew more often
MOST_PLAYS = 1_000_000  # by one person; keeps a loop of requests inside the column


def _text(field: str, value: str, limit: int) -> str:
    cleaned = clean_text(value)
    if len(cleaned) > limit:
        sentence = {
            "caption": _("The caption has at most %(limit)s characters."),
            "alt_text": _("The alt text has at most %(limit)s characters."),
        }[field]
        raise UploadRefused(sentence % {"limit": limit}, code=f"{field}_too_long")
    return cleaned


def check_upload(video: UploadedFile, limits: MediaLimits | None = None) -> None:
    """Refuse at the door what the first bytes and the size already tell.

    Raises: MediaRefused, UploadRefused, StorageFull when the upload handler found no room for the bytes."""
    limits = limits or MediaLimits()
    if getattr(video, "no_room", False):
        raise StorageFull
    if not video.size:
        raise UploadRefused(_("The file is empty."), code="empty")
    if video.size > limits.max_bytes:
        text = _("The file is larger than %(megabytes)s MB.") % {"megabytes": limits.max_bytes // 2**20}
        raise UploadRefused(text, code="too_large")
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
    publish: str = Plan.NOW,
    publish_at: datetime | None = None,
    upload_key: UUID | None = None,
) -> Clip:
    """Keep the upload privately and queue its processing. When that ends well the clip is published, or held as
    `publish` (a Plan) and `publish_at` say. With an `upload_key` that this author sent before, nothing is kept and
    the clip of then is returned: whoever lost the answer sends again.

    Raises: UploadRefused, MediaRefused, StorageFull, TooManyUploads, TooManyHeld, BadSchedule; nothing is kept then.
    """
    if sent := _sent_before(author, upload_key):
        return sent
    publish_at = publication.check_plan(publish, publish_at)
    caption = _text("caption", caption, CAPTION_LENGTH)
    alt_text = _text("alt_text", alt_text, ALT_TEXT_LENGTH)
    check_upload(video)
    if Clip.objects.in_processing().filter(author=author).count() >= settings.UPLOADS_IN_PROCESSING:
        raise TooManyUploads
    if publish != Plan.NOW:
        publication.check_room(author)
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
                plan=Plan(publish),
                publish_at=publish_at,
                upload_key=upload_key,
                original=original,
                original_name=clean_text(video.name or "")[:200],
                original_bytes=video.size or 0,
            )
            clip_progressed.send(Clip, clip=clip)
            transaction.on_commit(processing.ring)
    except BaseException as error:
        files.delete_folder(original)
        if isinstance(error, IntegrityError) and (sent := _sent_before(author, upload_key)):
            return sent  # the first one was on its way at the same time
        raise
    return clip


def _sent_before(author: User, upload_key: UUID | None) -> Clip | None:
    return Clip.objects.filter(author=author, upload_key=upload_key).first() if upload_key else None


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
        changes["alt_text"] = _text("alt_text", changes["alt_text"], ALT_TEXT_LENGTH)
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
    clip_progressed.send(Clip, clip=clip)
    transaction.on_commit(processing.ring)


@transaction.atomic
def record_watch(
    *, viewer: User, clip: Clip, ms: int, play: bool = False, source: str = WatchSource.OTHER, via_id: int | None = None
) -> Watch:
    """Remember how far `viewer` got, in milliseconds from the start; less than before changes nothing.

    `play`: they began to watch anew; counted at most once in PLAY_STEP, so that repeating it is harmless. `source`
    is where they met the clip and `via_id` the repost that brought it: both hold from the first report on."""
    ms = max(0, min(ms, clip.duration_ms or ms))
    now = timezone.now()
    watch, created = Watch.objects.get_or_create(
        viewer=viewer, clip=clip, defaults={"source": WatchSource(source), "played_at": now}
    )
    if play and not created and now - watch.played_at >= PLAY_STEP:
        again = Watch.objects.filter(pk=watch.pk, played_at=watch.played_at, plays__lt=MOST_PLAYS)
        again.update(plays=F("plays") + 1, played_at=now)
    if ms > watch.furthest_ms:
        Watch.objects.filter(pk=watch.pk, furthest_ms__lt=ms).update(furthest_ms=ms, updated_at=now)
        watch.furthest_ms = ms
    enough = min(WATCHED_MS, int((clip.duration_ms or WATCHED_MS) * WATCHED_SHARE))
    counts = watch.watched_at is None and watch.furthest_ms >= enough
    if counts and Watch.objects.filter(pk=watch.pk, watched_at=None).update(watched_at=now):
        watch.watched_at = now
        recount_watches(clip_id=clip.pk)
        clip_watched.send(Watch, user=viewer, clip=clip, via_id=via_id)
    return watch


def recount_watches(*, clip_id: int) -> None:
    """Set `watch_count` to the number of people who watched. The row is locked first, see `recount_reposts`."""
    Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()
    count = Watch.objects.filter(Q(watched_at__isnull=False), clip_id=clip_id).count()
    Clip.objects.filter(pk=clip_id).update(watch_count=count)
