"""Forms about passwords, second factors and tokens. allauth's, with our words, limits and consequences."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import guards, mail, mfa, tokens
from .security_models import TOKEN_NAME_LENGTH
from .text import clean_line

HELP_ON_NEW = _("At least 8 characters, not a common one and not like your handle.")
NAME_LENGTH = 60


class Plain:
    """Without placeholders: the label stands above the field and stays."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


# --- Passwords -----------------------------------------------------------------------------------------


class RevokesTokens(forms.Form):
    """The question that every new password asks."""

    revoke_tokens = forms.BooleanField(
        label=_("Also revoke my API tokens"),
        required=False,
        initial=True,
        help_text=_("Apps and scripts that use them have to sign in again."),
    )


class PasswordChangeForm(Plain, account_forms.ChangePasswordForm, RevokesTokens):
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = HELP_ON_NEW
        self.fields["password2"].label = _("New password again")

    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: an open browser must not be a place to guess at a password."""
        password: str = self.cleaned_data["oldpassword"]
        if not account_adapter().reauthenticate(self.user, password):
            raise account_adapter().validation_error("enter_current_password")
        return password

    def save(self) -> None:
        super().save()
        if self.cleaned_data["revoke_tokens"]:
            tokens.revoke_all(user=self.user)


class PasswordSetForm(Plain, account_forms.ResetPasswordKeyForm, RevokesTokens):
    """A new password, after a link from an e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = HELP_ON_NEW
        self.fields["password2"].label = _("New password again")

    def save(self) -> None:
        super().save()
        if self.cleaned_data["revoke_tokens"]:
            tokens.revoke_all(user=self.user)


class PasswordForgottenForm(Plain, account_forms.ResetPasswordForm):
    """An address to send a link to. Whether it belongs to an account is asked by the worker, not here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        mail.queue_password_reset(to=email, origin=request.build_absolute_uri("/")[:-1])
        return email


class ConfirmPasswordForm(Plain, account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""


class EmailForm(Plain, account_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")


# --- Codes ---------------------------------------------------------------------------------------------


class CodeField(Plain):
    """The field `code`: an authenticator app's or a recovery code, each good once and counted."""

    user: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autofocus": True, "maxlength": "20"})

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            found = mfa.check_code(user=self.user, code=code[:20], request=context.request)
        except guards.TooManyTries as error:
            raise ValidationError(str(error.detail), code=error.code) from error
        if found is None:
            raise mfa_adapter().validation_error("incorrect_code")
        self.authenticator = found
        return code


class CodeForm(CodeField, code_forms.AuthenticateForm):
    """The second step of a sign-in."""


class ConfirmCodeForm(CodeField, code_forms.ReauthenticateForm):
    """A code instead of the password, before a change."""


class TotpForm(Plain, totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app that has just been given the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows now")
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "maxlength": "20"})


# --- Passkeys ------------------------------------------------------------------------------------------


class Forgiving:
    """What a browser sends as a credential can be anything: nonsense is a wrong one, not a fault of ours."""

    def _guarded(self, check: Any) -> Any:
        try:
            return check()
        except ValidationError:
            raise
        except Exception as error:
            raise mfa_adapter().validation_error("incorrect_code") from error


class PasskeyAddForm(Forgiving, Plain, passkey_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].widget.attrs["maxlength"] = str(NAME_LENGTH)
        self.fields["name"].help_text = _("To tell your keys apart.")
        self.fields["passwordless"].label = _("Sign in with it alone")
        self.fields["passwordless"].help_text = _(
            "The passkey asks for your finger, face or PIN and takes the place of handle, password and code."
        )
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        self.cleaned_data["name"] = clean_line(self.cleaned_data["name"])[:NAME_LENGTH]
        name: str = super().clean_name()
        return name[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self._guarded(super().clean)
        return cleaned


class PasskeyEditForm(Plain, passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].widget.attrs["maxlength"] = str(NAME_LENGTH)

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])[:NAME_LENGTH]
        if not name:
            raise ValidationError(_("Give it a name."), code="required")
        return name


class PasskeyForm(Forgiving, passkey_forms.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        found: Authenticator = self._guarded(super().clean_credential)
        return found


class PasskeyLoginForm(Forgiving, passkey_forms.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        found: Authenticator = self._guarded(super().clean_credential)
        return found


class ConfirmPasskeyForm(Forgiving, passkey_forms.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        found: Authenticator = self._guarded(super().clean_credential)
        return found


# --- Tokens --------------------------------------------------------------------------------------------


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=TOKEN_NAME_LENGTH, help_text=_("Such as “backup script”.")
    )
    days = forms.TypedChoiceField(label=_("It ends after"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = tokens.longest_days()
        choices = sorted({days for days in (7, 30, 90, 365) if days < longest} | {longest})
        days_field = self.fields["days"]
        assert isinstance(days_field, forms.TypedChoiceField)
        days_field.choices = [(days, _("%(days)s days") % {"days": days}) for days in choices]
        days_field.initial = 30 if 30 in choices else longest

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Say what it is for."), code="required")
        return name
