"""Hiding one's account for a while, asking for its deletion, and coming back.

Both ways out make the account inactive, the state that every visibility rule knows, end every session and API token
at once, and leave the person one door: signing in. That brings a deactivated account back by itself; one that is to
be deleted shows only the page on which the deletion can be called off, until `erase_at` (ERASURE_GRACE_DAYS).
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import sessions, tokens
from .exceptions import AccountsError
from .models import Departure, DepartureKind, User
from .signals import came_back, departed


class LastSuperuser(AccountsError):
    code = "last_superuser"
    detail = _("You are the only administrator here. Make somebody else one first.")


class TooLateToReturn(AccountsError):
    code = "too_late_to_return"
    detail = _("This account is being erased; that cannot be stopped any more.")


def pause_account(*, user: User) -> Departure:
    """Hide the account until the person signs in again. A second call changes nothing.

    Raises: LastSuperuser."""
    return _depart(user, DepartureKind.PAUSED)


def request_deletion(*, user: User) -> Departure:
    """Hide the account now and erase it after ERASURE_GRACE_DAYS. A second call keeps the first date.

    Raises: LastSuperuser."""
    return _depart(user, DepartureKind.LEAVING)


@transaction.atomic
def _depart(user: User, kind: DepartureKind) -> Departure:
    # Administrators are locked together and in one order: two who leave at once see each other and do not deadlock.
    who = Q(pk=user.pk) | Q(is_superuser=True, is_active=True) if user.is_superuser else Q(pk=user.pk)
    locked = {row.pk: row for row in User.objects.select_for_update(no_key=True).filter(who).order_by("pk")}
    person = locked[user.pk]
    now = timezone.now()
    there = Departure.objects.filter(user=person).first()
    if there is not None and there.kind in (kind, DepartureKind.LEAVING):
        return there
    if person.is_superuser and len(locked) == 1:
        raise LastSuperuser
    erase_at = now + timedelta(days=settings.ERASURE_GRACE_DAYS) if kind == DepartureKind.LEAVING else None
    departure, _new = Departure.objects.update_or_create(
        user=person, defaults={"kind": kind, "since": now, "erase_at": erase_at}
    )
    hide(user=user)
    departed.send(User, user=user)
    return departure


def hide(*, user: User) -> None:
    """Make the account inactive and end every session and API token. Runs in the caller's transaction."""
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    tokens.revoke_all(user=user)
    sessions.end_others(user=user, keep_key=None, request=None, log=False)
    user.is_active = False


def departure_of(user: User) -> Departure | None:
    """The way out that this person took themselves, if they did."""
    return Departure.objects.filter(user=user).first()


def may_sign_in(user: User) -> bool:
    """Whether an inactive person may sign in: to come back, or to call the deletion off."""
    there = departure_of(user)
    return there is not None and there.may_return and there.started_at is None


@transaction.atomic
def come_back(*, user: User) -> None:
    """End the departure and show the account again. Nothing happens when there is none.

    Raises: TooLateToReturn once a worker has begun to erase, or when the team suspended the account meanwhile."""
    # One conditional statement: of it and the worker's claim exactly one wins.
    gone, _models = Departure.objects.filter(user=user, may_return=True, started_at=None).delete()
    if not gone:
        if Departure.objects.filter(user=user).exists():
            raise TooLateToReturn
        return
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
    came_back.send(User, user=user)


def suspend(*, user: User) -> None:
    """The team closes an account whose owner had hidden it: a deactivated one no longer comes back by signing in,
    a deletion goes on and cannot be called off by the person."""
    Departure.objects.filter(user=user, kind=DepartureKind.PAUSED).delete()
    Departure.objects.filter(user=user).update(may_return=False)


def expedite(*, departure: Departure) -> bool:
    """A superuser lets a deletion begin now. False when it has begun or was called off."""
    return bool(
        Departure.objects.filter(pk=departure.pk, kind=DepartureKind.LEAVING, started_at=None).update(
            erase_at=timezone.now()
        )
    )
