"""Lists of people: followers, followees, requests, mutes, blocks, suggestions. Keyset pages, fixed query counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count, Q

from .models import Follow, Mute, User
from .querysets import blocked_either_way
from .selectors import Person, Relation, person

PAGE = 30  # people a page
POPULAR_SECONDS = 600  # how long the list of much-followed people is kept: counting all follows takes a while
_POPULAR_KEPT = 200

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """`next` is the `before` of the next page, None at the end."""

    rows: list[Row] = field(default_factory=list)
    next: int | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list and how the viewer stands to them. `bio` may be empty."""

    person: Person
    bio: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A person on the relations page with what the viewer did: a follow, a request, a mute or a block."""

    person: Person
    since: datetime
    show_reposts: bool = True
    scope: str = ""
    until: datetime | None = None


def relations(viewer: User | AnonymousUser, ids: Sequence[int]) -> dict[int, Relation]:
    """How `viewer` stands to each of these people (follows and requests only): one query however many."""
    if not viewer.is_authenticated or not ids:
        return {pk: Relation() for pk in ids}
    edges = Follow.objects.filter(
        Q(follower=viewer, followee__in=ids) | Q(follower__in=ids, followee=viewer)
    ).values_list("follower_id", "followee_id", "accepted_at", "show_reposts")
    mine = {to: (accepted, shows) for by, to, accepted, shows in edges if by == viewer.pk}
    theirs = {by for by, to, accepted, _ in edges if to == viewer.pk and accepted}
    return {
        pk: Relation(
            is_self=pk == viewer.pk,
            follows=pk in mine and mine[pk][0] is not None,
            requested=pk in mine and mine[pk][0] is None,
            followed_by=pk in theirs,
            show_reposts=mine[pk][1] if pk in mine else True,
        )
        for pk in ids
    }


def may_list_edges(owner: User, viewer: User | AnonymousUser) -> bool:
    """Who may open the lists of followers and followees: everyone, or a private account's followers only."""
    if not owner.is_private:
        return True
    if not viewer.is_authenticated:
        return False
    return viewer.pk == owner.pk or Follow.objects.accepted().filter(follower=viewer, followee=owner).exists()


def followers_page(owner: User, viewer: User | AnonymousUser, *, before: int | None = None) -> ListPage[PersonRow]:
    """Accepted followers of `owner` whom `viewer` may see, newest first. Ask `may_list_edges` first."""
    return _edges_page("follower", Follow.objects.filter(followee=owner), viewer, before)


def following_page(owner: User, viewer: User | AnonymousUser, *, before: int | None = None) -> ListPage[PersonRow]:
    """People whom `owner` follows and `viewer` may see, newest first. Ask `may_list_edges` first."""
    return _edges_page("followee", Follow.objects.filter(follower=owner), viewer, before)


def _edges_page(side: str, edges: Any, viewer: User | AnonymousUser, before: int | None) -> ListPage[PersonRow]:
    edges = edges.accepted().filter(**{f"{side}__is_active": True}).select_related(side)
    if viewer.is_authenticated:
        edges = edges.exclude(blocked_either_way(viewer, f"{side}_id"))
    found, following = _cut(edges, before)
    return ListPage(person_rows(viewer, [getattr(edge, side) for edge in found]), following)


def person_rows(viewer: User | AnonymousUser, people: Iterable[User]) -> list[PersonRow]:
    """Rows for these people, in their order: one query."""
    people = list(people)
    known = relations(viewer, [one.pk for one in people])
    return [PersonRow(person(one), one.bio, known[one.pk]) for one in people]


def _cut(rows: Any, before: int | None) -> tuple[list[Any], int | None]:
    """One page of `rows`, newest first, and where the next one begins: one query."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def requests_page(user: User, *, before: int | None = None) -> ListPage[EdgeRow]:
    """Open requests to follow `user`, newest first."""
    waiting = Follow.objects.pending().filter(followee=user, follower__is_active=True)
    found, following = _cut(waiting.select_related("follower"), before)
    return ListPage([EdgeRow(person(edge.follower), edge.created_at) for edge in found], following)


def waiting_requests(user: User) -> int:
    """How many people ask to follow `user`."""
    return Follow.objects.pending().filter(followee=user, follower__is_active=True).count()


def own_follows_page(user: User, *, pending: bool = False, before: int | None = None) -> ListPage[EdgeRow]:
    """Whom `user` follows (or, with `pending`, has asked to follow), whatever has become of those accounts."""
    edges = Follow.objects.filter(follower=user).select_related("followee")
    found, following = _cut(edges.pending() if pending else edges.accepted(), before)
    return ListPage(
        [EdgeRow(person(edge.followee), edge.created_at, show_reposts=edge.show_reposts) for edge in found],
        following,
    )


def mutes_page(user: User, *, before: int | None = None) -> ListPage[EdgeRow]:
    """Mutes of `user` that still hold, newest first."""
    mutes = Mute.objects.active().filter(muter=user).select_related("muted")
    found, following = _cut(mutes, before)
    return ListPage(
        [EdgeRow(person(mute.muted), mute.created_at, scope=mute.scope, until=mute.until) for mute in found],
        following,
    )


def blocks_page(user: User, *, before: int | None = None) -> ListPage[EdgeRow]:
    """Blocks that `user` made, newest first."""
    found, following = _cut(user.blocks_made.select_related("blocked"), before)
    return ListPage([EdgeRow(person(block.blocked), block.created_at) for block in found], following)


def suggestions(viewer: User, *, limit: int = 12) -> list[PersonRow]:
    """Much-followed people with open accounts whom `viewer` neither follows, asked, blocks nor mutes."""
    key = "accounts:popular"
    ids = cache.get(key)
    if ids is None:
        counted = Follow.objects.accepted().values("followee").annotate(n=Count("pk")).order_by("-n", "followee")
        ids = [row["followee"] for row in counted[:_POPULAR_KEPT]]
        cache.set(key, ids, POPULAR_SECONDS)
    people = (
        User.objects.visible_to(viewer)
        .filter(pk__in=ids, is_private=False)
        .exclude(pk=viewer.pk)
        .exclude(pk__in=Follow.objects.filter(follower=viewer).values("followee"))
        .exclude(pk__in=Mute.objects.active().filter(muter=viewer).values("muted"))
    )
    place = {pk: at for at, pk in enumerate(ids)}
    return person_rows(viewer, sorted(people, key=lambda one: place[one.pk])[:limit])
