"""Composed reads on reposts that return ready data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.prepared import Prepared
from accounts.selectors import Person

from .models import Repost
from .querysets import RepostQuerySet


@dataclass(frozen=True, slots=True)
class OwnRepost:
    """The viewer's live repost of a clip."""

    id: int
    comment: str
    audience: str
    comment_detached: bool


@dataclass(frozen=True, slots=True)
class RepostLine:
    """One line of a clip's list of reposts, or of a Reposts tab."""

    id: int
    clip_id: int
    user: Person
    comment: str
    audience: str
    at: datetime
    via_id: int | None
    comment_detached: bool


_LINE = (
    "pk",
    "clip_id",
    "user_id",
    "user__username",
    "user__display_name",
    "user__avatar",
    "comment",
    "comment_detached_at",
    "audience",
    "created_at",
    "via_id",
)


_OWN = Prepared(
    lambda viewer, ids: Repost.objects.filter(user=viewer, clip_id__in=ids, undone_at=None).values_list(
        "clip_id", "pk", "comment", "audience", "comment_detached_at"
    )
)


def own_reposts(viewer: User | AnonymousUser, clip_ids: Iterable[int]) -> dict[int, OwnRepost]:
    """The viewer's live reposts of these clips, by clip id: one query, none for people not signed in."""
    clip_ids = list(clip_ids)
    if not viewer.is_authenticated or not clip_ids:
        return {}
    return {
        clip_id: OwnRepost(pk, comment, audience, detached is not None)
        for clip_id, pk, comment, audience, detached in _OWN.rows(viewer.pk, clip_ids)
    }


def repost_lines(rows: RepostQuerySet) -> list[RepostLine]:
    """Lines of a queryset that a rule has been applied to already, in its order: one query."""
    return [
        RepostLine(
            id=pk,
            clip_id=clip_id,
            user=Person(user_id, username, name, avatar),
            comment="" if detached else comment,
            audience=audience,
            at=at,
            via_id=via,
            comment_detached=detached is not None,
        )
        for pk, clip_id, user_id, username, name, avatar, comment, detached, audience, at, via in rows.values_list(
            *_LINE
        )
    ]
