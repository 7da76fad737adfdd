"""Where allauth asks this project: who may guess, how mail goes out, what is written down, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import addresses, departures, devices, guards, mail, security, sessions
from .mfa import SECOND_FACTORS
from .models import SecurityKind, User

# allauth tells of every important change through one call, naming the mail it would send.
CHANGES = {
    "account/email/password_changed": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_set": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_reset": SecurityKind.PASSWORD_RESET,
    "account/email/email_changed": SecurityKind.EMAIL_CHANGED,
    "account/email/email_deleted": SecurityKind.EMAIL_REMOVED,
    "mfa/email/totp_activated": SecurityKind.TOTP_ADDED,
    "mfa/email/totp_deactivated": SecurityKind.TOTP_REMOVED,
    "mfa/email/webauthn_added": SecurityKind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": SecurityKind.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": SecurityKind.RECOVERY_CODES_MADE,
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in, passwords and e-mail addresses."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many tries. Wait a little, then try again."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
        "duplicate_email": _("This is your address already."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return addresses.client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Compare a password, unless too many wrong ones came before. Raises: ValidationError then."""
        handle = credentials.get("username", "")
        try:
            counted = guards.try_password(request, handle)
        except guards.TooManyTries as error:
            security.record_stopped(handle=handle, request=request)
            raise self.validation_error("too_many_login_attempts") from error
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, **credentials)
        stashed = AuthenticationBackend.unstash_authenticated_user()  # right password, closed account
        if found := user or stashed:
            counted.succeeded()
        return found

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """An inactive person is sent away, except one who hid their account and may still come back."""
        if not user.is_active and departures.may_sign_in(user):
            return None
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        with transaction.atomic():
            sessions.start(request=request)
            security.record_sign_in(user=user, request=request)
        devices.remember_device(request, response, user.username)
        return response

    def set_password(self, user: User, password: str) -> None:
        """A new password signs out every other browser. API tokens are the form's question."""
        user.set_password(password)
        user.save(update_fields=["password"])
        own = self.request.user.is_authenticated and self.request.user.pk == user.pk
        keep = self.request.session.session_key if own else None
        sessions.end_others(user=user, keep_key=keep, request=self.request, log=False)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            security.record(user=email_address.user, kind=SecurityKind.EMAIL_CONFIRMED, request=request)
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail.queue_template(to=email, template=template_prefix, context={"email": email, **context})

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Write the change into the person's log, which mails about it. The first second factor signs other
        browsers out: they came in with a password alone."""
        kind = CHANGES[template_prefix]
        security.record(user=user, kind=kind, request=self.request, to=email or "")
        added = kind in (SecurityKind.TOTP_ADDED, SecurityKind.PASSKEY_ADDED)
        if added and Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).count() == 1:
            sessions.end_others(user=user, keep_key=self.request.session.session_key, request=self.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("accounts:security" if self.request.user.is_authenticated else "account_login")


class MfaAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or it was used already. Enter a new one."),
    }

    def _get_user_identifier(self, user: User) -> str:
        """The handle, not the address: what is shown on a screen beside others' accounts is public."""
        return user.username

    def get_totp_issuer(self) -> str:
        return f"Reprise {self.request.get_host()}"

    def _get_site_name(self) -> str:
        return f"Reprise {self.request.get_host()}"

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 -- allauth's name
        return devices.of_request(self.request) or super().generate_authenticator_name(user, type)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises: cryptography's InvalidToken, when SECRET_KEY was replaced without a fallback."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """Encrypts with a key made from SECRET_KEY; reads what earlier keys (SECRET_KEY_FALLBACKS) encrypted."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"accounts.mfa {key}".encode()).digest())) for key in keys]
    )
