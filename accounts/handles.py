"""Handles: what one may be, whose it is, changing it, and where an earlier one leads.

A handle that was given up is reserved for HANDLE_RESERVED_DAYS: only its former holder may take it again. Addresses
with it lead on to them for as long as nobody else has taken it. Handles of erased accounts are reserved as long, by
a keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .exceptions import AccountsError
from .models import FormerHandle, RetiredHandle, User, handle_validator
from .signals import handle_changed

# Names that would pass for the site itself.
RESERVED_HANDLES = frozenset(
    {
        *("about", "account", "accounts", "admin", "administrator", "api", "help", "me", "media", "mod", "moderator"),
        *("moderators", "null", "official", "privacy", "reprise", "root", "security", "settings", "staff"),
        *("static", "support", "system", "team", "terms", "undefined"),
    }
)
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "l": "i", "3": "e", "4": "a", "5": "s", "7": "t", ".": "", "_": ""})
_SHORTEST_LOOKALIKE = 4  # below, too many honest names look like one of ours
_RETIRED = "accounts.handles.retired"


class ChangedTooOften(AccountsError):
    code = "handle_changed_recently"


@dataclass(frozen=True, slots=True)
class HandleState:
    """What the settings page and the API say about a person's handle. `next_change_at` is None when one is free."""

    username: str
    former: list[FormerHandle]
    changes_left: int
    next_change_at: datetime | None


def _skeleton(handle: str) -> str:
    return handle.translate(_LOOKALIKES)


_SKELETONS = frozenset(_skeleton(name) for name in RESERVED_HANDLES if len(name) >= _SHORTEST_LOOKALIKE)


def clean_handle(text: str) -> str:
    """The handle that `text` means: a leading @ and capitals are forgiven.

    Raises: ValidationError (`invalid_handle`, `reserved_handle`, also for what looks like a reserved one:
    `adm1n`, `s.u.p.p.o.r.t`). Whether it is taken is not asked here."""
    handle = text.strip().removeprefix("@").lower()
    handle_validator(handle)
    if handle in RESERVED_HANDLES or _skeleton(handle) in _SKELETONS:
        raise ValidationError(_("This handle is reserved. Choose another one."), code="reserved_handle")
    return handle


def taken() -> ValidationError:
    """The one answer for a handle that is in use, reserved for somebody else or retired: they are not told apart."""
    return ValidationError(_("This handle is taken. Try another one."), code="username_taken")


def is_taken(handle: str, *, by: User | None = None) -> bool:
    """Whether `by` (None: a newcomer) cannot have this clean handle: at most 3 queries."""
    others = User.objects.filter(username=handle)
    if by is not None:
        others = others.exclude(pk=by.pk)
    return others.exists() or is_reserved(handle, by=by)


def is_reserved(handle: str, *, by: User | None = None) -> bool:
    """Whether the handle was given up by somebody else, or retired with an erased account, not long ago."""
    now = timezone.now()
    former = FormerHandle.objects.filter(handle=handle, reserved_until__gt=now)
    if by is not None:
        former = former.exclude(user=by)
    return former.exists() or RetiredHandle.objects.filter(digest__in=_digests(handle), until__gt=now).exists()


def settle(user: User) -> None:
    """To be called in the transaction that wrote `user.username`, after it. Raises: ValidationError (`username`).

    Asked again after the write, not only before: the unique index made this transaction wait for one that was
    just giving the handle up, and only now is its reservation to be seen."""
    if is_reserved(user.username, by=user):
        raise ValidationError({"username": [taken()]})
    # Whoever had it long ago is no longer found by it.
    FormerHandle.objects.filter(handle=user.username).exclude(user=user).delete()


def change_handle(*, user: User, handle: str, limited: bool = True) -> User:
    """Give `user` another handle; the old one leads on to them. The same handle again changes nothing.

    Raises: ValidationError (`username`: `invalid_handle`, `reserved_handle`, `username_taken`); ChangedTooOften
    after HANDLE_CHANGES in HANDLE_CHANGE_DAYS, unless not `limited` (the team corrects a name)."""
    try:
        handle = clean_handle(handle)
    except ValidationError as error:
        raise ValidationError({"username": error.error_list}) from error
    try:
        with transaction.atomic():
            # The lock makes two changes at the same moment count each other.
            old = User.objects.select_for_update(no_key=True).values_list("username", flat=True).get(pk=user.pk)
            if old != handle:
                _change(user, old, handle, limited=limited)
    except IntegrityError as error:  # somebody took it since we looked
        raise ValidationError({"username": [taken()]}) from error
    user.username = handle
    return user


def _change(user: User, old: str, handle: str, *, limited: bool) -> None:
    state = handle_state(user)
    if limited and state.next_change_at is not None:
        raise ChangedTooOften(
            _("You changed your handle {often}. The next change is possible on {date}.").format(
                often=ngettext("%d time", "%d times", settings.HANDLE_CHANGES) % settings.HANDLE_CHANGES,
                date=timezone.localtime(state.next_change_at).date().isoformat(),
            )
        )
    if is_taken(handle, by=user):
        raise ValidationError({"username": [taken()]})
    now = timezone.now()
    FormerHandle.objects.create(
        user=user, handle=old, given_up_at=now, reserved_until=now + timedelta(days=settings.HANDLE_RESERVED_DAYS)
    )
    User.objects.filter(pk=user.pk).update(username=handle)
    user.username = handle
    settle(user)
    handle_changed.send(User, user=user, old=old, new=handle)


def handle_state(user: User) -> HandleState:
    """How often the handle may still change, and which earlier ones lead on to the person: 1 query."""
    rows = list(user.former_handles.order_by("-given_up_at", "-pk")[:200])
    now = timezone.now()
    window = timedelta(days=settings.HANDLE_CHANGE_DAYS)
    recent = [row.given_up_at for row in rows if row.given_up_at > now - window]
    left = max(0, settings.HANDLE_CHANGES - len(recent))
    newest = {row.handle: row for row in reversed(rows) if row.handle != user.username}
    return HandleState(
        username=user.username,
        former=sorted(newest.values(), key=lambda row: row.given_up_at, reverse=True),
        changes_left=left,
        next_change_at=None if left or not recent else recent[min(settings.HANDLE_CHANGES, len(recent)) - 1] + window,
    )


def leads_to(text: str, viewer: User | AnonymousUser) -> User | None:
    """The person whom an address with `text` for a handle means although it is not their handle: an earlier one,
    or theirs in capitals. None when there is nobody, or nobody whom `viewer` may see."""
    handle = text.lower()
    if len(handle) > 30 or "\0" in handle:
        return None
    gave_up = FormerHandle.objects.filter(user=OuterRef("pk"), handle=handle)
    found = User.objects.visible_to(viewer).filter(Q(username=handle) | Exists(gave_up)).exclude(username=text)
    return found.first()


def former_holder(handle: str) -> User | None:
    """Whoever gave this handle up, seen or hidden: only for answers that tell nobody."""
    return User.objects.filter(Exists(FormerHandle.objects.filter(user=OuterRef("pk"), handle=handle))).first()


# --- Handles of erased accounts ------------------------------------------------------------------------


def retire_handles(handles: Iterable[str]) -> None:
    """Reserve these handles for HANDLE_RESERVED_DAYS without keeping them. Safe to repeat."""
    until = timezone.now() + timedelta(days=settings.HANDLE_RESERVED_DAYS)
    for handle in handles:
        RetiredHandle.objects.update_or_create(digest=_digests(handle)[0], defaults={"until": until})


def forget_retired() -> int:
    """Drop reservations that are over. Returns how many."""
    count, _models = RetiredHandle.objects.filter(until__lt=timezone.now()).delete()
    return count


def _digests(handle: str) -> list[str]:
    """The keyed hash of a handle, with the present secret first, then with those it replaced."""
    return [
        salted_hmac(_RETIRED, handle, secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
