"""What an account leaves and takes along: earlier handles, exports, and the way out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FormerHandle(models.Model):
    """A handle that a person gave up. Addresses with it lead on to them until somebody else takes it.

    One row each time it was given up, so that the rows count the changes. Nobody else may take the handle before
    `reserved_until`; whoever takes it afterwards ends the rows of the one before.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="former_handles"
    )
    handle = models.CharField(_("handle"), max_length=30)
    given_up_at = models.DateTimeField(_("given up"), default=timezone.now)
    reserved_until = models.DateTimeField(_("reserved until"))

    class Meta:
        verbose_name = _("former handle")
        verbose_name_plural = _("former handles")
        indexes = [
            models.Index(fields=["handle", "user"], name="accounts_formerhandle_lookup"),
            models.Index(fields=["user", "-given_up_at"], name="accounts_formerhandle_of"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class RetiredHandle(models.Model):
    """A handle of an erased account, as a keyed hash: nobody may pass for them for a while."""

    digest = models.CharField(_("keyed hash"), max_length=64, primary_key=True)
    until = models.DateTimeField(_("reserved until"), db_index=True)

    class Meta:
        verbose_name = _("retired handle")
        verbose_name_plural = _("retired handles")

    def __str__(self) -> str:
        return self.digest[:12]


class DepartureKind(models.TextChoices):
    PAUSED = "paused", _("Deactivated by the person")
    LEAVING = "leaving", _("To be deleted")


class Departure(models.Model):
    """A person hid their account, for a while (`paused`) or to have it erased at `erase_at` (`leaving`).

    While the row is there the account is inactive, which hides it everywhere. `started_at` is the point of no
    return: from then on a worker erases, in steps, and what is half gone cannot come back.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="departure")
    kind = models.CharField(_("kind"), max_length=8, choices=DepartureKind)
    since = models.DateTimeField(_("since"), default=timezone.now)
    erase_at = models.DateTimeField(_("to be erased"), null=True, blank=True)
    may_return = models.BooleanField(
        _("may return"), default=True, help_text=_("Not if the team suspended the account meanwhile.")
    )
    started_at = models.DateTimeField(_("erasure began"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=40, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("A worker holds the erasure until then.")
    )

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="paused", erase_at__isnull=True) | Q(kind="leaving", erase_at__isnull=False),
                name="accounts_departure_kind",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(kind="leaving"), name="accounts_departure_started"
            ),
        ]
        indexes = [models.Index(fields=["erase_at"], condition=Q(kind="leaving"), name="accounts_departure_due")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Erasure(models.Model):
    """That an account was erased, and when. It says nothing about whose it was."""

    asked_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("finished"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class Export(models.Model):
    """A ZIP with everything a person has put in. The row is the queue; the file goes at `expires_at`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="exports")
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.WAITING)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0, help_text=_("Percent of the work done."))
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, db_index=True)
    key = models.CharField(_("key"), max_length=32, blank=True, help_text=_("Its folder below MEDIA_ROOT/exports."))
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    failure_code = models.CharField(_("failure"), max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("A worker holds the work until then.")
    )

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="accounts_export_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="accounts_export_state"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(expires_at__isnull=False), name="accounts_export_ready_expires"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="accounts_export_of"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="accounts_export_waiting"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"
