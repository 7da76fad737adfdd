"""For You in its first form: what mutuals and followees reposted, and fresh, much-watched public clips.

Every card says why it is there and none comes twice in a session. The score is plain on purpose: a source's
weight times freshness, less for what was watched. Weights follow the research: reposts by mutuals first (what
TikTok launched with), strangers' popularity last.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Follow, User
from accounts.prepared import Prepared, moment
from accounts.querysets import followed_by, muted
from clips.models import Clip
from clips.querysets import clip_is_public

from .assembly import Card, Page, live_reasons
from .cursor import Cursor
from .hydration import reposted_by
from .log import newest_id
from .models import Activity, SeenClip

CANDIDATES = 300  # fresh public clips that are scored
RECENT_CLIPS = 64  # clips that followees reposted last; one size of `Prepared`
MUTUAL_WEIGHT = 3.0
FOLLOWEE_WEIGHT = 2.0
POPULAR_WEIGHT = 1.0
SEEN_WEIGHT = 0.15  # what was watched comes back only when little else is left
HALF_LIFE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and the sentence that explains it."""

    card: Card
    score: float
    why: str


def _freshness(at: datetime, now: datetime) -> float:
    return math.pow(0.5, max((now - at) / HALF_LIFE, 0.0))


_REPOSTED = Prepared(
    lambda viewer, ids, as_of: (
        Activity.objects.of_followees(viewer)
        .filter(kind="repost", pk__lte=as_of)
        .order_by("-pk")
        .values_list("clip_id")[: 2 * RECENT_CLIPS]
    ),
    numbers=1,
)
_MUTUALS = Prepared(
    lambda viewer, ids: (
        Follow.objects.accepted()
        .filter(follower=viewer)
        .filter(followed_by(viewer, "followee_id"))
        .values_list("followee")
    )
)
_SEEN = Prepared(lambda viewer, ids: SeenClip.objects.filter(viewer=viewer, clip_id__in=ids).values_list("clip_id"))


def _fresh_clips(viewer: User | AnonymousUser, as_of: int) -> QuerySet[Clip, tuple[Any, ...]]:
    """Clips meant for everyone that were out by `as_of`, newest first, by authors the viewer does not mute."""
    rows = Clip.objects.visible_to(viewer).filter(clip_is_public())
    if viewer.is_authenticated:
        rows = rows.exclude(author=viewer).exclude(muted(viewer, "author_id"))
    return (
        rows.filter(activities__kind="publish", activities__pk__lte=as_of)
        .order_by("-published_at")
        .values_list("pk", "published_at", "watch_count", "repost_count")[:CANDIDATES]
    )


_POPULAR = Prepared(lambda viewer, ids, as_of: _fresh_clips(viewer, as_of), numbers=1)
_POPULAR_WITH_ANYONE = Prepared(lambda viewer, ids, as_of: _fresh_clips(AnonymousUser(), as_of), numbers=1)


def _from_connections(viewer: User, as_of: int, now: datetime) -> list[Ranked]:
    """Clips that people whom the viewer follows reposted, mutuals before others."""
    recent = (clip_id for (clip_id,) in _REPOSTED.rows(viewer.pk, (), as_of))
    clip_ids = list(dict.fromkeys(recent))[:RECENT_CLIPS]
    mutuals = {pk for (pk,) in _MUTUALS.rows(viewer.pk)}
    ranked = []
    for clip_id, live in live_reasons(viewer, clip_ids).items():
        reposts = [r for r in live.reasons if r.kind == "repost" and r.activity_id <= as_of]
        if not reposts:
            continue
        close = [r for r in reposts if r.user.id in mutuals]
        weight = MUTUAL_WEIGHT if close else FOLLOWEE_WEIGHT
        score = weight * (1 + math.log2(len(reposts))) * _freshness(reposts[0].at, now)
        said = reposted_by([reason.user.name for reason in close or reposts])
        why = f"{said} · {_('you follow each other') if close else _('you follow them')}"
        ranked.append(Ranked(Card(clip_id, reposts[0].activity_id, live.reasons), score, why))
    return ranked


def _popular(viewer: User | AnonymousUser, as_of: int, now: datetime) -> list[Ranked]:
    """Fresh and much-watched clips meant for everyone, by authors the viewer does not mute."""
    ranked = []
    source = _POPULAR if viewer.is_authenticated else _POPULAR_WITH_ANYONE
    for pk, published_at, watches, reposts in source.rows(viewer.pk or 0, (), as_of):
        at = moment(published_at)
        warmth = 1 + math.log2(1 + watches + 3 * reposts)
        why = _("Popular right now") if watches + reposts >= 5 else _("New on Reprise")
        ranked.append(Ranked(Card(pk, 0, []), POPULAR_WEIGHT * warmth * _freshness(at, now) / 3, why))
    return ranked


def _seen(viewer: User | AnonymousUser, clip_ids: Iterable[int]) -> set[int]:
    clip_ids = list(clip_ids)
    if not viewer.is_authenticated or not clip_ids:
        return set()
    return {clip_id for (clip_id,) in _SEEN.rows(viewer.pk, clip_ids)}


def for_you_page(
    viewer: User | AnonymousUser, *, cursor: Cursor | None = None, limit: int = 10
) -> tuple[Page, list[str]]:
    """A page of at most `limit` cards and the reason sentence of each. No clip comes twice in a session.

    The snapshot keeps out what came after the first page; scores are computed afresh, `served` prevents repeats.
    """
    now = timezone.now()
    cursor = cursor or Cursor(as_of=newest_id(), below=0)
    best: dict[int, Ranked] = {}
    sources = [_popular(viewer, cursor.as_of, now)]
    if viewer.is_authenticated:
        sources.append(_from_connections(viewer, cursor.as_of, now))
    for source in sources:
        for candidate in source:
            known = best.get(candidate.card.clip_id)
            if known is None or not known.card.reasons:
                best[candidate.card.clip_id] = candidate
    for clip_id in cursor.served:
        best.pop(clip_id, None)
    seen = _seen(viewer, best)
    order = sorted(
        best.values(),
        key=lambda r: (-r.score * (SEEN_WEIGHT if r.card.clip_id in seen else 1.0), -r.card.clip_id),
    )
    page, more = order[:limit], len(order) > limit
    following = cursor.advance(below=0, clip_ids=[r.card.clip_id for r in page]) if more else None
    return Page([r.card for r in page], following, cursor.as_of), [r.why for r in page]
