"""Signing up: how old a person must be, and making the account. Forms and the API ask this."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import handles
from .models import MINIMUM_AGE_YEARS, User, age_on

OLDEST_YEARS = 122  # the oldest person on record, Jeanne Calment


def check_birth_date(birth_date: date, today: date | None = None) -> None:
    """Raises ValidationError: `future_birth_date`, `absurd_birth_date`, or `too_young` below the minimum age."""
    today = today or timezone.now().date()
    if birth_date > today:
        raise ValidationError(_("This date lies in the future."), code="future_birth_date")
    age = age_on(birth_date, today)
    if age > OLDEST_YEARS:
        raise ValidationError(_("Nobody is that old. Check the year."), code="absurd_birth_date")
    if age < MINIMUM_AGE_YEARS:
        raise ValidationError(
            _("You must be at least %(years)d years old to have an account. Nothing was stored.")
            % {"years": MINIMUM_AGE_YEARS},
            code="too_young",
        )


def register_account(*, username: str, password: str, birth_date: date) -> User:
    """Make an account. Raises: ValidationError with all faults by field; nothing is saved then."""
    faults: dict[str, list[ValidationError]] = {}
    user = User(birth_date=birth_date)
    try:
        user.username = handles.clean_handle(username)
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
    if "username" not in faults and handles.is_taken(user.username):
        faults["username"] = [handles.taken()]
    if faults:
        raise ValidationError(faults)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            handles.settle(user)
    except IntegrityError as error:  # somebody took the handle since we looked
        raise ValidationError({"username": [handles.taken()]}) from error
    return user
