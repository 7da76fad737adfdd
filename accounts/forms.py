"""What people fill in about themselves. Rules live in `registration`, `services` and `avatars`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import avatars, handles, registration
from .languages import time_zones
from .models import BIO_LENGTH, NAME_LENGTH, SPEEDS, MuteScope, SendsFrom, TabAudience, User
from .text import clean_line, clean_text

HELP_ON_NEW = _("At least 8 characters, not a common one and not like your handle.")


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends and wants ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class SignUpForm(allauth_forms.SignupForm):
    """A new account: handle, birth date and password; name and e-mail if one likes."""

    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=DateInput(attrs={"autocomplete": "bday"}),
        input_formats=["%Y-%m-%d"],
        help_text=_("Nobody else sees it. It has to be yours."),
        error_messages={"required": _("Enter your date of birth."), "invalid": _("Enter a date such as 1999-12-31.")},
    )
    display_name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("How others see you. Any script, emoji too; you can change it at any time."),
    )
    field_order = ["username", "password1", "birth_date", "display_name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Handle")
        self.fields["username"].help_text = _("Small letters a–z, digits, dots and underscores, such as ana.b")
        self.fields["username"].error_messages["required"] = _("Choose a handle.")
        self.fields["username"].widget.attrs.update(
            {"autocapitalize": "none", "spellcheck": "false", "autofocus": True, "autocomplete": "username"}
        )
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("Only used to get back in when you forget your password.")
        self.fields["password1"].help_text = HELP_ON_NEW
        self.fields["password1"].error_messages["required"] = _("Choose a password.")
        self.fields["birth_date"].widget.attrs["max"] = timezone.localdate().isoformat()
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_username(self) -> str:
        handle = handles.clean_handle(self.cleaned_data["username"])
        if handles.is_taken(handle):
            raise handles.taken()
        return handle

    def clean_birth_date(self) -> date:
        registration.check_birth_date(self.cleaned_data["birth_date"])
        return self.cleaned_data["birth_date"]

    def clean_display_name(self) -> str:
        return clean_line(self.cleaned_data["display_name"])

    def validate_unique_email(self, value: str) -> str:
        """Take any address: saying that one is known here would tell who has an account. It only ever receives
        mail; a reset link sent to it opens the accounts that named it, each by its own link."""
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The new person, or None and the page again when somebody took the handle this very moment."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.add_error("username", handles.taken())
        except ValidationError as error:  # given up by its holder this very moment: reserved for them
            self.add_error(None, error)
        return None, render(request, "account/signup.html", {"form": self})

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this inside `try_save`, after it has written the row."""
        user.birth_date = self.cleaned_data["birth_date"]
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["birth_date", "display_name"])
        handles.settle(user)


class SignInForm(allauth_forms.LoginForm):
    """Handle and password."""

    error_text = _("That handle and password do not belong together.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Handle")
        self.fields["login"].widget.attrs.update(
            {"autocapitalize": "none", "spellcheck": "false", "autofocus": True, "autocomplete": "username"}
        )
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return self.cleaned_data["login"].strip().removeprefix("@").lower()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as error:
            if getattr(error, "code", "") == "username_password_mismatch":
                raise ValidationError(self.error_text, code="mismatch") from error
            raise


class HandleForm(forms.Form):
    """Another handle. `handles.change_handle` has the rules."""

    username = forms.CharField(
        label=_("New handle"),
        max_length=60,
        error_messages={"required": _("Choose a handle.")},
        help_text=_("Small letters a–z, digits, dots and underscores, such as ana.b"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """The person's own password, before something grave."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("That is not your password."), code="wrong_password")
        return ""


class DeletionForm(PasswordForm):
    """The password, and the handle typed by hand: nobody deletes an account by a slip."""

    username = forms.CharField(
        label=_("Your handle"),
        max_length=60,
        help_text=_("Type it to say that you mean it."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Type your handle.")},
    )
    field_order = ["username", "password"]

    def clean_username(self) -> str:
        handle: str = self.cleaned_data["username"].strip().removeprefix("@").lower()
        if handle != self.user.username:
            raise ValidationError(_("That is not your handle."), code="wrong_handle")
        return handle


class ProfileForm(forms.Form):
    """Name, bio and picture. `save` of the view turns the picture into an avatar."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    bio = forms.CharField(
        label=_("About you"),
        required=False,
        max_length=4 * BIO_LENGTH,  # the limit holds for what is left after cleaning
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-counter": "bio-count", "data-limit": BIO_LENGTH}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=_("JPEG, PNG, WebP or GIF up to 10 MB. We cut a square from the middle and remove all metadata."),
        error_messages={"empty": _("The picture file is empty.")},
    )
    remove_picture = forms.BooleanField(label=_("Remove the current picture"), required=False)

    def clean_display_name(self) -> str:
        return clean_line(self.cleaned_data["display_name"])

    def clean_bio(self) -> str:
        bio = clean_text(self.cleaned_data["bio"])
        if len(bio) > BIO_LENGTH:
            raise ValidationError(
                _("At most %(limit)d characters; these are %(used)d.") % {"limit": BIO_LENGTH, "used": len(bio)},
                code="bio_too_long",
            )
        return bio

    def clean(self) -> dict[str, Any]:
        """Makes the avatar last, so that a form with other faults leaves no file behind: `avatar` is its name."""
        data = super().clean() or {}
        picture = data.get("picture")
        if picture and not self.errors:
            try:
                data["avatar"] = avatars.store_avatar(picture, size=picture.size)
            except avatars.AvatarRefused as refused:
                self.add_error("picture", ValidationError(refused.detail, code=refused.code))
        elif data.get("remove_picture"):
            data["avatar"] = ""
        return data


class PrivacyForm(forms.Form):
    """Who sees what."""

    is_private = forms.BooleanField(label=_("Private account"), required=False)
    reposts_tab = forms.ChoiceField(label=_("Who may open your Reposts tab"), choices=TabAudience.choices)
    sends_from = forms.ChoiceField(label=_("Who may send you clips"), choices=SendsFrom.choices, required=False)

    def clean_sends_from(self) -> str:
        """Left out, it stays as it is."""
        return str(self.cleaned_data["sends_from"] or self.initial.get("sends_from") or SendsFrom.MUTUALS)


class MuteForm(forms.Form):
    """What of a person to mute, and for how long; empty `days` means for ever."""

    scope = forms.ChoiceField(choices=MuteScope.choices)
    days = forms.TypedChoiceField(
        choices=[("", _("For ever")), ("7", _("7 days")), ("30", _("30 days"))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def until(self) -> Any:
        """When the mute ends, None for never."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


class WatchingForm(forms.Form):
    """How clips play for a person, on every device."""

    captions_on = forms.BooleanField(label=_("Captions"), required=False)
    playback_percent = forms.TypedChoiceField(
        label=_("Playback speed"), coerce=int, choices=[(percent, f"{percent / 100:g}×") for percent in SPEEDS]
    )


class LanguageForm(forms.Form):
    """The language of the site and the clock of its times. Time zones are grouped by their region."""

    language = forms.ChoiceField(
        choices=[("", _("As my browser asks")), *settings.LANGUAGES],
        required=False,
        label=_("Language"),
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(required=False, label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: dict[str, list[tuple[str, str]]] = {}
        for name in sorted(time_zones()):
            region, slash, place = name.partition("/")
            if slash and region not in ("Etc", "SystemV", "posix", "right"):
                regions.setdefault(region, []).append((name, place.replace("_", " ")))
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("As my browser tells")),
            ("UTC", "UTC"),
            *regions.items(),
        ]
