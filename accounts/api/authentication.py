"""Who is calling: a bearer token (hashed, expiring, revocable) or the browser's session with CSRF."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework import authentication, status
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from accounts import departures, guards, mfa, security, tokens
from accounts.models import DepartureKind, User
from accounts.services import note_seen


class InvalidCredentials(APIException):
    """Wrong handle, wrong password and a closed account are told apart for nobody."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "invalid_credentials"
    default_detail = _("Handle and password do not belong together.")
    auth_header = "Bearer"


class MfaRequired(InvalidCredentials):
    """The password is right; this account asks for a second step."""

    default_code = "mfa_required"
    default_detail = _(
        "This account uses two-step sign-in: send a `code` of the authenticator app or a recovery code as well."
    )


class InvalidCode(InvalidCredentials):
    default_code = "invalid_code"
    default_detail = _("That code is not right, or it was used already.")


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`. One query: the hash of a 256-bit token is looked up by key."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("The token is not valid."), code="invalid_token") from error
        found = AuthToken.objects.select_related("user", "label").filter(digest=digest).first()
        if found is None or (found.expiry and found.expiry <= timezone.now()) or not found.user.is_active:
            raise AuthenticationFailed(_("The token is not valid, or not any more."), code="invalid_token")
        note_seen(user=found.user)
        tokens.note_used(found)
        return found.user, found


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's own session; everything that changes something needs the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(str(error.detail), code="csrf_failed") from error


def caller(request: Request) -> User:
    """The signed-in person behind a request. Raises: NotAuthenticated."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class AccountLeaving(APIException):
    """Said only to who knows the password."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "account_leaving"
    default_detail = _("This account is to be deleted. `POST me/restore` calls the deletion off and signs in.")


def admit(user: User, *, restoring: bool) -> None:
    """Let somebody in who has shown all they must. An account that they hid themselves comes back: a deactivated one
    by this sign-in, one that is to be deleted only when `restoring`. Raises: AccountLeaving, TooLateToReturn."""
    if user.is_active:
        return
    there = departures.departure_of(user)
    if there is not None and there.kind == DepartureKind.LEAVING and not restoring:
        raise AccountLeaving
    departures.come_back(user=user)


def sign_in(
    request: Request, *, username: str, password: str, code: str = "", name: str = "", restoring: bool = False
) -> tuple[AuthToken, str]:
    """A new token and its secret text, which is shown once. `restoring` also calls a deletion off.


    Raises: InvalidCredentials; MfaRequired when the password is right and a code is missing; InvalidCode;
    TooManyTries, before anything is compared; AccountLeaving, after all of it."""
    counted = guard_password(request, username)
    user = authenticate(request._request, username=username.strip().lower(), password=password)
    if not isinstance(user, User):
        raise InvalidCredentials
    counted.succeeded()
    if mfa.has_mfa(user):
        if not code:
            raise MfaRequired
        used = mfa.check_code(user=user, code=code, request=request._request)
        if used is None:
            raise InvalidCode
        used.record_usage()
    admit(user, restoring=restoring)
    token, secret = tokens.issue_token(user=user, request=request._request, name=name, notice=False)
    note_seen(user=user)
    return token, secret


def guard_password(request: Request, username: str) -> guards.Try:
    """Count a guess. Raises: TooManyTries."""
    try:
        return guards.try_password(request._request, username)
    except guards.TooManyTries:
        security.record_stopped(handle=username, request=request._request)
        raise
