"""What the safety of an account needs to remember: events, names of tokens, counted attempts, mail to send."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOKEN_NAME_LENGTH = 60


class SecurityKind(models.TextChoices):
    """What can happen to the safety of an account. The order is that of the menu in the admin."""

    SIGNED_IN = "signed_in", _("Signed in")
    NEW_DEVICE = "new_device", _("Signed in on a new device")
    GUESSES_STOPPED = "guesses_stopped", _("Too many wrong passwords: further tries were stopped")
    CODES_STOPPED = "codes_stopped", _("Right password, but too many wrong codes: further tries were stopped")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_RESET = "password_reset", _("Password set anew by a link from an e-mail")
    EMAIL_CONFIRMED = "email_confirmed", _("E-mail address confirmed")
    EMAIL_CHANGED = "email_changed", _("E-mail address changed")
    EMAIL_REMOVED = "email_removed", _("E-mail address removed")
    TOTP_ADDED = "totp_added", _("Authenticator app set up")
    TOTP_REMOVED = "totp_removed", _("Authenticator app removed")
    PASSKEY_ADDED = "passkey_added", _("Passkey added")
    PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    MFA_RESET = "mfa_reset", _("Two-step sign-in switched off by the team")
    TOKEN_CREATED = "token_created", _("API token created")
    TOKEN_REVOKED = "token_revoked", _("API token revoked")
    SESSION_ENDED = "session_ended", _("Session signed out from afar")
    OTHERS_ENDED = "others_ended", _("All other sessions signed out")


class SecurityEvent(models.Model):
    """One line of a person's own security log. Kept for a year (`upkeep.EVENT_DAYS`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="security_events"
    )
    kind = models.CharField(_("event"), max_length=24, choices=SecurityKind)
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    device = models.CharField(_("device"), max_length=60, blank=True, help_text=_("Browser and system, as they say."))
    network = models.CharField(
        _("network"), max_length=50, blank=True, help_text=_("The address without its last part.")
    )
    detail = models.CharField(_("detail"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        indexes = [models.Index(fields=["user", "-id"], name="accounts_event_listing")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=SecurityKind.values), name="accounts_event_kind")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class TokenLabel(models.Model):
    """What a person knows an API token by. Its id is the token's name in addresses: the token itself is a secret."""

    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="label")
    name = models.CharField(_("name"), max_length=TOKEN_NAME_LENGTH)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token label")
        verbose_name_plural = _("token labels")

    def __str__(self) -> str:
        return self.name


class ThrottleMark(models.Model):
    """How far a throttle is used up, where no Redis or Valkey counts. See `accounts.throttle`."""

    key = models.CharField(_("key"), max_length=80, primary_key=True)
    free_at = models.BigIntegerField(
        _("free at"), db_index=True, help_text=_("Microseconds since 1970: when the throttle is as good as new.")
    )

    class Meta:
        verbose_name = _("throttle mark")
        verbose_name_plural = _("throttle marks")

    def __str__(self) -> str:
        return self.key


class MailKind(models.TextChoices):
    MESSAGE = "message", _("Message")
    PASSWORD_RESET = "password_reset", _("Password reset, looked up when it is sent")


class OutgoingMail(models.Model):
    """A mail that waits to be sent. The row is the queue: it goes when the mail server has taken the mail."""

    to = models.EmailField(_("to"))
    kind = models.CharField(_("kind"), max_length=16, choices=MailKind, default=MailKind.MESSAGE)
    origin = models.CharField(
        _("origin"), max_length=300, blank=True, help_text=_("Scheme and host for links that are made when it is sent.")
    )
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
