"""Pages of the Following feed: proposals from the store and the log, decided by `feed_of`, one card a clip.

A card's place is its newest live reason within the session's snapshot. A watched clip keeps its place: the newest
live reason up to the watch, or, when it came to the feed only later, its first live reason (unless the viewer
has `raise_watched` on). A proposal is shown only where it *is* its card's place, so a page needs no memory but the
cursor, and the same page comes out of a push, a pull or a rebuilt store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat

from django.db.models import OuterRef, Subquery

from accounts.models import User
from accounts.prepared import Prepared, moment
from accounts.selectors import Person

from .cursor import Cursor
from .log import newest_id
from .models import Activity, FeedState, SeenClip
from .stores import Entry, get_store
from .upkeep import ready_state

MAX_ROUNDS = 12  # refills of one page; each scans more than the last, some 4,000 proposals in all
MAX_SCAN = 480  # proposals a round: their clips go into one IN list, and SQLite before 3.32 allows 999 variables
NEW_CARDS_CAP = 20  # the pill says "20+" beyond


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a card is here: `user` published or reposted the clip. `comment` is what may be shown."""

    activity_id: int
    kind: str
    user: Person
    comment: str
    at: datetime
    repost_id: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """A clip at its place in the feed with all live reasons, newest first."""

    clip_id: int
    place: int
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is None only at the end of the feed. `as_of` is the snapshot that new cards are counted from."""

    cards: list[Card]
    next: Cursor | None
    as_of: int


@dataclass(slots=True)
class _Live:
    """The live reasons of one clip for one viewer, and the watch that may hold its place."""

    reasons: list[Reason]
    seen_at: int | None

    def place(self, as_of: int, *, raise_watched: bool) -> int | None:
        """The activity id at which the card stands in the snapshot; None when it has no place in it."""
        ids = [reason.activity_id for reason in self.reasons]
        if self.seen_at is not None and not raise_watched:
            # A watch during the session must not lift the card to a reason that came after its snapshot.
            before = [pk for pk in ids if pk <= min(self.seen_at, as_of)]
            held = max(before) if before else min(ids)
            return held if held <= as_of else None
        within = [pk for pk in ids if pk <= as_of]
        return max(within) if within else None


_LIVE = Prepared(
    lambda viewer, ids: (
        Activity.objects.feed_of(viewer)
        .filter(clip_id__in=ids)
        .order_by("-pk")
        .values_list(
            "pk",
            "kind",
            "clip_id",
            "created_at",
            "repost_id",
            "repost__comment",
            "repost__comment_detached_at",
            "actor_id",
            "actor__username",
            "actor__display_name",
            "actor__avatar",
            Subquery(SeenClip.objects.filter(viewer=viewer, clip=OuterRef("clip_id")).values("activity_id")),
        )
    )
)


def live_reasons(viewer: User, clip_ids: Iterable[int]) -> dict[int, _Live]:
    """The live reasons of these clips in the viewer's feed, newest first. Clips without any are absent."""
    found: dict[int, _Live] = {}
    wanted = list(clip_ids)
    if not wanted:
        return found
    for pk, kind, clip_id, at, repost_id, comment, detached, actor, username, name, avatar, seen_at in _LIVE.rows(
        viewer.pk, wanted
    ):
        live = found.get(clip_id)
        if live is None:
            live = found[clip_id] = _Live([], seen_at)
        shown = "" if detached or not comment else comment
        person = Person(actor, username, name, avatar)
        live.reasons.append(Reason(pk, kind, person, shown, moment(at), repost_id))
    return found


def _pulled(size: int) -> Prepared:
    """What followees did that is not in the stores: below an id, not below a floor, newest first."""
    return Prepared(
        lambda viewer, ids, below, floor: (
            Activity.objects.undelivered()
            .of_followees(viewer)
            .filter(pk__lt=below, pk__gte=floor)
            .order_by("-pk")
            .values_list("pk", "clip_id")[:size]
        ),
        numbers=2,
    )


def _logged(size: int) -> Prepared:
    """What followees did, straight from the log: below an id, newest first."""
    return Prepared(
        lambda viewer, ids, below: (
            Activity.objects.of_followees(viewer)
            .filter(pk__lt=below)
            .order_by("-pk")
            .values_list("pk", "clip_id")[:size]
        ),
        numbers=1,
    )


_BATCHES = (240, MAX_SCAN)  # proposals of the first round, and of each later one
WAVE = 64  # clips whose reasons are asked for at once
_PULLED = {size: _pulled(size) for size in _BATCHES}
_LOGGED = {size: _logged(size) for size in _BATCHES}


def _proposals(viewer: User, state: FeedState, *, below: int) -> Iterator[list[Entry]]:
    """Batches of proposals below an activity id, newest first: store and pull leg down to the floor, then the log."""
    sizes = chain(_BATCHES, repeat(MAX_SCAN))
    while below > state.floor:
        size = next(sizes)
        # The pull leg first: what is delivered between the two queries is then in both, never in neither.
        pulled = [Entry(*row) for row in _PULLED[size].rows(viewer.pk, (), below, state.floor)]
        stored = get_store().window(viewer.pk, below=below, floor=state.floor, limit=size)
        # Where one leg was cut, what it holds further down is unknown: use both only down to there.
        known_to = max((leg[-1].activity_id for leg in (stored, pulled) if len(leg) == size), default=state.floor)
        batch = sorted({e for e in (*stored, *pulled) if e.activity_id >= known_to}, reverse=True)
        below = known_to
        if batch:
            yield batch
    while below > 0:
        size = next(sizes)
        batch = [Entry(*row) for row in _LOGGED[size].rows(viewer.pk, (), below)]
        below = batch[-1].activity_id if len(batch) == size else 0
        if batch:
            yield batch


def _next_clips(batch: Sequence[Entry], but: set[int]) -> set[int]:
    """The next WAVE clips of a batch that are not in `but`."""
    wave: set[int] = set()
    for entry in batch:
        if entry.clip_id not in but:
            wave.add(entry.clip_id)
            if len(wave) == WAVE:
                break
    return wave


def following_page(viewer: User, *, cursor: Cursor | None = None, limit: int = 10) -> Page:
    """One page of at most `limit` cards of the viewer's Following feed, after `cursor`.

    No clip comes twice in a session and none is skipped, whatever arrives meanwhile; a filtered page is refilled.
    """
    state = ready_state(viewer)
    if cursor is None:
        as_of = newest_id()
        cursor = Cursor(as_of=as_of, below=as_of + 1)
    below = min(cursor.below, cursor.as_of + 1)
    taken = set(cursor.served)
    known: dict[int, _Live] = {}
    asked: set[int] = set()
    cards: list[Card] = []
    for round_number, batch in enumerate(_proposals(viewer, state, below=below)):
        for at, entry in enumerate(batch):
            if entry.clip_id in taken:
                continue
            if entry.clip_id not in asked:
                # One clip may be proposed many times (it has many reposters): waves of clips, not of proposals.
                wave = _next_clips(batch[at:], asked | taken)
                known |= live_reasons(viewer, wave)
                asked |= wave
            live = known.get(entry.clip_id)
            if live is None:
                continue
            place = live.place(cursor.as_of, raise_watched=viewer.raise_watched)
            if place != entry.activity_id:
                continue
            if len(cards) == limit:  # one more exists, so this page is not the last
                return Page(cards, _after(cursor, cards), cursor.as_of)
            taken.add(entry.clip_id)
            cards.append(Card(entry.clip_id, place, live.reasons))
        if round_number + 1 == MAX_ROUNDS:
            shown = [card.clip_id for card in cards]
            return Page(cards, cursor.advance(below=batch[-1].activity_id, clip_ids=shown), cursor.as_of)
    return Page(cards, None, cursor.as_of)


def _after(cursor: Cursor, cards: list[Card]) -> Cursor:
    return cursor.advance(below=cards[-1].place, clip_ids=[card.clip_id for card in cards])


@dataclass(frozen=True, slots=True)
class NewCards:
    """What the pill shows: how many cards came since a snapshot (capped) and whose faces."""

    count: int
    people: list[Person]
    as_of: int


_ARRIVED = Prepared(
    lambda viewer, ids, since: (
        Activity.objects.of_followees(viewer)
        .filter(pk__gt=since)
        .order_by("-pk")
        .values_list("pk", "clip_id")[: MAX_SCAN // 2]
    ),
    numbers=1,
)


def new_cards(viewer: User, *, since: int) -> NewCards:
    """Cards that would stand above the snapshot `since` (an activity id) if the feed were read again now."""
    rows = _ARRIVED.rows(viewer.pk, (), since)
    if not rows:
        return NewCards(0, [], since)
    newest = rows[0][0]
    places = defaultdict(int)
    people: dict[int, Person] = {}
    for clip_id, live in live_reasons(viewer, {clip_id for _, clip_id in rows}).items():
        place = live.place(newest, raise_watched=viewer.raise_watched)
        if place is not None and place > since:
            places[clip_id] = place
            actor = live.reasons[0].user
            people.setdefault(actor.id, actor)
    return NewCards(min(len(places), NEW_CARDS_CAP + 1), list(people.values())[:3], newest)
