"""Where a person is signed in: the browsers, when they were last seen, and signing them out from afar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from . import addresses, devices, security
from .models import SecurityKind, User

NOTED = "noted_at"  # in the session: when it was last noted as used, in seconds
NOTE_STEP = 600  # seconds; how exact `last_seen_at` is
MOST_SESSIONS = 100  # of one person; the one unused for longest ends


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in. `network` is the address without its last part, empty when unknown."""

    id: int
    device: str
    network: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def list_sessions(user: User, current_key: str | None) -> list[SignedIn]:
    """The living sessions of a person, the current one first, then by last use: 2 queries."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")[: MOST_SESSIONS * 2])
    living = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    found = [
        SignedIn(
            id=row.pk,
            device=devices.describe(row.user_agent),
            network=addresses.shown(row.ip),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows
        if row.session_key in living
    ]
    return sorted(found, key=lambda session: not session.is_current)


def start(*, request: HttpRequest) -> None:
    """Note a sign-in whose row allauth has just written; at the limit the session unused for longest goes."""
    request.session[NOTED] = int(timezone.now().timestamp())
    rows = UserSession.objects.filter(user=request.user).order_by("-last_seen_at", "-pk")
    _end_rows(list(rows.values_list("session_key", flat=True)[MOST_SESSIONS:]))


def note_used(*, request: HttpRequest) -> None:
    """Remember that this session is in use: at most one write a NOTE_STEP, else no query at all."""
    noted = request.session.get(NOTED)
    now = timezone.now()
    if not isinstance(noted, int) or now.timestamp() - noted < NOTE_STEP:
        return
    request.session[NOTED] = int(now.timestamp())
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=now, ip=addresses.client_ip(request), user_agent=request.META.get("HTTP_USER_AGENT", "")[:200]
    )


@transaction.atomic
def end_session(*, user: User, session_id: int, request: HttpRequest | None) -> None:
    """Sign one browser out at once. One that is gone already, or another person's, is nothing to do."""
    row = UserSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        return
    _end_rows([row.session_key])
    security.record(
        user=user, kind=SecurityKind.SESSION_ENDED, request=request, detail=devices.describe(row.user_agent)
    )


@transaction.atomic
def end_others(*, user: User, keep_key: str | None, request: HttpRequest | None, log: bool = True) -> int:
    """Sign out everywhere but in the session `keep_key`. Returns how many browsers it was."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep_key or "")
    ended = _end_rows(list(rows.values_list("session_key", flat=True)))
    if log and ended:
        security.record(user=user, kind=SecurityKind.OTHERS_ENDED, request=request)
    return ended


def _end_rows(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def forget_dead(*, limit: int = 1_000) -> int:
    """Drop sessions that have expired, and what we knew of sessions that are gone. Returns how many of the latter."""
    now = timezone.now()
    expired = Session.objects.filter(expire_date__lt=now).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(expired[:limit])).delete()
    old = UserSession.objects.filter(last_seen_at__lt=now - timedelta(hours=1)).order_by("last_seen_at")
    keys = list(old.values_list("session_key", flat=True)[:limit])
    living = set(Session.objects.filter(session_key__in=keys).values_list("session_key", flat=True))
    count, _ = UserSession.objects.filter(session_key__in=set(keys) - living).delete()
    return count
