"""Two-step sign-in: who has it, who must have it, and whether a code is right. Setting it up is allauth's."""

from __future__ import annotations

import logging

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest

from . import guards, security, throttle
from .models import SecurityKind, User

logger = logging.getLogger(__name__)

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for these
RECOVERY_CODES: int = mfa_settings.RECOVERY_CODE_COUNT
CODE_LIVES = 120  # seconds: a code is good for its 30 and for one step before and after; no code is good twice


def has_mfa(user: User) -> bool:
    """Whether a password alone does not sign this person in."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def must_set_up(user: User | AnonymousUser) -> bool:
    """THE rule for staff: outside the demo they work only with two-step sign-in. True while it is missing."""
    return bool(settings.STAFF_NEEDS_MFA and user.is_authenticated and user.is_staff and not has_mfa(user))


def check_code(*, user: User, code: str, request: HttpRequest) -> Authenticator | None:
    """The authenticator app or set of recovery codes that `code` is right for, None when it is wrong or used.

    Raises: TooManyTries, which the person also hears of: somebody knows their password."""
    try:
        counted = guards.try_code(user)
    except guards.TooManyTries:
        if throttle.once(throttle.key_of("codes_stopped", user.pk), 3600):
            security.record(user=user, kind=SecurityKind.CODES_STOPPED, request=request)
        raise
    for authenticator in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if _fits(authenticator, code):
            counted.succeeded()
            authenticator.user = user
            if authenticator.type == Authenticator.Type.RECOVERY_CODES:
                security.record(user=user, kind=SecurityKind.RECOVERY_CODE_USED, request=request)
            return authenticator
    return None


def _fits(authenticator: Authenticator, code: str) -> bool:
    try:
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return bool(authenticator.wrap().validate_code(code))
        digits = "".join(code.split())
        secret = decrypt(authenticator.data["secret"])
        return validate_totp_code(secret, digits) and throttle.once(
            throttle.key_of("totp", f"{authenticator.pk} {digits}"), CODE_LIVES
        )
    except InvalidToken:
        logger.error("authenticator %s cannot be read: was SECRET_KEY changed without a fallback?", authenticator.pk)
        return False


@transaction.atomic
def reset(*, user: User) -> int:
    """Take every second factor away, for somebody who lost them all. Returns how many there were.

    Superusers do that in the admin, where it is noted who did; the person gets a mail."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    if count:
        security.record(user=user, kind=SecurityKind.MFA_RESET, request=None)
    return count
