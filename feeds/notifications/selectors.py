"""Reading notifications: pages of groups, and how many are new. A fixed number of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from accounts.listings import relations
from accounts.models import User
from accounts.prepared import Prepared, moment
from accounts.selectors import Person, Relation
from clips.selectors import media_url

from .models import Kind, Notification, NotificationGroup, NotificationSettings

PAGE = 20  # lines
FACES = 3  # people whom a line names or shows
UNSEEN_CAP = 99
MOST = 2**63 - 1  # above every id
TABS: dict[str, tuple[Kind, ...]] = {
    "all": tuple(Kind),
    "mentions": (Kind.MENTIONED, Kind.REPLIED),
    "reposts": (Kind.REPOSTED, Kind.REPOSTED_VIA),
    "follows": (Kind.FOLLOWED, Kind.FOLLOW_REQUESTED, Kind.FOLLOW_ACCEPTED),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The clip that a line is about. `poster_url` is empty while there is no picture."""

    id: int
    caption: str
    poster_url: str
    placeholder: str
    failure: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a group as the viewer may see it now.

    `people` are the newest FACES who did it, `count` all of them. `quote` is what the newest one wrote (of liked
    comments, what is liked), `thread` the comment that begins the thread and the comment itself.
    `newest_id` is the newest notification in it that the viewer may see. `relation` is set where one person is
    told of and there is something to answer: a follow, a request."""

    id: int
    kind: Kind
    people: list[Person]
    count: int
    at: datetime
    newest_id: int
    is_read: bool
    is_new: bool
    clip: Subject | None
    thread: tuple[int, int] | None
    quote: str
    relation: Relation | None = None

    @property
    def others(self) -> int:
        return self.count - 1

    @property
    def asks(self) -> bool:
        """A follow request that waits for an answer."""
        return self.kind == Kind.FOLLOW_REQUESTED and self.relation is not None and not self.relation.followed_by


@dataclass(frozen=True, slots=True)
class LinePage:
    """`next` is the `below` of the next page, None at the end. `newest_id`: everything up to it was there."""

    lines: list[Line] = field(default_factory=list)
    next: int | None = None
    newest_id: int = 0


def settings_of(user: User) -> NotificationSettings:
    """What the person wants to hear of; what everybody begins with while they chose nothing. One query."""
    return NotificationSettings.objects.filter(user=user).first() or NotificationSettings(user=user)


def wanted(settings: NotificationSettings, kinds: Iterable[Kind] = Kind) -> tuple[Kind, ...]:
    """Those of `kinds` that are not switched off."""
    return tuple(kind for kind in kinds if kind not in settings.off)


@lru_cache(maxsize=128)
def _groups(kinds: tuple[Kind, ...], limit: int, unread: bool) -> Prepared:
    """Groups of these kinds, newest first. Its numbers: `above` (a member that may be seen has a higher id), `below`
    (the group's newest has a lower one). Prepared: building the rule takes some 50 ms, asking the database one."""

    def build(viewer: User, ids: list[int], above: int, below: int) -> Any:
        rows = NotificationGroup.objects.visible_to(viewer, above=above)
        rows = rows.filter(kind__in=kinds, newest_id__gt=above, newest_id__lt=below)
        rows = rows.unread() if unread else rows
        return rows.order_by("-newest_id").values_list("pk", "kind", "newest_id", "read_at")[:limit]

    return Prepared(build, numbers=2)


def unread_groups(viewer: User, settings: NotificationSettings, *, above: int, limit: int) -> list[NotificationGroup]:
    """Unread groups with something that `viewer` may see above the notification `above`, newest first: one query."""
    rows = _groups(wanted(settings), limit, True).rows(viewer.pk, (), above, MOST)
    return [_group(row) for row in rows]


def _group(row: tuple[Any, ...]) -> NotificationGroup:
    pk, kind, newest_id, read_at = row
    return NotificationGroup(pk=pk, kind=kind, newest_id=newest_id, read_at=moment(read_at) if read_at else None)


def unseen_count(viewer: User) -> int:
    """Lines with something that was not there when the list was last opened, UNSEEN_CAP + 1 at most: 2 queries."""
    settings = settings_of(viewer)
    return len(unread_groups(viewer, settings, above=settings.seen_id, limit=UNSEEN_CAP + 1))


def unseen_label(count: int) -> str:
    """The text of the badge: empty, a number, or 99+."""
    return f"{UNSEEN_CAP}+" if count > UNSEEN_CAP else str(count or "")


def lines_page(viewer: User, *, tab: str = "all", below: int | None = None, limit: int = PAGE) -> LinePage:
    """A page of the list, newest first: 4 queries. `below` is the `next` of the page before it.

    A group that gets a new member moves to the front: it is then above where one began, and never comes twice."""
    settings = settings_of(viewer)
    prepared = _groups(wanted(settings, TABS[tab]), limit + 1, False)
    rows = prepared.rows(viewer.pk, (), 0, MOST if below is None else below)
    found = [_group(row) for row in rows]
    page = found[:limit]
    lines = lines_of(viewer, page, seen_id=settings.seen_id)
    return LinePage(
        lines=lines,
        next=page[-1].newest_id if len(found) > limit else None,
        newest_id=page[0].newest_id if page else 0,
    )


_MEMBER = (
    "pk",
    "group_id",
    "created_at",
    "actor_id",
    "actor__username",
    "actor__display_name",
    "actor__avatar",
    "repost__comment",
    "repost__comment_detached_at",
    "clip_id",
    "clip__caption",
    "clip__poster",
    "clip__placeholder",
    "clip__failure_detail",
    "comment_id",
    "comment__parent_id",
    "comment__text",
    "sent__text",
)


_MEMBERS = Prepared(
    lambda viewer, ids: (
        Notification.objects.visible_to(viewer)
        .filter(group__in=ids)
        .annotate(
            place=Window(RowNumber(), partition_by=F("group_id"), order_by=F("pk").desc()),
            total=Window(Count("pk"), partition_by=F("group_id")),
        )
        .filter(place__lte=FACES)
        .order_by("-pk")
        .values_list(*_MEMBER, "total")
    )
)


def lines_of(viewer: User, groups: Sequence[NotificationGroup], *, seen_id: int = 0) -> list[Line]:
    """Lines for these groups in their order, without those that show nothing any more: 2 queries."""
    members: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    if groups:
        for row in _MEMBERS.rows(viewer.pk, [group.pk for group in groups]):
            members[row[1]].append(row)
    lines = [_line(group, members[group.pk], seen_id) for group in groups if group.pk in members]
    asked = {line.people[0].id for line in lines if _one_person(line)}
    how = relations(viewer, sorted(asked))
    return [replace(line, relation=how[line.people[0].id]) if _one_person(line) else line for line in lines]


def _one_person(line: Line) -> bool:
    return line.count == 1 and line.kind in TABS["follows"]


def _line(group: NotificationGroup, rows: list[tuple[Any, ...]], seen_id: int) -> Line:
    pk, _, at, *_, total = newest = rows[0]
    words, detached, clip_id, caption, poster, placeholder, failure, comment_id, parent_id, said, sent = newest[7:18]
    kind = Kind(group.kind)
    subject = None
    if clip_id is not None:
        has_picture = bool(poster) and kind != Kind.CLIP_FAILED
        subject = Subject(
            clip_id, caption, media_url(clip_id, "poster.webp") if has_picture else "", placeholder, failure
        )
    return Line(
        id=group.pk,
        kind=kind,
        people=[Person(*row[3:7]) for row in rows],
        count=total,
        at=moment(at),
        newest_id=pk,
        is_read=group.read_at is not None,
        is_new=group.read_at is None and pk > seen_id,
        clip=subject,
        thread=(parent_id or comment_id, comment_id) if comment_id is not None else None,
        quote=said or sent or ("" if detached else words or ""),
    )
