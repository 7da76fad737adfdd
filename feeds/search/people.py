"""People by their handle and the words of their name.

Ranked: the handle itself; handles that begin so; people whom the viewer follows, mutuals first; all others by how
many follow them (as of the last hour).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from accounts.listings import PersonRow, person_rows, relations
from accounts.models import Follow, User

from . import index
from .index import Hit
from .models import KINDS, Kind
from .paging import Cursor, cut
from .text import query_words, squashed

KIND = "p"
HEAD = 60  # proposals of each kind in the head


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`next` is the cursor of the next page, None at the end. A page may be shorter than asked for."""

    rows: list[PersonRow]
    next: Cursor | None


def visible_people(viewer: User | AnonymousUser, ids: Sequence[int]) -> set[int]:
    return set(User.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def search_people(
    viewer: User | AnonymousUser, text: str, *, cursor: Cursor | None = None, limit: int = 20
) -> PeoplePage:
    """One page of people who match `text`, whom `viewer` may see: at most 8 queries unless much is hidden."""
    asked = [f"p{word}" for word in query_words(text)]
    if not asked:
        return PeoplePage([], None)
    page = cut(
        cursor or Cursor(KIND),
        limit,
        head=_head(viewer, text, asked),
        tail=lambda below, size: index.heaviest(asked, Kind.PERSON, limit=size, below=below),
        visible=lambda ids: visible_people(viewer, ids),
    )
    people = User.objects.in_bulk(page.ids)
    return PeoplePage(person_rows(viewer, [people[pk] for pk in page.ids if pk in people]), page.next)


def _head(viewer: User | AnonymousUser, text: str, asked: Sequence[str]) -> list[int]:
    """The ids that come first, ranked."""
    handle = squashed(text)
    by_handle: list[Hit] = []
    if handle:
        # The handle itself may be less known than all that begin with it, so it is asked for apart.
        by_handle = index.exactly(f"h{handle}") + index.heaviest([f"h{handle}"], Kind.PERSON, limit=HEAD)
    known: list[Hit] = []
    if viewer.is_authenticated:
        edges = Follow.objects.accepted().filter(follower=viewer)
        documents = edges.annotate(document=F("followee_id") * KINDS + Kind.PERSON.value).values("document")
        known = index.heaviest(asked, Kind.PERSON, limit=HEAD, among=documents)
    proposed = {hit.target_id: hit for hit in (*known, *reversed(by_handle))}
    ids = sorted(visible_people(viewer, list(proposed)))
    how = relations(viewer, ids)
    starts, exactly = {hit.target_id for hit in by_handle}, f"h{handle}"

    def rank(pk: int) -> tuple[bool, bool, int, int, int]:
        near = (2 if how[pk].is_mutual else 1) if how[pk].follows else 0
        itself = pk in starts and proposed[pk].tokens.split()[-1] == exactly
        return itself, pk in starts, near, proposed[pk].weight, pk

    return sorted(ids, key=rank, reverse=True)
