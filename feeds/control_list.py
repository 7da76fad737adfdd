"""Everything a person leaves out of their feeds, in one list: controls, mutes, follows without reposts.

Three tables, one order: newest first by `(since, table, id)`, in keyset pages of a fixed number of queries. What is
over is not listed. A clip that its owner may no longer see is listed without a picture: what was chosen stays
visible and can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Follow, Mute, User
from accounts.selectors import Person, person
from clips.models import Clip
from clips.selectors import ClipView, clip_views

from .cursor import BadCursor
from .models import FeedControl
from .ranking import FEWER_AUTHOR, FEWER_OTHER, fewer_weight

PAGE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The kinds of the list, in the order of the filter: what FeedControl has and what other tables hold.
KINDS = {
    "clip": _("Clips"),
    "clips_by": _("Clips by a person"),
    "reposts_of": _("Reposts of a person’s clips"),
    "reposts_by": _("Reposts by a person"),
    "everything_by": _("Muted people"),
    "reposts_off": _("Follows without reposts"),
    "words": _("Words"),
    "fewer": _("Fewer like this"),
}
_MUTES = {"everything_by": "all", "reposts_by": "reposts"}


class BadPlace(BadCursor):
    """The text is no place in the list."""


class Place(NamedTuple):
    """Where a line stands: microseconds since 1970, its table, its id. Later is higher up."""

    micros: int
    table: str
    pk: int

    def encode(self) -> str:
        return f"{self.micros}{self.table}{self.pk}"

    @classmethod
    def decode(cls, text: str) -> Place:
        """Raises: BadPlace."""
        for table in "cfm":
            left, found, right = text.partition(table)
            numbers = left.isascii() and left.isdigit() and right.isascii() and right.isdigit()
            if found and numbers and len(left) <= 17 and len(right) <= 18:  # up to the year 5138
                return cls(int(left), table, int(right))
        raise BadPlace(text)

    @property
    def at(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.micros)


@dataclass(frozen=True, slots=True)
class Line:
    """One choice. `reference` is what `controls.undo` takes; what is not of its kind is empty or None.

    `weight_author` and `weight_other` are what a "fewer like this" weighs today."""

    reference: str
    kind: str
    since: datetime
    until: datetime | None
    person: Person | None = None
    clip_id: int | None = None
    clip: ClipView | None = None
    text: str = ""
    tags: tuple[str, ...] = ()
    reposter: Person | None = None
    weight_author: float = 1.0
    weight_other: float = 1.0


@dataclass(frozen=True, slots=True)
class Lines:
    """`next` is the place that the next page begins below; None at the end."""

    rows: list[Line]
    next: Place | None


def _place(table: str, row: FeedControl | Mute | Follow) -> Place:
    return Place((row.created_at - _EPOCH) // timedelta(microseconds=1), table, row.pk)


def _cut(rows: Any, table: str, below: Place | None, limit: int) -> list[tuple[Place, Any]]:
    """The first rows of one table below a place: one query."""
    if below is not None:
        earlier = Q(created_at__lt=below.at)
        if table < below.table:
            earlier |= Q(created_at=below.at)
        elif table == below.table:
            earlier |= Q(created_at=below.at, pk__lt=below.pk)
        rows = rows.filter(earlier)
    return [(_place(table, row), row) for row in rows.order_by("-created_at", "-pk")[: limit + 1]]


def control_lines(viewer: User, *, kind: str = "", below: Place | None = None, limit: int = PAGE) -> Lines:
    """One page of what `viewer` leaves out, of one kind or of all: at most 6 queries."""
    controls = FeedControl.objects.active().filter(viewer=viewer).select_related("person", "via__user")
    mutes = Mute.objects.active().filter(muter=viewer).select_related("muted")
    follows = Follow.objects.accepted().filter(follower=viewer, show_reposts=False).select_related("followee")
    found: list[tuple[Place, Any]] = []
    if kind not in (*_MUTES, "reposts_off"):
        found += _cut(controls.filter(kind=kind) if kind else controls, "c", below, limit)
    if not kind or kind in _MUTES:
        found += _cut(mutes.filter(scope=_MUTES[kind]) if kind else mutes, "m", below, limit)
    if not kind or kind == "reposts_off":
        found += _cut(follows, "f", below, limit)
    found.sort(key=lambda one: one[0], reverse=True)
    page = found[:limit]
    return Lines(_lines(viewer, page), page[-1][0] if len(found) > limit else None)


def line_of(viewer: User, row: FeedControl | Mute) -> Line:
    """One choice as the list shows it."""
    table = "m" if isinstance(row, Mute) else "c"
    return _lines(viewer, [(_place(table, row), row)])[0]


def _lines(viewer: User, placed: list[tuple[Place, Any]]) -> list[Line]:
    """Three queries, none without clips."""
    clip_ids = [row.clip_id for place, row in placed if place.table == "c" and row.clip_id]
    views = {}
    if clip_ids:
        seen = Clip.objects.visible_to(viewer).filter(pk__in=clip_ids).values_list("pk", flat=True)
        views = clip_views(viewer, list(seen))
    now = timezone.now()
    return [_line(place, row, views, now) for place, row in placed]


def _line(place: Place, row: Any, views: dict[int, ClipView], now: datetime) -> Line:
    reference = f"{place.table}{place.pk}"
    if isinstance(row, Mute):
        kind = "reposts_by" if row.scope == "reposts" else "everything_by"
        return Line(reference, kind, row.created_at, row.until, person=person(row.muted))
    if isinstance(row, Follow):
        return Line(reference, "reposts_off", row.created_at, None, person=person(row.followee))
    assert isinstance(row, FeedControl)
    fewer = row.kind == "fewer"
    view = views.get(row.clip_id) if row.clip_id else None
    # Of a clip that is hidden from them by now, people learn nothing new, such as its author's new name.
    about = person(row.person) if row.person else view.author if view else None
    age = now - row.created_at
    return Line(
        reference,
        row.kind,
        row.created_at,
        row.until,
        person=about,
        clip_id=row.clip_id,
        clip=view,
        text="" if fewer else row.text,
        tags=tuple(row.text.split()) if fewer else (),
        reposter=person(row.via.user) if view and row.via else None,
        weight_author=fewer_weight(FEWER_AUTHOR, age) if fewer else 1.0,
        weight_other=fewer_weight(FEWER_OTHER, age) if fewer else 1.0,
    )


def all_control_lines(viewer: User) -> Iterator[Line]:
    """Every choice, page by page: for an export."""
    below: Place | None = None
    while True:
        page = control_lines(viewer, below=below)
        yield from page.rows
        below = page.next
        if below is None:
            return
