"""Reading the inbox: conversations, the thread of a pair, and to whom one may send. Fixed query counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from accounts.models import Follow, User
from accounts.selectors import Person, person

from ..models import Clip, Conversation, Send, SendReaction
from ..selectors import ClipView, clip_views

PAGE = 20
FAVOURITES = 12
_LOOKED_AT = 200  # of the newest sends, to find whom one sends to
_SEARCHED = 1_000  # people of whom names are compared; nobody has so many who take their clips
_HALF_LIFE_DAYS = 14  # a send two weeks ago weighs half


@dataclass(frozen=True, slots=True)
class SendLine:
    """One sent clip as one side sees it. `clip` is None when that side may not see it (any more): then nothing of it
    is shown, only who sent something when, with the words that came with it."""

    id: int
    mine: bool
    clip: ClipView | None
    text: str
    at: datetime
    read: bool
    reaction: str

    @property
    def emoji(self) -> str:
        return SendReaction(self.reaction).emoji if self.reaction else ""

    @property
    def reaction_label(self) -> str:
        return str(SendReaction(self.reaction).label) if self.reaction else ""


@dataclass(frozen=True, slots=True)
class ConversationLine:
    person: Person
    newest: SendLine
    unread: int


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the `before` of the next page, None at the end."""

    rows: list[Any]
    next: int | None


def _lines(viewer: User, sends: Iterable[Send]) -> list[SendLine]:
    """2 or 3 queries: which of the clips `viewer` may see, and those clips."""
    sends = list(sends)
    ids = {send.clip_id for send in sends}
    seen = list(Clip.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else []
    views = clip_views(viewer, seen)
    return [
        SendLine(
            id=send.pk,
            mine=send.sender_id == viewer.pk,
            clip=views.get(send.clip_id),
            text=send.text,
            at=send.created_at,
            read=send.read_at is not None,
            reaction=send.reaction,
        )
        for send in sends
    ]


def inbox_page(viewer: User, *, before: int | None = None, limit: int = PAGE) -> Page:
    """Conversations of `viewer`, the one with the newest send first: 5 queries."""
    rows = Conversation.objects.visible_to(viewer).select_related("other").order_by("-newest_id")
    if before is not None:
        rows = rows.filter(newest_id__lt=before)
    found = list(rows[: limit + 1])
    page = found[:limit]
    newest = Send.objects.in_bulk([row.newest_id for row in page])
    lines = {line.id: line for line in _lines(viewer, newest.values())}
    unread = dict(
        Send.objects.filter(recipient=viewer, sender__in=[row.other_id for row in page])
        .filter(read_at=None, hidden_for_recipient=False)
        .values_list("sender")
        .annotate(number=Count("pk"))
    )
    return Page(
        [
            ConversationLine(person(row.other), lines[row.newest_id], unread.get(row.other_id, 0))
            for row in page
            if row.newest_id in lines
        ],
        page[-1].newest_id if len(found) > limit else None,
    )


def thread_page(viewer: User, other: User, *, before: int | None = None, limit: int = PAGE) -> Page:
    """What `viewer` and `other` sent each other, the newest first, without what `viewer` hid: 4 queries."""
    rows = Send.objects.kept_between(viewer, other).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return Page(_lines(viewer, found[:limit]), found[limit - 1].pk if len(found) > limit else None)


def line_of(viewer: User, send: Send) -> SendLine:
    return _lines(viewer, [send])[0]


def unread_count(viewer: User) -> int:
    """How many sent clips `viewer` has not read yet."""
    return Send.objects.unread_by(viewer).count()


def _taking(sender: User) -> Any:
    """People who take clips of `sender`, found from those who follow them: whoever does not takes none."""
    followers = Follow.objects.accepted().filter(followee=sender).values("follower")
    return User.objects.taking_sends_of(sender).filter(pk__in=followers)


def favourites(sender: User, *, limit: int = FAVOURITES) -> list[Person]:
    """To whom one sends most and of late, then others who take one's clips, those seen last first: 3 queries."""
    weights: Counter[int] = Counter()
    now = timezone.now()
    lately = Send.objects.filter(sender=sender, created_at__gt=now - timedelta(days=180))
    for recipient_id, at in lately.order_by("-pk").values_list("recipient", "created_at")[:_LOOKED_AT]:
        weights[recipient_id] += 0.5 ** ((now - at).days / _HALF_LIFE_DAYS)
    known = {one.pk: one for one in _taking(sender).filter(pk__in=list(weights))} if weights else {}
    chosen = [known[pk] for pk, _weight in weights.most_common() if pk in known][:limit]
    if len(chosen) < limit:
        others = _taking(sender).exclude(pk__in=[one.pk for one in chosen]).order_by("-last_seen_at", "-pk")
        chosen += others[: limit - len(chosen)]
    return [person(one) for one in chosen]


def find(sender: User, text: str, *, limit: int = FAVOURITES) -> list[Person]:
    """People who take clips of `sender` and whose handle, or a word of whose name, begins with `text`: 1 query."""
    wanted = text.strip().removeprefix("@").casefold()
    rows = _taking(sender).order_by("-last_seen_at", "-pk").only("username", "display_name", "avatar")[:_SEARCHED]
    matching = [one for one in rows if _begins(wanted, one.username, one.display_name)]
    return [person(one) for one in matching[:limit]]


def _begins(wanted: str, username: str, display_name: str) -> bool:
    name = display_name.casefold()
    beginnings: Sequence[str] = (username, name, *name.split())
    return any(one.startswith(wanted) for one in beginnings)
