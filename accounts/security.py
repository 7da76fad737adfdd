"""A person's own security log, and what else follows from an important change: a mail, other sessions signed out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from . import addresses, devices, mail, throttle
from .models import SecurityEvent, SecurityKind, User

EVENT_DAYS = 365
FAMILIAR = timedelta(days=90)  # a browser and network seen within these are no news

# Of these the person hears by mail too.
NOTICED = frozenset(
    {
        SecurityKind.NEW_DEVICE,
        SecurityKind.CODES_STOPPED,
        SecurityKind.PASSWORD_CHANGED,
        SecurityKind.PASSWORD_RESET,
        SecurityKind.EMAIL_CHANGED,
        SecurityKind.EMAIL_REMOVED,
        SecurityKind.TOTP_ADDED,
        SecurityKind.TOTP_REMOVED,
        SecurityKind.PASSKEY_ADDED,
        SecurityKind.PASSKEY_REMOVED,
        SecurityKind.RECOVERY_CODES_MADE,
        SecurityKind.RECOVERY_CODE_USED,
        SecurityKind.MFA_RESET,
        SecurityKind.TOKEN_CREATED,
    }
)


def record(
    *,
    user: User,
    kind: SecurityKind,
    request: HttpRequest | None,
    detail: str = "",
    to: str = "",
    notice: bool = True,
) -> SecurityEvent:
    """Write one line of the log; with `notice` also mail about it if it is one of NOTICED: to `to`, else to the
    confirmed address.

    Without a `request` (the team did it) the line names no device and no network."""
    event = SecurityEvent.objects.create(
        user=user,
        kind=kind,
        device=devices.of_request(request) if request else "",
        network=addresses.shown(addresses.client_ip(request)) if request else "",
        detail=detail[:120],
    )
    if notice and kind in NOTICED and (address := to or confirmed_address(user)):
        context: dict[str, Any] = {"user": user, "event": event, "kind": SecurityKind(kind).label}
        mail.queue_template(to=address, template="mail/notice", context=context)
    return event


def confirmed_address(user: AbstractBaseUser) -> str:
    """The address that mail about the account may go to: one that its owner has confirmed. Empty for none."""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return found.values_list("email", flat=True).first() or ""


def record_sign_in(*, user: User, request: HttpRequest) -> SecurityEvent:
    """Write down a sign-in. A browser that neither holds our cookie nor was seen from this network is a new one;
    the first sign-in of an account is not news."""
    log = SecurityEvent.objects.filter(user=user)
    signed_in = log.filter(kind__in=(SecurityKind.SIGNED_IN, SecurityKind.NEW_DEVICE))
    kind = SecurityKind.SIGNED_IN
    if not devices.known_device(request, user.username) and signed_in.exists():
        device, network = devices.of_request(request), addresses.shown(addresses.client_ip(request))
        familiar = signed_in.filter(device=device, network=network, at__gt=timezone.now() - FAMILIAR)
        if not familiar.exists():
            kind = SecurityKind.NEW_DEVICE
    return record(user=user, kind=kind, request=request)


def record_stopped(*, handle: str, request: HttpRequest) -> None:
    """Somebody used up the tries at a password. Written down once an hour; nothing happens for unknown handles."""
    user = User.objects.filter(username=handle.strip().lower()).first()
    if user is not None and throttle.once(throttle.key_of("guesses_stopped", user.pk), 3600):
        record(user=user, kind=SecurityKind.GUESSES_STOPPED, request=request)


def forget_old(*, limit: int = 5_000) -> int:
    """Delete lines older than EVENT_DAYS, at most `limit`. Returns how many."""
    old = SecurityEvent.objects.filter(at__lt=timezone.now() - timedelta(days=EVENT_DAYS)).order_by("at")
    count, _ = SecurityEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return count
