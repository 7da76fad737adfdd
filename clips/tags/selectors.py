"""Pages of a hashtag's clips. Fixed numbers of queries however many clips carry it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q

from accounts.models import User
from accounts.querysets import follows, muted
from accounts.selectors import Person

from .. import paging
from ..exceptions import BadPlace
from ..models import ClipHashtag, Hashtag
from ..querysets import ClipHashtagQuerySet

PAGE = 24  # tiles: fills rows of 2, 3, 4, 6 and 8
TOP_POOL = 500  # of so many newest clips the best are the tag's top: it stays fresh, and its cost bounded
COUNTED = 1_000  # beyond, the number of clips is said as "more than"
MENTIONABLE = 8  # people offered while one types
HANDLE_START = re.compile(r"[a-z0-9][a-z0-9._]{0,29}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = int((datetime.max.replace(tzinfo=UTC) - _EPOCH) / _MICROSECOND) - 1


@dataclass(frozen=True, slots=True)
class TagPage:
    """Ids of clips in their order; `next` is the cursor of the next page, empty at the end."""

    clip_ids: list[int] = field(default_factory=list)
    next: str = ""


@dataclass(frozen=True, slots=True)
class TagHead:
    """A hashtag and how many of its clips the viewer may see; `more` when there are more than `count`."""

    name: str
    count: int
    more: bool


def tag_named(name: str) -> Hashtag | None:
    """The hashtag of a folded name; None while no published clip ever carried it."""
    return Hashtag.objects.filter(name=name).first()


def _listed(hashtag: Hashtag, viewer: User | AnonymousUser) -> ClipHashtagQuerySet:
    return ClipHashtag.objects.filter(hashtag=hashtag).listed_for(viewer)


def tag_head(hashtag: Hashtag, viewer: User | AnonymousUser) -> TagHead:
    """1 query; counting stops at COUNTED."""
    found = len(_listed(hashtag, viewer).values_list("pk")[: COUNTED + 1])
    return TagHead(hashtag.name, min(found, COUNTED), found > COUNTED)


def tag_page(
    hashtag: Hashtag, viewer: User | AnonymousUser, *, sort: str = "top", cursor: str = "", limit: int = PAGE
) -> TagPage:
    """Clips meant for everyone that carry the tag and `viewer` may see: 1 query. Raises: BadPlace.

    `top`: the best of the TOP_POOL newest, by likes, comments and reposts; while these change, a clip may be met
    twice or not at all. `newest` by the time of publication neither doubles nor skips."""
    rows = _listed(hashtag, viewer).order_by("-published_at", "-clip")
    if sort == "top":
        return _top_page(rows, cursor, limit)
    if cursor:
        micros, pk = paging.decode("d", cursor, 2)
        if micros > _LAST:
            raise BadPlace
        at = _EPOCH + micros * _MICROSECOND
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, clip__lt=pk))
    found = list(rows.values_list("clip", "published_at")[: limit + 1])
    following = ""
    if len(found) > limit:
        pk, at = found[limit - 1]
        following = paging.encode("d", (at - _EPOCH) // _MICROSECOND, pk)
    return TagPage([pk for pk, _ in found[:limit]], following)


def _top_page(rows: ClipHashtagQuerySet, cursor: str, limit: int) -> TagPage:
    score = F("clip__like_count") + 2 * F("clip__comment_count") + 3 * F("clip__repost_count")
    pool = rows.annotate(score=score).values_list("score", "clip")[:TOP_POOL]
    best = sorted(pool, reverse=True)
    if cursor:
        score_then, pk = paging.decode("s", cursor, 2)
        best = [place for place in best if place < (score_then, pk)]
    following = paging.encode("s", *best[limit - 1]) if len(best) > limit else ""
    return TagPage([pk for _, pk in best[:limit]], following)


def mentionable(viewer: User, text: str) -> list[Person]:
    """Up to MENTIONABLE people whose handle begins with `text`: those whom the viewer follows before others.

    Only those whom the viewer can see and does not mute. 2 queries."""
    start = text.lower().removeprefix("@").strip()
    if not start or not HANDLE_START.fullmatch(start):
        return []
    people = User.objects.visible_to(viewer).exclude(pk=viewer.pk).exclude(muted(viewer, "pk"))
    people = people.filter(username__startswith=start)
    fields = ("pk", "username", "display_name", "avatar")
    found = list(people.filter(follows(viewer, "pk")).order_by("username").values_list(*fields)[:MENTIONABLE])
    if len(found) < MENTIONABLE:
        others = people.exclude(pk__in=[row[0] for row in found]).order_by("username").values_list(*fields)
        found += others[: MENTIONABLE - len(found)]
    return [Person(*row) for row in found]
