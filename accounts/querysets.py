"""Who may see whom. Every surface (pages, API, feeds, media, counts) asks these rules.

Rules are functions that return a condition on the column a caller names, so that other apps' querysets can join
them in (a joined condition stays one keyed lookup a row; an `IN (SELECT …)` may scan the whole table on SQLite).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .models import Block, Follow, Mute, User  # noqa: F401 (named in the bases below, as text)


def _rows(model: str) -> Any:
    """All rows of one of this app's models (by name, since the models import this module)."""
    return apps.get_model("accounts", model)._default_manager


def follows(viewer: User, column: str, **conditions: Any) -> Exists:
    """Condition: `viewer` is an accepted follower of the person that `column` names."""
    return Exists(_rows("Follow").accepted().filter(follower=viewer, followee=OuterRef(column), **conditions))


def followed_by(viewer: User, column: str) -> Exists:
    """Condition: the person that `column` names is an accepted follower of `viewer`."""
    return Exists(_rows("Follow").accepted().filter(follower=OuterRef(column), followee=viewer))


def blocked_either_way(viewer: User, column: str) -> Q:
    """Condition: a block stands between `viewer` and the person that `column` names, whoever made it.

    Two probes of a unique index rather than one OR: SQLite and PostgreSQL both walk them by key."""
    return Q(Exists(_rows("Block").filter(blocker=viewer, blocked=OuterRef(column)))) | Q(
        Exists(_rows("Block").filter(blocker=OuterRef(column), blocked=viewer))
    )


def blocked_between(one: str, other: str) -> Q:
    """Condition: a block stands between the people that two columns name, whoever made it."""
    rows = _rows("Block")
    return Q(Exists(rows.filter(blocker=OuterRef(one), blocked=OuterRef(other)))) | Q(
        Exists(rows.filter(blocker=OuterRef(other), blocked=OuterRef(one)))
    )


def takes_sends_of(sender: User, prefix: str = "") -> Q:
    """Condition: `sender` may send clips to the person that `prefix` leads to (`recipient__`; empty: the row itself).

    The recipient's setting decides: mutuals, people the recipient follows, or nobody. Never in a block, never to
    oneself, never to or from accounts that are not active; and who takes clips of nobody sends none."""
    if not sender.is_active or sender.sends_from == "nobody":
        return Q(pk__in=[])
    column = f"{prefix}pk"
    wanted = Q(**{f"{prefix}sends_from": "followed"}) | (
        Q(**{f"{prefix}sends_from": "mutuals"}) & Q(follows(sender, column))
    )
    return (
        Q(**{f"{prefix}is_active": True})
        & ~Q(**{column: sender.pk})
        & Q(followed_by(sender, column))
        & wanted
        & ~blocked_either_way(sender, column)
    )


def muted(viewer: User, column: str, *, reposts_too: bool = False) -> Exists:
    """Condition: `viewer` mutes everything of the person that `column` names, now.

    With `reposts_too`, a mute of only their reposts counts as well."""
    mutes = _rows("Mute").active().filter(muter=viewer, muted=OuterRef(column))
    return Exists(mutes if reposts_too else mutes.filter(scope="all"))


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Profiles `viewer` may open: active people who are in no block with them, either way.

        A private account is visible (its clips and reposts are not)."""
        rows = self.filter(is_active=True)
        if not viewer.is_authenticated:
            return rows
        return rows.exclude(blocked_either_way(viewer, "pk"))

    def taking_sends_of(self, sender: User) -> Self:
        """People to whom `sender` may send clips: see `takes_sends_of`."""
        return self.filter(takes_sends_of(sender))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    pass


class FollowQuerySet(models.QuerySet["Follow"]):
    def accepted(self) -> Self:
        return self.filter(accepted_at__isnull=False)

    def pending(self) -> Self:
        return self.filter(accepted_at__isnull=True)


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one: User, other: User) -> Self:
        """Blocks between two people, whoever made them."""
        return self.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))


class MuteQuerySet(models.QuerySet["Mute"]):
    def active(self) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()))
