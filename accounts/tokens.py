"""API tokens: made with a name, shown once, listed, revoked. Stored as a hash by knox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken
from knox.settings import knox_settings

from . import devices, security
from .models import SecurityKind, TokenLabel, User
from .security_models import TOKEN_NAME_LENGTH
from .text import clean_line

SHOWN = 8  # characters of a token that its owner recognises it by, useless without the other 56
USED_STEP = timedelta(minutes=10)  # how exact `last_used_at` is


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    is_current: bool


def longest_days() -> int:
    ttl: timedelta = knox_settings.TOKEN_TTL
    return ttl.days


def living(user: User) -> QuerySet[TokenLabel]:
    return TokenLabel.objects.filter(token__user=user, token__expiry__gt=timezone.now())


def list_tokens(labels: QuerySet[TokenLabel], current: AuthToken | None = None) -> list[Token]:
    """The tokens of these labels, newest first: 1 query. `current` is the one the caller signed in with."""
    return [
        Token(
            id=label.pk,
            name=label.name,
            prefix=label.token.token_key[:SHOWN],
            created_at=label.token.created,
            last_used_at=label.last_used_at,
            expires_at=label.token.expiry,
            is_current=current is not None and label.token_id == current.pk,
        )
        for label in labels.select_related("token").order_by("-pk")
    ]


@transaction.atomic
def issue_token(
    *, user: User, request: HttpRequest, name: str = "", days: int | None = None, notice: bool = True
) -> tuple[AuthToken, str]:
    """A new token and its secret text, which is shown once. It lasts `days`, at most and by default TOKEN_DAYS.

    At the limit of tokens a person may have, the oldest one ends: a script that signs in at each run locks nobody
    out. `notice`: whether the person gets a mail."""
    mine = AuthToken.objects.filter(user=user)
    mine.filter(expiry__lte=timezone.now()).delete()
    keep = max(0, (knox_settings.TOKEN_LIMIT_PER_USER or 50) - 1)
    if surplus := list(mine.order_by("-created").values_list("pk", flat=True)[keep:]):
        mine.filter(pk__in=surplus).delete()
    ttl = timedelta(days=min(days or longest_days(), longest_days()))
    token, secret = AuthToken.objects.create(user=user, expiry=ttl)
    name = clean_line(name)[:TOKEN_NAME_LENGTH] or devices.of_request(request) or _("Unnamed")
    TokenLabel.objects.create(token=token, name=name)
    security.record(user=user, kind=SecurityKind.TOKEN_CREATED, request=request, detail=name, notice=notice)
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token_id: int, request: HttpRequest) -> None:
    """End a token at once. One that is gone already, or another person's, is nothing to do."""
    label = TokenLabel.objects.select_related("token").filter(pk=token_id, token__user=user).first()
    if label is not None:
        label.token.delete()
        security.record(user=user, kind=SecurityKind.TOKEN_REVOKED, request=request, detail=label.name)


def revoke_all(*, user: User) -> int:
    """End every token of a person. Returns how many were still good."""
    count = AuthToken.objects.filter(user=user, expiry__gt=timezone.now()).count()
    AuthToken.objects.filter(user=user).delete()
    return count


def note_used(token: AuthToken) -> None:
    """Remember that a token is in use: at most one write a USED_STEP. `label` must be joined."""
    label: TokenLabel | None = getattr(token, "label", None)
    now = timezone.now()
    if label is not None and (label.last_used_at is None or now - label.last_used_at >= USED_STEP):
        TokenLabel.objects.filter(pk=label.pk).update(last_used_at=now)
