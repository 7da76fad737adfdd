"""Pages of comments, replies and likes as pages and API show them. Fixed numbers of queries however long they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from accounts.selectors import Person

from .. import paging
from ..exceptions import BadPlace, TalkRefused
from ..models import Clip, Comment, CommentLike, Like
from ..querysets import CommentQuerySet
from .comments import EDITABLE_FOR, check_commentable

SORTS = ("top", "newest")
PAGE = 20  # comments
REPLIES = 10  # replies
LIKERS = 30
# Up to so many replies the number beside "replies" is counted for the viewer; of more it is the stated one.
COUNTED_REPLIES = 200


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as one viewer sees it. `edited_at` is None unless it was changed.

    `reply_count` counts what this viewer would be shown. `may_delete`: its writer and the author of the clip."""

    id: int
    clip_id: int
    parent_id: int | None
    author: Person
    text: str
    at: datetime
    edited_at: datetime | None
    like_count: int
    reply_count: int
    is_pinned: bool
    is_liked: bool
    liked_by_author: bool
    is_own: bool
    is_by_author: bool
    may_edit: bool
    may_delete: bool
    may_pin: bool


@dataclass(frozen=True, slots=True)
class CommentPage:
    """`next` is the cursor of the next page, empty at the end."""

    comments: list[CommentView] = field(default_factory=list)
    next: str = ""


_FIELDS = (
    "pk",
    "clip_id",
    "parent_id",
    "author_id",
    "author__username",
    "author__display_name",
    "author__avatar",
    "text",
    "created_at",
    "edited_at",
    "like_count",
    "reply_count",
    "is_pinned",
    "clip__author_id",
)


def comments_page(
    clip: Clip, viewer: User | AnonymousUser, *, sort: str = "top", cursor: str = "", limit: int = PAGE
) -> CommentPage:
    """Comments on a clip that `viewer` was found to see: 4 queries (3 after the first page). Raises: BadPlace.

    The pinned one leads the first page. `top` is by likes: while people go on liking, one that moves may be met
    twice or not at all. `newest` neither doubles nor skips."""
    rows = Comment.objects.shown_to(viewer).filter(clip=clip, parent=None)
    plain = rows.filter(is_pinned=False)
    if sort == "top":
        plain = plain.order_by("-like_count", "-pk")
        if cursor:
            likes, pk = paging.decode("t", cursor, 2)
            plain = plain.filter(Q(like_count__lt=likes) | Q(like_count=likes, pk__lt=pk))
    else:
        plain = plain.order_by("-pk")
        if cursor:
            plain = plain.filter(pk__lt=paging.decode("n", cursor, 1)[0])
    found = list(plain.values_list(*_FIELDS)[: limit + 1])
    following = ""
    if len(found) > limit:
        pk, likes = found[limit - 1][0], found[limit - 1][10]
        following = paging.encode("t", likes, pk) if sort == "top" else paging.encode("n", pk)
    found = found[:limit]
    if not cursor:
        found = list(rows.filter(is_pinned=True).values_list(*_FIELDS)) + found
    return CommentPage(_views(found, viewer), following)


def replies_page(
    parent_id: int, viewer: User | AnonymousUser, *, cursor: str = "", limit: int = REPLIES
) -> CommentPage:
    """Replies to a comment that `viewer` was found to see, oldest first: 2 queries. Raises: BadPlace."""
    rows = Comment.objects.shown_to(viewer).filter(parent=parent_id).order_by("pk")
    if cursor:
        rows = rows.filter(pk__gt=paging.decode("r", cursor, 1)[0])
    found = list(rows.values_list(*_FIELDS)[: limit + 1])
    following = paging.encode("r", found[limit - 1][0]) if len(found) > limit else ""
    return CommentPage(_views(found[:limit], viewer), following)


def before_reply(reply_id: int) -> str:
    """The cursor of a page of replies that begins with this one."""
    return paging.encode("r", reply_id - 1)


def comment_views(rows: CommentQuerySet, viewer: User | AnonymousUser) -> list[CommentView]:
    """Views of comments that a rule has been applied to already, in their order: at most 3 queries."""
    return _views(list(rows.values_list(*_FIELDS)), viewer)


def _views(rows: Sequence[tuple], viewer: User | AnonymousUser) -> list[CommentView]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    hosts = {row[-1] for row in rows}
    likers = hosts | ({viewer.pk} if viewer.is_authenticated else set())
    given = set(CommentLike.objects.filter(comment__in=ids, user__in=likers).values_list("comment", "user"))
    replies = _reply_counts({row[0]: row[11] for row in rows if row[11] and row[2] is None}, viewer)
    editable_since = timezone.now() - EDITABLE_FOR
    views = []
    for pk, clip_id, parent_id, author_id, username, name, avatar, text, at, edited, likes, _, pinned, host in rows:
        is_own = author_id == viewer.pk
        views.append(
            CommentView(
                id=pk,
                clip_id=clip_id,
                parent_id=parent_id,
                author=Person(author_id, username, name, avatar),
                text=text,
                at=at,
                edited_at=edited,
                like_count=likes,
                reply_count=replies.get(pk, 0),
                is_pinned=pinned,
                is_liked=(pk, viewer.pk) in given,
                liked_by_author=(pk, host) in given,
                is_own=is_own,
                is_by_author=author_id == host,
                may_edit=is_own and at > editable_since,
                may_delete=is_own or host == viewer.pk,
                may_pin=host == viewer.pk and parent_id is None,
            )
        )
    return views


def _reply_counts(stated: dict[int, int], viewer: User | AnonymousUser) -> dict[int, int]:
    few = [pk for pk, count in stated.items() if count <= COUNTED_REPLIES]
    if not few:
        return stated
    shown = Comment.objects.shown_to(viewer).filter(parent__in=few).order_by().values("parent")
    counted = {row["parent"]: row["number"] for row in shown.annotate(number=Count("pk"))}
    return stated | {pk: counted.get(pk, 0) for pk in few}


@dataclass(frozen=True, slots=True)
class Door:
    """Whether a person may write a comment: `refusal` says why not, empty if they may."""

    refusal: str = ""
    code: str = ""


def door(clip: Clip, viewer: User | AnonymousUser) -> Door:
    """Whether `viewer` may comment on `clip`: at most 1 query. People who are not signed in are asked to."""
    if not viewer.is_authenticated:
        return Door(code="not_authenticated")
    try:
        check_commentable(user=viewer, clip=clip)
    except TalkRefused as refusal:
        return Door(refusal.detail, refusal.code)
    return Door()


@dataclass(frozen=True, slots=True)
class Talk:
    """What the comments of a clip look like when they are opened: on a page of their own, in the sheet, on the clip's
    page. `unseen` is how many of the stated count this viewer is not shown, once all others are on the page."""

    sort: str
    page: CommentPage
    door: Door
    count: int
    unseen: int = 0


def talk(clip: Clip, viewer: User | AnonymousUser, *, sort: str = "top", cursor: str = "") -> Talk:
    """The comments of a clip that `viewer` was found to see: at most 5 queries. Raises: BadPlace."""
    page = comments_page(clip, viewer, sort=sort, cursor=cursor)
    shown = sum(1 + comment.reply_count for comment in page.comments)
    whole = not cursor and not page.next
    unseen = max(0, clip.comment_count - shown) if whole else 0
    return Talk(sort, page, door(clip, viewer), clip.comment_count, unseen)


@dataclass(frozen=True, slots=True)
class LikerRow:
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class LikersPage:
    """`next` is the cursor of the next page, empty at the end."""

    likers: list[LikerRow] = field(default_factory=list)
    next: str = ""


def likers_page(clip: Clip, author: User, *, cursor: str = "", limit: int = LIKERS) -> LikersPage:
    """Who likes the author's clip, newest first, as far as the author may see them: 1 query. Raises: BadPlace."""
    rows = Like.objects.seen_by_author(author).filter(clip=clip).order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=paging.decode("l", cursor, 1)[0])
    found = list(
        rows.values_list("pk", "user_id", "user__username", "user__display_name", "user__avatar", "created_at")[
            : limit + 1
        ]
    )
    following = paging.encode("l", found[limit - 1][0]) if len(found) > limit else ""
    return LikersPage([LikerRow(Person(*row[1:5]), row[5]) for row in found[:limit]], following)


def sort_of(text: str | None) -> str:
    """The order that was asked for; `top` when none was. Raises: BadPlace."""
    if text and text not in SORTS:
        raise BadPlace
    return text or "top"
