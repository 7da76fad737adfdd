"""Reposts: who passed which clip on, through whom, to whom. Visibility is in `reposts.querysets`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.words import FoldedField, FoldedTexts
from clips.models import Clip

from .querysets import RepostQuerySet

COMMENT_LENGTH = 280  # characters


class RepostAudience(models.TextChoices):
    """Who of the reposter's people gets it. Never wider than the clip's own audience (checked at read)."""

    FOLLOWERS = "followers", _("Followers")
    MUTUALS = "mutuals", _("Mutuals only")


class Repost(FoldedTexts):
    """`user` passes `clip` on. One live row per (user, clip); an undone row stays as history.

    `via` is the repost through which the clip was met (null: from the clip itself); `depth` is the number
    of reposts between this one and the clip, so a repost straight from the clip has depth 0.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="reposts")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="reposts")
    via = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="onward")
    depth = models.PositiveIntegerField(default=0)
    audience = models.CharField(max_length=10, choices=RepostAudience, default=RepostAudience.FOLLOWERS)
    comment = models.CharField(max_length=COMMENT_LENGTH, blank=True)
    comment_words = FoldedField(source="comment")
    comment_detached_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The clip's author took this comment off their clip.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = RepostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clip"], condition=Q(undone_at=None), name="reposts_repost_live_once"
            ),
            models.CheckConstraint(condition=Q(audience__in=RepostAudience.values), name="reposts_repost_audience"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="reposts_repost_by_user"),
            models.Index(fields=["clip", "-id"], condition=Q(undone_at=None), name="reposts_repost_live_by_clip"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} reposts clip {self.clip_id}"

    @property
    def shown_comment(self) -> str:
        """The comment as others see it: empty once detached."""
        return "" if self.comment_detached_at else self.comment


class Arrival(models.Model):
    """`viewer` came to `clip` through `repost`, when they first watched it. Only numbers of it are ever shown."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="arrivals"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="arrivals")
    repost = models.ForeignKey(Repost, on_delete=models.CASCADE, related_name="arrivals")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["viewer", "clip"], name="reposts_arrival_once")]
        indexes = [models.Index(fields=["clip", "repost"], name="reposts_arrival_by_clip")]

    def __str__(self) -> str:
        return f"{self.viewer_id} came to clip {self.clip_id} through repost {self.repost_id}"
