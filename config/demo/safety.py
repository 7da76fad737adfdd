"""What ana finds on her security page: browsers, tokens of two scripts, and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from knox.models import AuthToken

from accounts import security, tokens
from accounts.models import OutgoingMail, SecurityEvent, SecurityKind, TokenLabel, User

# Networks that documentation may use (RFC 5737, RFC 3849): nobody lives there.
PHONE = ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", "203.0.113.57")
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
    "2001:db8:7::5",
)
LIBRARY = ("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "198.51.100.9")


@dataclass(frozen=True)
class Moment:
    """Something that happened to the account, so many hours ago."""

    hours: float
    kind: SecurityKind
    where: tuple[str, str]
    detail: str = ""


MOMENTS = (
    Moment(24 * 40, SecurityKind.SIGNED_IN, PHONE),
    Moment(24 * 31, SecurityKind.EMAIL_CONFIRMED, PHONE),
    Moment(24 * 19, SecurityKind.NEW_DEVICE, TABLET),
    Moment(24 * 9, SecurityKind.PASSWORD_CHANGED, PHONE),
    Moment(24 * 3, SecurityKind.GUESSES_STOPPED, LIBRARY),
    Moment(26, SecurityKind.NEW_DEVICE, LIBRARY),
)
BROWSERS = ((PHONE, 24 * 40, 3), (TABLET, 24 * 19, 50), (LIBRARY, 26, 25))  # signed in and last seen, hours ago
SCRIPTS = (("backup script", 24 * 12, 7), ("photo frame in the kitchen", 24 * 5, None))  # made and used, hours ago


def protect(user: User, now: datetime) -> None:
    """Give a person a past to look at. The team sends no mail about it."""
    EmailAddress.objects.create(user=user, email=f"{user.username}@example.org", verified=True, primary=True)
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    for where, started, seen in BROWSERS:
        _sign_in(user, where, now - timedelta(hours=started), now - timedelta(hours=seen))
    for name, made, used in SCRIPTS:
        token, _ = tokens.issue_token(user=user, request=_request(PHONE), name=name, notice=False)
        at = now - timedelta(hours=made)
        AuthToken.objects.filter(pk=token.pk).update(created=at, expiry=at + timedelta(days=tokens.longest_days()))
        last = now - timedelta(hours=used) if used else None
        TokenLabel.objects.filter(token=token).update(last_used_at=last)
        SecurityEvent.objects.filter(user=user, detail=name).delete()  # the past follows, in its order
    made_tokens = [Moment(made, SecurityKind.TOKEN_CREATED, PHONE, name) for name, made, _ in SCRIPTS]
    for moment in sorted((*MOMENTS, *made_tokens), key=lambda moment: -moment.hours):
        event = security.record(
            user=user, kind=moment.kind, request=_request(moment.where), detail=moment.detail, notice=False
        )
        SecurityEvent.objects.filter(pk=event.pk).update(at=now - timedelta(hours=moment.hours))
    assert not OutgoingMail.objects.exists()


def _request(where: tuple[str, str]) -> HttpRequest:
    agent, address = where
    return RequestFactory().get("/", HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def _sign_in(user: User, where: tuple[str, str], started: datetime, seen: datetime) -> None:
    """A session that is alive, and that nobody holds the cookie of."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    agent, address = where
    UserSession.objects.create(
        user=user,
        session_key=session.session_key,
        ip=address,
        user_agent=agent,
        created_at=started,
        last_seen_at=seen,
    )
