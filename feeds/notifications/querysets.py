"""Which notifications a person may see: the one rule behind the list, the badge, the API and the digest.

It is put together from the rules of the apps below and never wider than they are: what cannot be opened any more is
not told of any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import blocked_either_way, followed_by, follows, muted
from clips.querysets import clip_is_live, clip_is_visible, comment_is_shown, other_is_shown
from reposts.querysets import repost_is_shared

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Notification, NotificationGroup  # noqa: F401 (named in the bases below, as text)


def _asks_or_follows(viewer: User) -> Exists:
    """Condition: the actor's request to follow `viewer` waits, or was accepted. Refused and withdrawn ones are gone."""
    follow = apps.get_model("accounts", "Follow")
    return Exists(follow._default_manager.filter(follower=OuterRef("actor_id"), followee=viewer))


def _between_people(viewer: User) -> Q:
    """Condition: the edge that is told of stands now."""
    return (
        (Q(kind="followed") & Q(followed_by(viewer, "actor_id")))
        | (Q(kind="follow_requested") & Q(_asks_or_follows(viewer)))
        | (Q(kind="follow_accepted") & Q(follows(viewer, "actor_id")))
    )


def _likes(viewer: User) -> Q:
    """Condition: the like of one's own clip stands."""
    like = apps.get_model("clips", "Like")._default_manager
    stands = Exists(like.filter(user=OuterRef("actor_id"), clip=OuterRef("clip_id")))
    return Q(kind="liked", clip__author=viewer) & Q(stands)


def _talk(viewer: User) -> Q:
    """Condition: the comment is shown to `viewer`, and concerns them in the way that is told of."""
    mention = apps.get_model("clips", "Mention")._default_manager.filter(user=viewer)
    in_comment = Exists(mention.filter(comment=OuterRef("comment_id")))
    in_caption = Exists(mention.filter(clip=OuterRef("clip_id"), comment__isnull=True))
    like = apps.get_model("clips", "CommentLike")._default_manager
    liked = Exists(like.filter(user=OuterRef("actor_id"), comment=OuterRef("comment_id")))
    concerns = (
        Q(kind="commented", clip__author=viewer)
        | Q(kind="replied", comment__parent__author=viewer)
        | (Q(kind="comment_liked", comment__author=viewer) & Q(liked))
        | (Q(kind="mentioned") & Q(in_comment))
    )
    comment = Q(comment__isnull=False) & concerns & comment_is_shown(viewer, "comment__")
    return comment | (Q(kind="mentioned", comment__isnull=True) & Q(in_caption))


def _sends(viewer: User) -> Q:
    """Condition: the clip that was sent is kept in the viewer's inbox."""
    kept = Q(kind="sent", sent__recipient=viewer, sent__hidden_for_recipient=False)
    return kept & other_is_shown(viewer, "actor")


def _reposts(viewer: User) -> Q:
    """Condition: the repost is live and shared with `viewer`.

    `reposted` tells the clip's author: only of reposts that they may know of (see `repost_is_shared`).
    `reposted_via` tells whom it was reposted from, while their own repost stands."""
    mine = Q(kind="reposted", clip__author=viewer) | Q(
        kind="reposted_via", repost__via__user=viewer, repost__via__undone_at__isnull=True
    )
    return mine & repost_is_shared(viewer, "repost__") & ~Q(muted(viewer, "actor_id", reposts_too=True))


def _own_clips(viewer: User) -> Q:
    """Condition: one's own clip, in the state that is told of."""
    failed = Q(clip__state="failed", clip__deleted_at__isnull=True, clip__removed_at__isnull=True)
    return Q(clip__author=viewer) & ((Q(kind="clip_ready") & clip_is_live("clip__")) | (Q(kind="clip_failed") & failed))


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Notifications for `viewer` about things that they may see now. Nobody sees those of others, staff neither.

        - the actor is active, in no block with them either way, and not muted;
        - an edge between people stands; a like, a comment, a repost is there and shown to them, on a clip they may see.
        """
        if not viewer.is_authenticated:
            return self.none()
        own = Q(actor=viewer) & _own_clips(viewer)
        others = (
            Q(actor__is_active=True)
            & ~blocked_either_way(viewer, "actor_id")
            & ~Q(muted(viewer, "actor_id"))
            & (
                _between_people(viewer)
                | (
                    clip_is_visible(viewer, "clip__")
                    & (_likes(viewer) | _talk(viewer) | _sends(viewer) | _reposts(viewer))
                )
            )
        )
        return self.filter(own | others, recipient=viewer)


class GroupQuerySet(models.QuerySet["NotificationGroup"]):
    def visible_to(self, viewer: User | AnonymousUser, *, above: int = 0) -> Self:
        """Groups that hold a notification which `viewer` may see, one with an id above `above`."""
        if not viewer.is_authenticated:
            return self.none()
        notification = apps.get_model("feeds", "Notification")
        members = notification._default_manager.visible_to(viewer).filter(group=OuterRef("pk"), pk__gt=above)
        return self.filter(Exists(members), recipient=viewer)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)
