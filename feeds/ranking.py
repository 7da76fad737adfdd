"""What For You weighs, in numbers that can be said in words.

A candidate's score is the product of its terms:

- its *source*: reposted by mutuals before people one follows, before what is watched, before what is only new;
- *company*: 1 + log2 of the reposters one follows; or of watches and three times the reposts, a third of it;
- *freshness*: halves every 36 hours;
- *watched*: 0.15 for what one has seen, so that it comes back only when little else is left;
- *fewer*: what one asked to see less of. Each "fewer like this" weighs its author at 0.2 and each hashtag and
  reposter that it shares at 0.5 for 14 days, and rises evenly to 1 over the next 140 (as X's feedback fatigue does;
  the-algorithm, FeedbackFatigueScorer). Two of them multiply.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from accounts.prepared import Prepared, moment
from clips.models import Clip, ClipHashtag

from .models import FeedControl

SOURCE_WEIGHTS = {"mutuals": 3.0, "followees": 2.0, "trending": 1.0, "popular": 1.0, "new": 1.0}
PUBLIC_SHARE = 1 / 3  # how much the company of strangers counts
SEEN_WEIGHT = 0.15
HALF_LIFE = timedelta(hours=36)

FEWER_AUTHOR = 0.2
FEWER_OTHER = 0.5  # a hashtag or a reposter says less about a clip than its author does
FEWER_FLAT = timedelta(days=14)
FEWER_RISE = timedelta(days=140)
FEWER_LASTS = FEWER_FLAT + FEWER_RISE


@dataclass(frozen=True, slots=True)
class Fewer:
    """One "fewer like this": of which clip and when, and what it makes lighter."""

    id: int
    clip_id: int
    at: datetime
    author_id: int
    reposter_id: int | None
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lightened:
    """What one `Fewer` did to a candidate: `by` names what they share (author, reposter, or #tag)."""

    clip_id: int
    fewer: Fewer
    by: str
    weight: float


@dataclass(slots=True)
class Terms:
    """Everything a score is made of. `at` is when the freshness began, `people` are the reposters who count: those
    whom one follows, or of these only the mutuals when there are any."""

    source: str
    company: float
    at: datetime
    freshness: float
    people: frozenset[int] = frozenset()
    watched: bool = False
    fewer: list[Lightened] = field(default_factory=list)

    @property
    def score(self) -> float:
        score = SOURCE_WEIGHTS[self.source] * self.company * self.freshness
        if self.watched:
            score *= SEEN_WEIGHT
        for one in self.fewer:
            score *= one.weight
        return score


def freshness(at: datetime, now: datetime) -> float:
    """1 at first, half after HALF_LIFE, and so on."""
    return math.pow(0.5, max((now - at) / HALF_LIFE, 0.0))


def company(watches: int, reposts: int) -> float:
    """How much strangers gathered round a clip, from 1 up: each doubling adds 1, a repost counts as three watches."""
    return 1 + math.log2(1 + watches + 3 * reposts)


def fewer_weight(floor: float, age: timedelta) -> float:
    """`floor` for FEWER_FLAT, then rising evenly to 1 at FEWER_LASTS."""
    risen = min(max((age - FEWER_FLAT) / FEWER_RISE, 0.0), 1.0)
    return floor + (1 - floor) * risen


_FEWER = Prepared(
    lambda viewer, ids: (
        FeedControl.objects.active()
        .filter(viewer=viewer, kind="fewer")
        .order_by("-pk")
        .values_list("pk", "clip_id", "created_at", "clip__author_id", "via__user_id", "text")
    )
)
_AUTHORS = Prepared(lambda viewer, ids: Clip.objects.filter(pk__in=ids).values_list("pk", "author_id"))
_TAGS = Prepared(
    lambda viewer, ids: ClipHashtag.objects.filter(clip_id__in=ids).values_list("clip_id", "hashtag__name")
)


def fewer_of(viewer: User) -> list[Fewer]:
    """What the viewer asked to see less of, as far as it still weighs: one query."""
    return [
        Fewer(pk, clip_id, moment(at), author_id, reposter_id, frozenset(tags.split()))
        for pk, clip_id, at, author_id, reposter_id, tags in _FEWER.rows(viewer.pk)
    ]


def lighten(
    terms: dict[int, Terms], reposters: Mapping[int, Collection[int]], asked: Iterable[Fewer], now: datetime
) -> None:
    """Weigh `asked` into the terms of candidates (by clip id): two queries, none when nothing was asked.

    `reposters` are the ids of the people one follows who reposted each candidate."""
    asked = list(asked)
    if not asked or not terms:
        return
    wanted = {tag for fewer in asked for tag in fewer.tags}
    tags: dict[int, set[str]] = {}
    for clip_id, tag in _TAGS.rows(0, terms):
        if tag in wanted:
            tags.setdefault(clip_id, set()).add(tag)
    for clip_id, author_id in _AUTHORS.rows(0, terms):
        found = terms[clip_id].fewer
        for fewer in asked:
            age = now - fewer.at
            if author_id == fewer.author_id:
                found.append(Lightened(clip_id, fewer, "author", fewer_weight(FEWER_AUTHOR, age)))
            if fewer.reposter_id in reposters.get(clip_id, ()):
                found.append(Lightened(clip_id, fewer, "reposter", fewer_weight(FEWER_OTHER, age)))
            shared = sorted(fewer.tags & tags.get(clip_id, set()))
            found += [Lightened(clip_id, fewer, f"#{tag}", fewer_weight(FEWER_OTHER, age)) for tag in shared]
