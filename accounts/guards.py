"""Guessing at accounts: how many wrong passwords and codes are taken, from whom.

The numbers (settings THROTTLE_GUESS, THROTTLE_GUESS_ACCOUNT, THROTTLE_CODE) follow OWASP ASVS 5.0, 6.1.1 and 6.3.1
(limits against stuffing and guessing that cannot be turned into locking people out) and NIST SP 800-63B-4, 3.2.2
(at most 100 failures in a row for one account). Three things are counted for a password, and only failures stay
counted:

- one account from one network: 10 at once, then one a minute;
- one account from all browsers that never signed in to it: 100 at once, then 100 an hour;
- a browser that has signed in to the account before (it holds a signed cookie, see `accounts.devices`) is counted
  for itself alone: strangers who use up the account's tries lock nobody out of their own browser.

Unknown handles are counted like known ones, so that the limits tell nobody who has an account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import addresses, devices, throttle
from .exceptions import AccountsError
from .models import User


class TooManyTries(AccountsError):
    """`wait` is in seconds."""

    code = "too_many_requests"

    def __init__(self, wait: float) -> None:
        super().__init__(_("Too many tries. Wait a little, then try again."))
        self.wait = wait


@dataclass(frozen=True)
class Try:
    """One counted try. `succeeded` uncounts it: those who know the secret are no guessers."""

    taken: tuple[tuple[str, throttle.Rate], ...]

    def succeeded(self) -> None:
        for key, rate in self.taken:
            throttle.give_back(key, rate)


def _take_all(wanted: Iterable[tuple[str, object]]) -> Try:
    """One of each (scope, who), or none of them. Raises: TooManyTries."""
    taken: list[tuple[str, throttle.Rate]] = []
    for scope, who in wanted:
        rate = throttle.rate_of(scope)
        if rate is None:
            continue
        key = throttle.key_of(scope, who)
        if (wait := throttle.take(key, rate)) is not None:
            Try(tuple(taken)).succeeded()
            raise TooManyTries(wait)
        taken.append((key, rate))
    return Try(tuple(taken))


def try_password(request: HttpRequest, handle: str) -> Try:
    """Count a password that is about to be compared. Raises: TooManyTries; then it must not be compared."""
    handle = handle.strip().lower()
    if device := devices.known_device(request, handle):
        return _take_all([("guess", f"{handle} on {device}")])
    here = addresses.network(addresses.client_ip(request))
    return _take_all([("guess", f"{handle} from {here}"), ("guess_account", handle)])


def try_code(user: User) -> Try:
    """Count a second factor of a person who gave the right password. Raises: TooManyTries."""
    return _take_all([("code", user.pk)])
