"""For You: what mutuals and followees reposted, fresh public clips, and those much watched in the last days.

Every card says why it is there and none comes twice in a session. The score is plain on purpose (`feeds.ranking`):
a source's weight times freshness, less for what was watched and for what the viewer asked to see less of. Weights
follow the research: reposts by mutuals first (what TikTok launched with), strangers' popularity last.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Follow, User
from accounts.prepared import Prepared, moment
from accounts.querysets import followed_by
from clips.models import Clip
from clips.querysets import clip_is_public

from .assembly import Card, Page, live_reasons
from .cursor import Cursor
from .hydration import reposted_by
from .log import newest_id
from .models import Activity, SeenClip, TrendingClip
from .querysets import clip_rules, none_of
from .ranking import PUBLIC_SHARE, Terms, company, fewer_of, freshness, lighten
from .trending import LEAST

CANDIDATES = 400  # newest publications, of which the public and wanted ones are scored
RECENT_CLIPS = 64  # clips that followees reposted last; one size of `Prepared`


@dataclass(slots=True)
class Ranked:
    """A candidate with the terms of its score."""

    card: Card
    terms: Terms

    @property
    def why(self) -> str:
        """The one sentence above the card. Made for what is shown, not for hundreds of candidates."""
        source = self.terms.source
        if source == "new":
            return _("New on Reprise")
        if source not in ("mutuals", "followees"):
            return _("Popular right now")
        close = self.terms.people
        who = [reason.user.name for reason in self.card.reasons if reason.kind == "repost" and reason.user.id in close]
        edge = _("you follow each other") if source == "mutuals" else _("you follow them")
        return f"{reposted_by(who)} · {edge}"


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


def _public_clips(viewer: User | AnonymousUser) -> QuerySet[Clip, tuple[Any, ...]]:
    """Clips meant for everyone that no rule of the viewer keeps out."""
    rows = Clip.objects.visible_to(viewer).filter(clip_is_public())
    if viewer.is_authenticated:
        rows = rows.filter(none_of(clip_rules(viewer)))
    return rows.values_list("pk", "published_at", "watch_count", "repost_count")


def _newest(viewer: User | AnonymousUser, as_of: int) -> QuerySet[Clip, tuple[Any, ...]]:
    # Cut before the rules are asked: they cost some ten look-ups a clip. From the log, so that the cut stays where
    # it was while more is published.
    published = Activity.objects.filter(kind="publish", pk__lte=as_of).order_by("-pk").values("clip")
    return _public_clips(viewer).filter(pk__in=published[:CANDIDATES])


def _trending(viewer: User | AnonymousUser, as_of: int) -> QuerySet[Clip, tuple[Any, ...]]:
    rows = _public_clips(viewer).filter(pk__in=TrendingClip.objects.values("clip"))
    return rows.filter(activities__kind="publish", activities__pk__lte=as_of)


def _sources(anyone: AnonymousUser | None) -> tuple[Prepared, Prepared]:
    return (
        Prepared(lambda viewer, ids, as_of: _newest(anyone or viewer, as_of), numbers=1),
        Prepared(lambda viewer, ids, as_of: _trending(anyone or viewer, as_of), numbers=1),
    )


_FOR_MEMBERS = _sources(None)
_FOR_ANYONE = _sources(AnonymousUser())


def _from_connections(viewer: User, as_of: int, now: datetime) -> dict[int, Ranked]:
    """Clips that people whom the viewer follows reposted, mutuals before others."""
    recent = (clip_id for (clip_id,) in _REPOSTED.rows(viewer.pk, (), as_of))
    clip_ids = list(dict.fromkeys(recent))[:RECENT_CLIPS]
    mutuals = {pk for (pk,) in _MUTUALS.rows(viewer.pk)}
    ranked = {}
    for clip_id, live in live_reasons(viewer, clip_ids).items():
        reposts = [r for r in live.reasons if r.kind == "repost" and r.activity_id <= as_of]
        if not reposts:
            continue
        close = frozenset(r.user.id for r in reposts if r.user.id in mutuals)
        at = reposts[0].at
        ranked[clip_id] = Ranked(
            Card(clip_id, reposts[0].activity_id, live.reasons),
            Terms(
                source="mutuals" if close else "followees",
                company=1 + math.log2(len(reposts)),
                at=at,
                freshness=freshness(at, now),
                people=close or frozenset(r.user.id for r in reposts),
            ),
        )
    return ranked


def _from_everyone(viewer: User | AnonymousUser, as_of: int, now: datetime) -> dict[int, Ranked]:
    """Fresh and much-watched clips meant for everyone."""
    newest, trending = _FOR_MEMBERS if viewer.is_authenticated else _FOR_ANYONE
    known = {row[0]: (row, False) for row in newest.rows(viewer.pk or 0, (), as_of)}
    known |= {row[0]: (row, True) for row in trending.rows(viewer.pk or 0, (), as_of)}
    ranked = {}
    for (pk, published_at, watches, reposts), trends in known.values():
        at = moment(published_at)
        popular = watches + reposts >= LEAST
        source = "trending" if trends else "popular" if popular else "new"
        gathered = PUBLIC_SHARE * company(watches, reposts)
        ranked[pk] = Ranked(Card(pk, 0, []), Terms(source, gathered, at, freshness(at, now)))
    return ranked


def _seen(viewer: User, clip_ids: Iterable[int]) -> set[int]:
    clip_ids = list(clip_ids)
    return {clip_id for (clip_id,) in _SEEN.rows(viewer.pk, clip_ids)} if clip_ids else set()


def ranked_clips(viewer: User | AnonymousUser, *, as_of: int, now: datetime) -> list[Ranked]:
    """All candidates for the viewer with their terms, best first: at most 9 queries, 2 for people not signed in."""
    best = _from_everyone(viewer, as_of, now)
    if viewer.is_authenticated:
        best |= _from_connections(viewer, as_of, now)
        for clip_id in _seen(viewer, best):
            best[clip_id].terms.watched = True
        reposters = {
            clip_id: {reason.user.id for reason in one.card.reasons if reason.kind == "repost"}
            for clip_id, one in best.items()
            if one.card.reasons
        }
        lighten({clip_id: one.terms for clip_id, one in best.items()}, reposters, fewer_of(viewer), now)
    return sorted(best.values(), key=lambda one: (-one.terms.score, -one.card.clip_id))


_WANTED = Prepared(
    lambda viewer, ids: (
        Clip.objects.visible_to(viewer)
        .filter(clip_is_public(), none_of(clip_rules(viewer)), pk__in=ids)
        .values_list("pk", flat=True)
    )
)


def still_wanted(viewer: User, clip_ids: Iterable[int]) -> set[int]:
    """Which of these clips, shown in For You a moment ago, may still be there: two queries."""
    clip_ids = list(clip_ids)
    if not clip_ids:
        return set()
    passed_on = {
        clip_id
        for clip_id, live in live_reasons(viewer, clip_ids).items()
        if any(reason.kind == "repost" for reason in live.reasons)
    }
    return passed_on | {pk for (pk,) in _WANTED.rows(viewer.pk, clip_ids)}


def for_you_page(
    viewer: User | AnonymousUser, *, cursor: Cursor | None = None, limit: int = 10
) -> tuple[Page, list[str]]:
    """A page of at most `limit` cards and the reason sentence of each. No clip comes twice in a session.

    The snapshot keeps out what came after the first page; scores are computed afresh, `served` prevents repeats.
    """
    cursor = cursor or Cursor(as_of=newest_id(), below=0)
    served = set(cursor.served)
    ranked = ranked_clips(viewer, as_of=cursor.as_of, now=timezone.now())
    order = [one for one in ranked if one.card.clip_id not in served]
    page, more = order[:limit], len(order) > limit
    following = cursor.advance(below=0, clip_ids=[one.card.clip_id for one in page]) if more else None
    return Page([one.card for one in page], following, cursor.as_of), [one.why for one in page]
