"""Notifications: what happened to a person, grouped for reading, and what they want to hear of.

A `Notification` is written in the transaction of the event and is the outbox too: bells and badges only make it
known sooner. Whether it is shown is decided at every read (`querysets.py`), so whatever was undone, blocked, hidden
or deleted since is gone at the next look, with nothing to clean first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clips.models import Clip, Comment, Send
from reposts.models import Repost

from .querysets import GroupQuerySet, NotificationQuerySet


class Kind(models.TextChoices):
    """What happened. The labels name the switches in the settings."""

    FOLLOWED = "followed", _("Someone follows you")
    FOLLOW_REQUESTED = "follow_requested", _("Someone asks to follow you")
    FOLLOW_ACCEPTED = "follow_accepted", _("Someone accepts your request")
    LIKED = "liked", _("Someone likes your clip")
    COMMENTED = "commented", _("Someone comments on your clip")
    REPLIED = "replied", _("Someone replies to your comment")
    COMMENT_LIKED = "comment_liked", _("Someone likes your comment")
    MENTIONED = "mentioned", _("Someone mentions you")
    SENT = "sent", _("Someone sends you a clip")
    REPOSTED = "reposted", _("Someone reposts your clip")
    REPOSTED_VIA = "reposted_via", _("Someone reposts what you reposted")
    CLIP_READY = "clip_ready", _("Your clip is ready")
    CLIP_FAILED = "clip_failed", _("Your clip could not be prepared")


# Of whom each kind tells, and what it is about: the constraints below say the same to the database.
PEOPLE_KINDS = (Kind.FOLLOWED, Kind.FOLLOW_REQUESTED, Kind.FOLLOW_ACCEPTED)  # about no clip
CLIP_KINDS = (Kind.LIKED,)  # about a clip
COMMENT_KINDS = (Kind.COMMENTED, Kind.REPLIED, Kind.COMMENT_LIKED, Kind.MENTIONED)  # about a comment on a clip
REPOST_KINDS = (Kind.REPOSTED, Kind.REPOSTED_VIA)  # about a clip, shown by the live repost of it
OWN_KINDS = (Kind.CLIP_READY, Kind.CLIP_FAILED)  # about one's own clip: the actor is oneself


def _about(kinds: Sequence[Kind], *given: str, subject: Any) -> Q:
    """Condition: one of these kinds, with just these references, and with that subject."""
    missing = {f"{name}__isnull": name not in given for name in ("clip", "repost", "comment", "sent")}
    return Q(kind__in=tuple(kinds), subject=subject, **missing)


class NotificationGroup(models.Model):
    """One line of the list: "Ana and 4 others reposted your clip".

    A group takes what belongs together on one day while it is unread and not full; what comes later opens a new one.
    `subject` is what its members share beside the kind, in the words of the kind: a clip, a person, or 0.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="notification_groups"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    subject = models.BigIntegerField(_("subject"), default=0)
    clip = models.ForeignKey(
        Clip, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("clip")
    )
    day = models.DateField(_("day"))
    is_open = models.BooleanField(_("open"), default=True, help_text=_("Takes what comes next."))
    size = models.PositiveIntegerField(_("size"), default=0, help_text=_("Notifications written into it."))
    newest_id = models.BigIntegerField(_("newest"), default=0, help_text=_("Its place in the list."))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification group")
        verbose_name_plural = _("notification groups")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject", "day"],
                condition=Q(is_open=True),
                name="feeds_notificationgroup_one_open",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="feeds_notificationgroup_kind"),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(read_at__isnull=True), name="feeds_notificationgroup_read_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-newest_id"], name="feeds_notificationgroup_list"),
            models.Index(
                fields=["recipient", "-newest_id"],
                condition=Q(read_at__isnull=True),
                name="feeds_notificationgroup_unread",
            ),
            models.Index(fields=["newest_id"], name="feeds_notificationgroup_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id} ({self.size})"


class Notification(models.Model):
    """`actor` did something that concerns `recipient`. One row per deed, however often it is done and undone.

    `subject` is by what a repetition is known: the comment, the send, the clip, or 0 for what is between two people.
    A mention in a caption is about no comment; its subject is the clip's number below zero, which no comment has.
    `repost` is the row that is shown and that must be live: the newest one, when a repost was undone and made again.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject = models.BigIntegerField(_("subject"), default=0)
    clip = models.ForeignKey(Clip, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications")
    repost = models.ForeignKey(Repost, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications")
    sent = models.ForeignKey(Send, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications")
    group = models.ForeignKey(NotificationGroup, on_delete=models.CASCADE, db_index=False, related_name="members")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_index=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "actor", "subject"], name="feeds_notification_once"),
            models.CheckConstraint(
                condition=_about(PEOPLE_KINDS, subject=0)
                | _about((*CLIP_KINDS, *OWN_KINDS), "clip", subject=F("clip"))
                | _about(REPOST_KINDS, "clip", "repost", subject=F("clip"))
                | _about(COMMENT_KINDS, "clip", "comment", subject=F("comment"))
                | _about((Kind.MENTIONED,), "clip", subject=-F("clip"))
                | _about((Kind.SENT,), "clip", "sent", subject=F("sent")),
                name="feeds_notification_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OWN_KINDS, actor=F("recipient"))
                | (~Q(kind__in=OWN_KINDS) & ~Q(actor=F("recipient"))),
                name="feeds_notification_not_of_oneself",
            ),
        ]
        indexes = [models.Index(fields=["group", "-id"], name="feeds_notification_by_group")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.kind} → {self.recipient_id}"


class Digest(models.TextChoices):
    OFF = "off", _("No e-mail")
    DAILY = "daily", _("Once a day, if there is something new")
    WEEKLY = "weekly", _("Once a week, if there is something new")


class NotificationSettings(models.Model):
    """What a person wants to hear of. No row: everything, and no mail.

    `off` lists the kinds that are switched off. The read asks it, so it holds for older notifications, too.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_settings"
    )
    off = models.JSONField(_("switched off"), default=list, blank=True)
    seen_id = models.BigIntegerField(
        _("seen up to"), default=0, help_text=_("The newest notification that was on the list when it was opened.")
    )
    digest = models.CharField(_("e-mail digest"), max_length=6, choices=Digest, default=Digest.OFF)
    digest_due_at = models.DateTimeField(
        _("next digest"), null=True, blank=True, help_text=_("Whoever moves it on sends the mail.")
    )
    digest_up_to = models.BigIntegerField(
        _("mailed up to"), default=0, help_text=_("The newest notification that a digest could have told of.")
    )
    digest_sent_at = models.DateTimeField(_("last digest"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")
        constraints = [
            models.CheckConstraint(condition=Q(digest__in=Digest.values), name="feeds_notificationsettings_digest"),
            models.CheckConstraint(
                condition=Q(digest="off", digest_due_at__isnull=True)
                | (~Q(digest="off") & Q(digest_due_at__isnull=False)),
                name="feeds_notificationsettings_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["digest_due_at"],
                condition=Q(digest_due_at__isnull=False),
                name="feeds_notification_digest_due",
            )
        ]

    def __str__(self) -> str:
        return f"notification settings of {self.user_id}"
