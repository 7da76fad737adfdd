"""Clips by the words of their caption.

The newest `WINDOW` matches are ranked by a score, and the best `HEAD` of them come first; all others follow, the
newest first. The score, in points:
- 3 when the caption has each word of the query whole, not only its beginning;
- 3 when the viewer follows the author;
- the binary logarithm of 1 + 3 times the reposts + a quarter of those who watched;
- minus the binary logarithm of 1 + its age in days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Value
from django.utils import timezone

from accounts.models import User
from accounts.querysets import follows
from clips.models import Clip
from clips.selectors import ClipView, clip_views

from . import index
from .models import Kind
from .paging import Cursor, cut
from .text import query_words

KIND = "c"
WINDOW = 240
HEAD = 48
NEWEST = 2**60  # above every id


@dataclass(frozen=True, slots=True)
class ClipsPage:
    """`next` is the cursor of the next page, None at the end. A page may be shorter than asked for."""

    rows: list[ClipView]
    next: Cursor | None


def search_clips(
    viewer: User | AnonymousUser, text: str, *, cursor: Cursor | None = None, limit: int = 24
) -> ClipsPage:
    """One page of clips whose caption matches `text`, that `viewer` may see: at most 6 queries unless much is
    hidden."""
    asked = [f"c{word}" for word in query_words(text)]
    if not asked:
        return ClipsPage([], None)
    as_of = cursor.as_of if cursor else NEWEST
    proposed = index.newest(asked, Kind.CLIP, limit=WINDOW, below=as_of + 1)
    if not proposed:
        return ClipsPage([], None)
    cursor = cursor or Cursor(KIND, as_of=proposed[0].target_id)
    head = _head(viewer, asked, proposed)
    page = cut(
        cursor,
        limit,
        head=head,
        # Below an id alone: captions have no weight.
        tail=lambda below, size: index.newest(
            asked, Kind.CLIP, limit=size, below=below[1] if below else cursor.as_of + 1
        ),
        visible=lambda ids: (
            set(Clip.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        ),
    )
    views = clip_views(viewer, page.ids)
    return ClipsPage([views[pk] for pk in page.ids if pk in views], page.next)


def _head(viewer: User | AnonymousUser, asked: Sequence[str], proposed: Sequence[index.Hit]) -> list[int]:
    """The ids of the best of `proposed`, the best first."""
    near: Exists | Value = follows(viewer, "author_id") if viewer.is_authenticated else Value(False)
    rows = (
        Clip.objects.visible_to(viewer)
        .filter(pk__in=[hit.target_id for hit in proposed])
        .annotate(near=near)
        .values_list("pk", "repost_count", "watch_count", "published_at", "near")
    )
    whole = {hit.target_id for hit in proposed if set(asked) <= set(hit.tokens.split())}
    now = timezone.now()
    scores = {
        pk: score(reposts=reposts, watches=watches, age=now - at if at else None, whole=pk in whole, near=bool(near))
        for pk, reposts, watches, at, near in rows
    }
    return sorted(scores, key=lambda pk: (scores[pk], pk), reverse=True)[:HEAD]


def score(*, reposts: int, watches: int, age: timedelta | None, whole: bool, near: bool) -> float:
    """Points of a clip: see above. `age` is None for a clip without a time."""
    days = max(0.0, age.total_seconds() / 86_400) if age else 0.0
    return 3 * whole + 3 * near + math.log2(1 + 3 * reposts + watches / 4) - math.log2(1 + days)
