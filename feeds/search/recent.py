"""What a person searched for lately: theirs to see, remove, clear and pause. Nobody else reads it."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.text import clean_line

from .models import RecentSearch, SearchPause
from .text import QUERY_LENGTH, fold

KEPT = 20  # per person; the oldest go


@transaction.atomic
def remember(*, user: User, query: str) -> RecentSearch | None:
    """Keep a search at the top. None when the person paused this, or when there is nothing to keep."""
    query = clean_line(query)[:QUERY_LENGTH].strip()
    folded = fold(query)[: RecentSearch._meta.get_field("folded").max_length]
    if not folded.strip() or is_paused(user):
        return None
    row, _ = RecentSearch.objects.update_or_create(
        user=user, folded=folded, defaults={"query": query, "searched_at": Now()}
    )
    kept = RecentSearch.objects.filter(user=user).order_by("-searched_at", "-pk").values_list("pk", flat=True)
    if old := list(kept[KEPT:]):
        RecentSearch.objects.filter(pk__in=old).delete()
    return row


def recent(user: User) -> list[RecentSearch]:
    """The newest first, at most KEPT."""
    return list(RecentSearch.objects.filter(user=user).order_by("-searched_at", "-pk")[:KEPT])


def remove(*, user: User, search_id: int) -> None:
    """Forget one of one's own; nothing happens for what is not there."""
    RecentSearch.objects.filter(user=user, pk=search_id).delete()


def clear(*, user: User) -> None:
    RecentSearch.objects.filter(user=user).delete()


def is_paused(user: User) -> bool:
    return SearchPause.objects.filter(user=user).exists()


def set_paused(*, user: User, paused: bool) -> None:
    """Stop, or go on, remembering. What is there stays until it is cleared."""
    if paused:
        SearchPause.objects.get_or_create(user=user)
    else:
        SearchPause.objects.filter(user=user).delete()
