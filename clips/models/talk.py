"""What people say and feel about a clip: likes, comments with one level of replies, likes of those."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import CommentQuerySet, LikeQuerySet
from .clip import Clip

COMMENT_LENGTH = 500  # characters after cleaning


class Like(models.Model):
    """`user` likes `clip`. Taking it back deletes the row; `Clip.like_count` changes in the same transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="likes")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="likes")
    created_at = models.DateTimeField(default=timezone.now)

    objects = LikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["user", "clip"], name="clips_like_once")]
        indexes = [models.Index(fields=["clip", "-id"], name="clips_like_by_clip")]

    def __str__(self) -> str:
        return f"{self.user_id} likes clip {self.clip_id}"


class Comment(models.Model):
    """A comment on a clip, or with `parent` a reply to one. A reply to a reply hangs under the same parent.

    Deleting keeps the row for a while, so that it can be undone; with a comment go its replies.
    """

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, db_index=False, related_name="replies"
    )
    text = models.CharField(max_length=COMMENT_LENGTH)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    like_count = models.PositiveIntegerField(default=0, help_text=_("Likes, changed with their rows."))
    reply_count = models.PositiveIntegerField(default=0, help_text=_("Standing replies."))

    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["clip"], condition=Q(is_pinned=True), name="clips_comment_one_pinned"),
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(parent__isnull=True), name="clips_comment_reply_not_pinned"
            ),
        ]
        indexes = [
            models.Index(fields=["clip", "-id"], name="clips_comment_by_clip"),
            models.Index(
                fields=["clip", "-like_count", "-id"],
                condition=Q(parent=None, deleted_at=None),
                name="clips_comment_top",
            ),
            models.Index(fields=["parent", "id"], name="clips_comment_replies"),
            models.Index(fields=["author", "-id"], name="clips_comment_by_author"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="clips_comment_purge"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    def get_absolute_url(self) -> str:
        """The comment in its place: the page of the clip's comments that begins with its thread."""
        thread = f"thread={self.parent_id}&reply={self.pk}" if self.parent_id else f"thread={self.pk}"
        return f"{reverse('clips:comments', args=[self.clip_id])}?{thread}#comment-{self.pk}"


class CommentLike(models.Model):
    """`user` likes `comment`. Kept as `Like` is."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="comment_likes"
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="likes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("like of a comment")
        verbose_name_plural = _("likes of comments")
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="clips_comment_like_once")]

    def __str__(self) -> str:
        return f"{self.user_id} likes comment {self.comment_id}"
