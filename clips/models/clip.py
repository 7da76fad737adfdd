"""The clip itself, its files, and who watched it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.words import FoldedField, FoldedTexts

from ..querysets import ClipQuerySet

CAPTION_LENGTH = 2_200
ALT_TEXT_LENGTH = 1_000
LANGUAGE_LENGTH = 35  # characters: what RFC 5646 (4.4.1) asks implementations to take at least


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    FOLLOWERS = "followers", _("Followers only")


class RepostPolicy(models.TextChoices):
    """The author's choice per clip. It holds retroactively: feeds ask it at every read."""

    YES = "yes", _("Allowed")
    WITH_COMMENT = "with_comment", _("Only with a comment")
    NO = "no", _("Not allowed")


class CommentPolicy(models.TextChoices):
    """Who may write a comment, among those who see the clip. What was written before stays."""

    EVERYONE = "everyone", _("Everyone who sees it")
    FOLLOWING = "following", _("People you follow")
    NOBODY = "nobody", _("Nobody")


class ClipState(models.TextChoices):
    """Where a clip stands. `ready` means published: every rule of visibility starts from it, so a clip that is
    only prepared (`held`) is hidden by default wherever nobody thought of drafts."""

    PROCESSING = "processing", _("Processing")
    READY = "ready", _("Published")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Prepared, not published")


class Plan(models.TextChoices):
    """What becomes of a clip when its video is prepared. A published clip has `now`."""

    NOW = "now", _("Publish")
    DRAFT = "draft", _("Draft")
    AT = "at", _("Scheduled")


class Clip(FoldedTexts):
    """A short video. Visible to others once `ready`; `deleted_at` (author) and `removed_at` (moderator) hide it.

    `plan` and `publish_at` say what the author wants, `state` what has become of it: see `clips.publication`."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="clips")
    caption = models.CharField(max_length=CAPTION_LENGTH, blank=True)
    caption_words = FoldedField(source="caption")
    alt_text = models.CharField(max_length=ALT_TEXT_LENGTH, blank=True)
    visibility = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    allow_reposts = models.CharField(max_length=12, choices=RepostPolicy, default=RepostPolicy.YES)
    allow_comments = models.CharField(max_length=10, choices=CommentPolicy, default=CommentPolicy.EVERYONE)

    state = models.CharField(max_length=10, choices=ClipState, default=ClipState.PROCESSING)
    plan = models.CharField(max_length=5, choices=Plan, default=Plan.NOW)
    publish_at = models.DateTimeField(null=True, blank=True, help_text=_("When a scheduled clip is to be published."))
    progress = models.PositiveSmallIntegerField(default=0, help_text=_("Percent of the processing done."))
    failure_code = models.CharField(max_length=40, blank=True)
    failure_detail = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True, help_text=_("A worker holds the media work until then."))

    original = models.CharField(max_length=200, help_text=_("Private path below MEDIA_ROOT; never served."))
    upload_key = models.UUIDField(
        null=True, blank=True, help_text=_("Chosen by the sender, so that an upload sent again is the same one.")
    )
    original_name = models.CharField(max_length=200, blank=True)
    original_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    duration_ms = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    has_audio = models.BooleanField(default=False)
    poster = models.CharField(max_length=200, blank=True)
    placeholder = models.TextField(blank=True, help_text=_("A tiny blurred picture as a data: URL."))
    caption_languages = models.CharField(
        max_length=800,
        blank=True,
        help_text=_("Languages of its caption tracks with blanks between, recounted from the rows."),
    )

    repost_count = models.PositiveIntegerField(default=0, help_text=_("Live reposts, recounted from the rows."))
    watch_count = models.PositiveIntegerField(default=0, help_text=_("People who watched, recounted."))
    like_count = models.PositiveIntegerField(default=0, help_text=_("Likes, changed with their rows."))
    comment_count = models.PositiveIntegerField(default=0, help_text=_("Standing comments and replies."))

    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(visibility__in=Audience.values), name="clips_clip_visibility"),
            models.CheckConstraint(condition=Q(allow_reposts__in=RepostPolicy.values), name="clips_clip_allow_reposts"),
            models.CheckConstraint(
                condition=Q(allow_comments__in=CommentPolicy.values), name="clips_clip_allow_comments"
            ),
            models.CheckConstraint(condition=Q(state__in=ClipState.values), name="clips_clip_state"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="clips_clip_progress"),
            models.CheckConstraint(
                condition=~Q(state=ClipState.READY) | Q(published_at__isnull=False),
                name="clips_clip_ready_is_published",
            ),
            models.CheckConstraint(condition=Q(plan__in=Plan.values), name="clips_clip_plan"),
            models.UniqueConstraint(
                fields=["author", "upload_key"],
                condition=Q(upload_key__isnull=False),
                name="clips_clip_uploaded_once",
            ),
            models.CheckConstraint(
                condition=Q(plan=Plan.AT, publish_at__isnull=False) | (~Q(plan=Plan.AT) & Q(publish_at=None)),
                name="clips_clip_scheduled_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClipState.HELD) | ~Q(plan=Plan.NOW), name="clips_clip_held_has_a_plan"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="clips_clip_by_author"),
            models.Index(fields=["author", "-published_at", "-id"], name="clips_clip_by_publication"),
            models.Index(
                fields=["-published_at"],
                condition=Q(state="ready", deleted_at=None, removed_at=None, visibility="public"),
                name="clips_clip_fresh",
            ),
            models.Index(fields=["id"], condition=Q(state="processing"), name="clips_clip_processing"),
            models.Index(fields=["publish_at"], condition=Q(state="held", plan="at"), name="clips_clip_due"),
        ]

    def __str__(self) -> str:
        return f"clip {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("clips:detail", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Ready, neither deleted nor removed. Says nothing about who may see it."""
        return self.state == ClipState.READY and self.deleted_at is None and self.removed_at is None

    @property
    def is_prepared(self) -> bool:
        """There is something to play: published or held, neither deleted nor removed."""
        return self.state in (ClipState.READY, ClipState.HELD) and self.deleted_at is None and self.removed_at is None

    @property
    def captions(self) -> list[str]:
        """The languages that it has captions in, as BCP 47 tags."""
        return self.caption_languages.split()


class Rendition(models.Model):
    """A progressive H.264/AAC MP4 of a clip, named by its shorter edge in pixels."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="renditions")
    short_edge = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    path = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip", "short_edge"], name="clips_rendition_once"),
        ]

    def __str__(self) -> str:
        return f"clip {self.clip_id} at {self.short_edge}p"


class CaptionTrack(models.Model):
    """The captions of a clip in one language, as WebVTT that we wrote ourselves: see `clips.captions`."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="caption_tracks")
    language = models.CharField(max_length=LANGUAGE_LENGTH, help_text=_("A BCP 47 tag, such as en or pt-BR."))
    vtt = models.TextField(help_text=_("Normalised WebVTT."))
    cue_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clip", "language"], name="clips_captiontrack_once")]

    def __str__(self) -> str:
        return f"captions of clip {self.clip_id} in {self.language}"


class WatchSource(models.TextChoices):
    """Where a person met a clip."""

    FOLLOWING = "following", _("Following")
    FOR_YOU = "for_you", _("For You")
    PROFILE = "profile", _("Profile")
    SEARCH = "search", _("Search")
    LINK = "link", _("Link")
    OTHER = "other", _("Elsewhere")


class Watch(models.Model):
    """How far a person watched a clip, how often, and where they first met it: one row for a person and a clip.

    `watched_at` is set once it counts as watched."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="watches"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="watches")
    furthest_ms = models.PositiveIntegerField(default=0)
    plays = models.PositiveIntegerField(default=1, help_text=_("How often they began to watch it."))
    played_at = models.DateTimeField(default=timezone.now, help_text=_("When they last began."))
    source = models.CharField(max_length=10, choices=WatchSource, default=WatchSource.OTHER)
    watched_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(fields=["viewer", "clip"], name="clips_watch_once"),
            models.CheckConstraint(condition=Q(source__in=WatchSource.values), name="clips_watch_source"),
        ]
        indexes = [models.Index(fields=["clip"], condition=Q(watched_at__isnull=False), name="clips_watch_counted")]

    def __str__(self) -> str:
        return f"{self.viewer_id} watched {self.clip_id}"
