"""Whether it is really the person who asks for something that cannot be taken back: a password, or a fresh sign-in."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from . import throttle
from .exceptions import AccountsError
from .guards import TooManyTries
from .models import User

FRESH = timedelta(minutes=15)  # as long as a password that was just given is believed


class ConfirmationRequired(AccountsError):
    code = "confirmation_required"
    detail = _("Send your password, or sign in again first: this needs a token that is no older than 15 minutes.")


class WrongPassword(AccountsError):
    code = "wrong_password"
    detail = _("That is not your password.")


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of this session signed in, or gave their password again, within a quarter of an hour."""
    records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
    return bool(records) and time.time() - records[-1]["at"] < FRESH.total_seconds()


def confirm(*, user: User, password: str, request: HttpRequest, token: AuthToken | None) -> None:
    """Make sure of the person: by the password when one is given, else by how fresh their sign-in is.

    Raises: WrongPassword, ConfirmationRequired; TooManyTries, before a password is compared."""
    if password:
        if (wait := throttle.spend("confirm", user.pk)) is not None:
            raise TooManyTries(wait)
        if not user.check_password(password):
            raise WrongPassword
        return
    fresh = token.created > timezone.now() - FRESH if token is not None else is_fresh(request)
    if not fresh:
        raise ConfirmationRequired
