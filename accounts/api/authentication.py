"""Who is calling: a bearer token (hashed, expiring, revocable) or the browser's session with CSRF."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework import authentication, status
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from accounts.services import note_seen


class InvalidCredentials(APIException):
    """Wrong handle, wrong password and a closed account are told apart for nobody."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "invalid_credentials"
    default_detail = "Handle and password do not belong together."
    auth_header = "Bearer"


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer <token>`. One query: the hash of a 256-bit token is looked up by key."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError as error:
            raise AuthenticationFailed("The token is not valid.", code="invalid_token") from error
        found = AuthToken.objects.select_related("user").filter(digest=digest).first()
        if found is None or (found.expiry and found.expiry <= timezone.now()) or not found.user.is_active:
            raise AuthenticationFailed("The token is not valid, or not any more.", code="invalid_token")
        note_seen(user=found.user)
        return found.user, found


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's own session; everything that changes something needs the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(str(error.detail), code="csrf_failed") from error


class SignInNameThrottle(SimpleRateThrottle):
    """Limits the guesses at one handle, from however many addresses. `accounts` counts addresses apart."""

    scope = "sign_in"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        name = request.data.get("username") if isinstance(request.data, dict) else None
        if request.method != "POST" or not isinstance(name, str):
            return None
        # Hashed: cache keys take neither blanks nor any length.
        ident = hash_token(name.strip().lower().encode("utf-8", "replace").decode())[:40]
        return self.cache_format % {"scope": f"{self.scope}_name", "ident": ident}


def caller(request: Request) -> User:
    """The signed-in person behind a request. Raises: NotAuthenticated."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def sign_in(request: Request, *, username: str, password: str) -> tuple[AuthToken, str]:
    """A new token and its secret text, which is shown once. Raises: InvalidCredentials.

    At the limit of live tokens a person may have, the oldest one ends: a script that signs in at each run
    locks nobody out."""
    user = authenticate(request._request, username=username.strip().lower(), password=password)
    if not isinstance(user, User):
        raise InvalidCredentials
    tokens = AuthToken.objects.filter(user=user)
    tokens.filter(expiry__lte=timezone.now()).delete()
    keep = max(0, (knox_settings.TOKEN_LIMIT_PER_USER or 50) - 1)
    surplus = list(tokens.order_by("-created").values_list("pk", flat=True)[keep:])
    if surplus:
        tokens.filter(pk__in=surplus).delete()
    token, secret = AuthToken.objects.create(user=user)
    note_seen(user=user)
    return token, secret
