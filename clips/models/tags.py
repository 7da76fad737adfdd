"""What a text points to: hashtags of captions, people mentioned in captions and comments. Kept by `clips.tags`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import ClipHashtagQuerySet
from .clip import Clip
from .talk import Comment

HASHTAG_LENGTH = 64  # characters of the folded name


class Hashtag(models.Model):
    """A hashtag by its folded name: `#Straße`, `#STRASSE` and `#ｓｔｒａｓｓｅ` are one. See `clips.tags.text`."""

    name = models.CharField(_("name"), max_length=HASHTAG_LENGTH, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("hashtag")
        verbose_name_plural = _("hashtags")

    def __str__(self) -> str:
        return f"#{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("clips:hashtag", args=[self.name])


class ClipHashtag(models.Model):
    """The caption of a published clip carries a hashtag. `published_at` is the clip's: a tag is read in that order."""

    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, db_index=False, related_name="uses")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="hashtags")
    published_at = models.DateTimeField()

    objects = ClipHashtagQuerySet.as_manager()

    class Meta:
        verbose_name = _("hashtag of a clip")
        verbose_name_plural = _("hashtags of clips")
        constraints = [models.UniqueConstraint(fields=["clip", "hashtag"], name="clips_cliphashtag_once")]
        indexes = [models.Index(fields=["hashtag", "-published_at", "-clip"], name="clips_cliphashtag_newest")]

    def __str__(self) -> str:
        return f"clip {self.clip_id} has hashtag {self.hashtag_id}"


class Mention(models.Model):
    """`user` is mentioned in the caption of `clip`, or in `comment` on it. Whoever wrote that text mentions them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="mentions"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="mentions")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clip"], condition=Q(comment=None), name="clips_mention_caption_once"
            ),
            models.UniqueConstraint(
                fields=["user", "comment"], condition=Q(comment__isnull=False), name="clips_mention_comment_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="clips_mention_by_user")]

    def __str__(self) -> str:
        return (
            f"{self.user_id} mentioned in {f'comment {self.comment_id}' if self.comment_id else f'clip {self.clip_id}'}"
        )

    @property
    def author_id(self) -> int:
        """Who wrote the text."""
        return self.comment.author_id if self.comment else self.clip.author_id
