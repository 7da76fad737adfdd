"""Composed reads on people that return ready data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from .models import Follow, Mute, User


class Person(NamedTuple):
    """A person as a card shows them: enough for a face, a name and a link."""

    id: int
    username: str
    display_name: str
    avatar: str

    @property
    def name(self) -> str:
        """What to call the person: the display name, else the handle."""
        return self.display_name or self.username


@dataclass(frozen=True, slots=True)
class Relation:
    """How a viewer stands to a person. All false for strangers, oneself and people who are not signed in."""

    is_self: bool = False
    follows: bool = False
    requested: bool = False
    followed_by: bool = False
    show_reposts: bool = True
    blocks: bool = False
    mute: Mute | None = None

    @property
    def is_mutual(self) -> bool:
        return self.follows and self.followed_by


def person(user: User) -> Person:
    return Person(user.pk, user.username, user.display_name, user.avatar)


def relation(viewer: User | AnonymousUser, other: User) -> Relation:
    """How `viewer` stands to `other`: 3 queries, 0 for people who are not signed in."""
    if not viewer.is_authenticated:
        return Relation()
    if viewer.pk == other.pk:
        return Relation(is_self=True)
    edges = {
        follow.follower_id: follow
        for follow in Follow.objects.filter(Q(follower=viewer, followee=other) | Q(follower=other, followee=viewer))
    }
    mine, theirs = edges.get(viewer.pk), edges.get(other.pk)
    return Relation(
        follows=bool(mine and mine.accepted_at),
        requested=bool(mine and not mine.accepted_at),
        followed_by=bool(theirs and theirs.accepted_at),
        show_reposts=mine.show_reposts if mine else True,
        blocks=viewer.blocks_made.filter(blocked=other).exists(),
        mute=Mute.objects.active().filter(muter=viewer, muted=other).first(),
    )


@dataclass(frozen=True, slots=True)
class EdgeCounts:
    followers: int
    following: int


def edge_counts(user: User) -> EdgeCounts:
    """Accepted followers and followees with active accounts: two counts on indexes."""
    accepted = Follow.objects.accepted()
    return EdgeCounts(
        followers=accepted.filter(followee=user, follower__is_active=True).count(),
        following=accepted.filter(follower=user, followee__is_active=True).count(),
    )
