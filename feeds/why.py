"""Why a clip is in a feed, or is not any more: the exact edges, the terms that ranked it, and what would change it.

Nothing here is kept or guessed: it asks the querysets and the ranking that make the pages, at the moment of asking.
So it may say that a reason is gone, and which of the viewer's own choices stands in the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from accounts.models import Follow, Mute, User
from accounts.selectors import Person
from clips.models import Clip
from clips.selectors import ClipView, clip_views
from reposts.models import Repost

from .assembly import Reason, live_reasons
from .for_you import ranked_clips
from .log import newest_id
from .models import Activity, FeedControl
from .querysets import clip_rules, none_of, publication_rules, repost_rules
from .ranking import Terms

FEEDS = ("following", "for-you")
LINES = 20  # reasons that are told one by one


@dataclass(frozen=True, slots=True)
class Edge:
    """One reason with the edges it rests on.

    `follows_since` is None where the viewer does not follow (For You may tell of a publication by a stranger);
    `via` is through whom the reposter met the clip, when the viewer may see that repost."""

    kind: str
    person: Person
    at: datetime
    comment: str
    repost_id: int | None
    audience: str
    via: Person | None
    follows_since: datetime | None
    brought: bool  # the card stands where this reason put it


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something the viewer chose that keeps the clip, or one reason of it (`person`, who reposted), out.

    `code` is the name of the rule in `feeds.querysets`; `reference` takes it back (`controls.undo`), empty where a
    setting does; `text` are the hidden words."""

    code: str
    reference: str = ""
    until: datetime | None = None
    text: str = ""
    person: Person | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`in_feed` says whether the clip would be there if the feed were read again now.

    Following: `placed_at` is when the card came to its place. For You: `terms`, and `position` among `candidates`."""

    feed: str
    clip: ClipView
    in_feed: bool
    edges: list[Edge] = field(default_factory=list)
    more_edges: int = 0
    placed_at: datetime | None = None
    terms: Terms | None = None
    position: int = 0
    candidates: int = 0
    obstacles: list[Obstacle] = field(default_factory=list)
    left_out: list[Obstacle] = field(default_factory=list)

    @property
    def via_id(self) -> int | None:
        return next((edge.repost_id for edge in self.edges if edge.kind == "repost"), None)


def explain(viewer: User | AnonymousUser, *, clip_id: int, feed: str) -> Explanation:
    """Why `clip_id` is in `feed` (one of FEEDS) now: some 20 queries at most, however many reasons.

    Raises: Clip.DoesNotExist when the viewer may not see the clip."""
    clip = Clip.objects.visible_to(viewer).get(pk=clip_id)
    view = clip_views(viewer, [clip_id])[clip_id]
    found = _in_for_you(viewer, view) if feed == "for-you" else _in_following(viewer, view)
    if not viewer.is_authenticated:
        return Explanation(**found)
    hits, unwanted = _obstacles(viewer, clip), _left_out(viewer, clip)
    lines = _with_lines(viewer, clip, [*hits, *unwanted])
    return Explanation(**found, obstacles=lines[: len(hits)], left_out=lines[len(hits) :])


def _in_following(viewer: User | AnonymousUser, view: ClipView) -> dict[str, Any]:
    assert viewer.is_authenticated
    live = live_reasons(viewer, [view.id]).get(view.id)
    place = live.place(newest_id(), raise_watched=viewer.raise_watched) if live else None
    reasons = live.reasons if live else []
    return {
        "feed": "following",
        "clip": view,
        "in_feed": place is not None,
        "edges": _edges(viewer, reasons, place),
        "more_edges": max(0, len(reasons) - LINES),
        "placed_at": next((reason.at for reason in reasons if reason.activity_id == place), None),
    }


def _in_for_you(viewer: User | AnonymousUser, view: ClipView) -> dict[str, Any]:
    ranked = ranked_clips(viewer, as_of=newest_id(), now=timezone.now())
    at = next((number for number, one in enumerate(ranked) if one.card.clip_id == view.id), None)
    answer: dict[str, Any] = {"feed": "for-you", "clip": view, "in_feed": at is not None, "candidates": len(ranked)}
    if at is not None:
        one = ranked[at]
        reposts = [reason for reason in one.card.reasons if reason.kind == "repost"]
        answer |= {
            "terms": one.terms,
            "position": at + 1,
            "edges": _edges(viewer, reposts, one.card.place) if viewer.is_authenticated else [],
            "more_edges": max(0, len(reposts) - LINES),
        }
    return answer


def _edges(viewer: User, reasons: list[Reason], place: int | None) -> list[Edge]:
    """The reasons with what they rest on, that which placed the card first: 3 queries."""
    reasons = sorted(reasons, key=lambda reason: reason.activity_id != place)[:LINES]
    since = dict(
        Follow.objects.accepted()
        .filter(follower=viewer, followee__in=[reason.user.id for reason in reasons])
        .values_list("followee", "accepted_at")
    )
    told = {
        pk: (audience, via)
        for pk, audience, via in Repost.objects.filter(
            pk__in=[reason.repost_id for reason in reasons if reason.repost_id]
        ).values_list("pk", "audience", "via")
    }
    vias = {
        pk: Person(who, username, name, avatar)
        for pk, who, username, name, avatar in Repost.objects.visible_to(viewer)
        .filter(pk__in=[via for _, via in told.values() if via])
        .values_list("pk", "user_id", "user__username", "user__display_name", "user__avatar")
    }
    edges = []
    for reason in reasons:
        audience, via = told.get(reason.repost_id or 0, ("", None))
        edges.append(
            Edge(
                kind=reason.kind,
                person=reason.user,
                at=reason.at,
                comment=reason.comment,
                repost_id=reason.repost_id,
                audience=audience,
                via=vias.get(via) if via else None,
                follows_since=since.get(reason.user.id),
                brought=reason.activity_id == place,
            )
        )
    return edges


# --- What stands in the way -------------------------------------------------------------------------------------


def _asked(rules: dict[str, Q]) -> dict[str, ExpressionWrapper]:
    return {f"rule_{name}": ExpressionWrapper(rule, output_field=BooleanField()) for name, rule in rules.items()}


def _true(rules: Iterable[str], row: dict[str, Any]) -> list[str]:
    return [name for name in rules if row[f"rule_{name}"]]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that applies: to whom it is to be looked for, and in which folded text."""

    code: str
    person_id: int
    words: str
    person: Person | None = None
    at: datetime | None = None


def _obstacles(viewer: User, clip: Clip) -> list[_Hit]:
    """Which rules keep the clip itself out of the viewer's feeds: one query."""
    rules = clip_rules(viewer)
    row = Clip.objects.filter(pk=clip.pk).annotate(**_asked(rules)).values(*_asked(rules)).get()
    return [_Hit(name, clip.author_id, clip.caption_words) for name in _true(rules, row)]


def _left_out(viewer: User, clip: Clip) -> list[_Hit]:
    """Reasons that the viewer could have for this clip and does not want, newest first, with the first rule each."""
    of_reposts, of_publications = repost_rules(viewer), publication_rules(viewer)
    asked = _asked(of_reposts | of_publications)
    who = ("actor_id", "actor__username", "actor__display_name", "actor__avatar")
    unwanted = Q(kind="repost") & ~none_of(of_reposts) | Q(kind="publish") & ~none_of(of_publications)
    rows = Activity.objects.open_to(viewer).filter(unwanted, clip=clip).annotate(**asked).order_by("-pk")
    found = []
    for row in rows.values("kind", "created_at", *who, "repost__comment_words", *asked)[:LINES]:
        code = _true(of_reposts if row["kind"] == "repost" else of_publications, row)[0]
        person = Person(*(row[name] for name in who))
        about = clip.author_id if code == "reposts_of" else person.id
        found.append(_Hit(code, about, row["repost__comment_words"] or "", person, row["created_at"]))
    return found


def _with_lines(viewer: User, clip: Clip, hits: list[_Hit]) -> list[Obstacle]:
    """The hits with the lines that take them back: 3 queries, none when nothing was hit."""
    if not hits:
        return []
    people = {hit.person_id for hit in hits}
    mutes = {mute.muted_id: mute for mute in Mute.objects.active().filter(muter=viewer, muted__in=people)}
    follows = dict(Follow.objects.filter(follower=viewer, followee__in=people).values_list("followee", "pk"))
    controls = list(
        FeedControl.objects.active()
        .filter(viewer=viewer)
        .filter(Q(kind="words") | Q(kind="clip", clip=clip) | Q(person=clip.author_id))
    )
    return [_obstacle(hit, mutes, follows, controls) for hit in hits]


def _obstacle(hit: _Hit, mutes: dict[int, Mute], follows: dict[int, int], controls: list[FeedControl]) -> Obstacle:
    more: dict[str, Any] = {"person": hit.person, "at": hit.at}
    if hit.code in ("muted", "actor_muted", "reposts_muted"):
        if mute := mutes.get(hit.person_id):
            return Obstacle(hit.code, f"m{mute.pk}", mute.until, **more)
    elif hit.code == "reposts_off":
        if pk := follows.get(hit.person_id):
            return Obstacle(hit.code, f"f{pk}", **more)
    else:
        kind = "words" if hit.code == "comment_words" else hit.code
        for control in controls:
            # Which of the words it is: the database has said that one of them is in there.
            if control.kind == kind and (kind != "words" or (control.key or "") in hit.words):
                return Obstacle(hit.code, f"c{control.pk}", control.until, control.text, **more)
    return Obstacle(hit.code, **more)  # a setting; or taken back this very moment
