"""Clips that people send each other, with a line of text: no chat. Rules: `clips.querysets`; writes: `clips.sends`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import ConversationQuerySet, SendQuerySet
from .clip import Clip

SEND_TEXT_LENGTH = 280  # characters after cleaning


class SendReaction(models.TextChoices):
    """What the recipient can answer with one tap."""

    LOVE = "love", _("Love")
    LAUGH = "laugh", _("Laugh")
    WOW = "wow", _("Wow")
    SAD = "sad", _("Sad")
    CLAP = "clap", _("Applause")
    FIRE = "fire", _("Fire")

    @property
    def emoji(self) -> str:
        return _EMOJI[self.value]


_EMOJI = {"love": "❤️", "laugh": "😂", "wow": "😮", "sad": "😢", "clap": "👏", "fire": "🔥"}


class Send(models.Model):
    """`sender` sent `clip` to `recipient`. Each side hides it for itself alone.

    `clip` is kept when it is no longer to be seen: the row then shows without any of its data."""

    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="sends_made"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="sends_received"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="sends")
    text = models.CharField(_("text"), max_length=SEND_TEXT_LENGTH, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    reaction = models.CharField(_("reaction"), max_length=8, choices=SendReaction, blank=True)
    reacted_at = models.DateTimeField(null=True, blank=True)
    hidden_for_sender = models.BooleanField(default=False)
    hidden_for_recipient = models.BooleanField(default=False)

    objects = SendQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent clip")
        verbose_name_plural = _("sent clips")
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="clips_send_not_self"),
            models.CheckConstraint(condition=Q(reaction__in=["", *SendReaction.values]), name="clips_send_reaction"),
        ]
        indexes = [
            models.Index(fields=["sender", "recipient", "-id"], name="clips_send_thread"),
            models.Index(fields=["sender", "created_at"], name="clips_send_pace"),
            models.Index(
                fields=["recipient", "sender"],
                condition=Q(read_at=None, hidden_for_recipient=False),
                name="clips_send_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"clip {self.clip_id}: {self.sender_id} → {self.recipient_id}"


class Conversation(models.Model):
    """`owner` and `other` sent each other clips. `newest_id` is the newest of them that `owner` keeps.

    One row a side, written with the sends, so that an inbox is one index read. It has no number that could drift."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="conversations"
    )
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    newest_id = models.BigIntegerField(_("newest"))

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [models.UniqueConstraint(fields=["owner", "other"], name="clips_conversation_once")]
        indexes = [models.Index(fields=["owner", "-newest_id"], name="clips_conversation_inbox")]

    def __str__(self) -> str:
        return f"{self.owner_id} with {self.other_id}"
