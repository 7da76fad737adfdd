"""Hashtags by the beginning of their name, the most used first (as of the last hour).

A tag shows only while its page would list a clip for the viewer: a word that stands in private captions alone is
nobody else's to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from accounts.models import User
from clips.models import ClipHashtag, Hashtag

from . import index
from .models import Kind
from .paging import Cursor, cut
from .text import squashed

KIND = "t"


@dataclass(frozen=True, slots=True)
class TagsPage:
    """`next` is the cursor of the next page, None at the end. A page may be shorter than asked for."""

    rows: list[Hashtag]
    next: Cursor | None


def visible_tags(viewer: User | AnonymousUser, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    listed = ClipHashtag.objects.listed_for(viewer).filter(hashtag=OuterRef("pk"))
    return set(Hashtag.objects.filter(Exists(listed), pk__in=ids).values_list("pk", flat=True))


def search_tags(viewer: User | AnonymousUser, text: str, *, cursor: Cursor | None = None, limit: int = 20) -> TagsPage:
    """One page of tags that begin as `text` does (its words run together), the tag itself first: at most 5 queries
    unless much is hidden."""
    name = squashed(text)
    if not name:
        return TagsPage([], None)
    asked = [f"t{name}"]
    page = cut(
        cursor or Cursor(KIND),
        limit,
        head=_head(viewer, name),
        tail=lambda below, size: index.heaviest(asked, Kind.TAG, limit=size, below=below),
        visible=lambda ids: visible_tags(viewer, ids),
    )
    tags = Hashtag.objects.in_bulk(page.ids)
    return TagsPage([tags[pk] for pk in page.ids if pk in tags], page.next)


def _head(viewer: User | AnonymousUser, name: str) -> list[int]:
    """The tags of exactly this name: several when they differ in marks alone (sí and si)."""
    ids = [hit.target_id for hit in index.exactly(f"t{name}")]
    return sorted(visible_tags(viewer, ids))
