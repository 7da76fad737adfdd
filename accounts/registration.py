"""Signing up: what a handle may be, how old a person must be, and making the account. Forms and the API ask this."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import MINIMUM_AGE_YEARS, User, age_on, handle_validator

OLDEST_YEARS = 122  # the oldest person on record, Jeanne Calment

# Names that would pass for the site itself.
RESERVED_HANDLES = frozenset(
    {
        *("about", "account", "accounts", "admin", "administrator", "api", "help", "me", "media", "mod", "moderator"),
        *("moderators", "null", "official", "privacy", "reprise", "root", "security", "settings", "staff"),
        *("static", "support", "system", "team", "terms", "undefined"),
    }
)


def clean_handle(text: str) -> str:
    """The handle that `text` means: a leading @ and capitals are forgiven.

    Raises: ValidationError (`invalid_handle`, `reserved_handle`). Whether it is taken is not asked here."""
    handle = text.strip().removeprefix("@").lower()
    handle_validator(handle)
    if handle in RESERVED_HANDLES:
        raise ValidationError("This handle is reserved. Choose another one.", code="reserved_handle")
    return handle


def check_birth_date(birth_date: date, today: date | None = None) -> None:
    """Raises ValidationError: `future_birth_date`, `absurd_birth_date`, or `too_young` below the minimum age."""
    today = today or timezone.now().date()
    if birth_date > today:
        raise ValidationError("This date lies in the future.", code="future_birth_date")
    age = age_on(birth_date, today)
    if age > OLDEST_YEARS:
        raise ValidationError("Nobody is that old. Check the year.", code="absurd_birth_date")
    if age < MINIMUM_AGE_YEARS:
        raise ValidationError(
            f"You must be at least {MINIMUM_AGE_YEARS} years old to have an account. Nothing was stored.",
            code="too_young",
        )


def register_account(*, username: str, password: str, birth_date: date) -> User:
    """Make an account. Raises: ValidationError with all faults by field; nothing is saved then."""
    faults: dict[str, list[ValidationError]] = {}
    user = User(birth_date=birth_date)
    try:
        user.username = clean_handle(username)
    except ValidationError as error:
        faults["username"] = error.error_list
    try:
        check_birth_date(birth_date)
    except ValidationError as error:
        faults["birth_date"] = error.error_list
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults["password"] = error.error_list
    if "username" not in faults and User.objects.filter(username=user.username).exists():
        faults["username"] = [_taken()]
    if faults:
        raise ValidationError(faults)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody took the handle since we looked
        raise ValidationError({"username": [_taken()]}) from error
    return user


def _taken() -> ValidationError:
    return ValidationError("This handle is taken.", code="username_taken")
