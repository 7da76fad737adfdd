"""Who may see which clip, and what is said of it: the rules that pages, API, feeds, media and counts ask."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.querysets import blocked_between, blocked_either_way, follows, muted

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Clip, ClipHashtag, Comment, Conversation, Like, Send  # noqa: F401 (named in the bases below, as text)


def clip_is_live(prefix: str = "") -> Q:
    """Condition: ready, neither deleted by the author nor removed by a moderator, the author active.

    `prefix` is the path to the clip, such as `clip__` (here and below)."""
    return Q(
        **{
            f"{prefix}state": "ready",
            f"{prefix}deleted_at__isnull": True,
            f"{prefix}removed_at__isnull": True,
            f"{prefix}author__is_active": True,
        }
    )


def clip_is_public(prefix: str = "") -> Q:
    """Condition: meant for everyone: a public clip of an account that is not private."""
    return Q(**{f"{prefix}visibility": "public", f"{prefix}author__is_private": False})


def clip_is_visible(viewer: User | AnonymousUser, prefix: str = "") -> Q:
    """Condition: a live clip that `viewer` may see on any surface.

    - one's own clips, always;
    - others': nobody in a block with the author, either way; a followers-only clip, or any clip of
      a private account, only for accepted followers.
    Staff have no more than others here: moderators look in the admin.
    """
    if not viewer.is_authenticated:
        return clip_is_live(prefix) & clip_is_public(prefix)
    author = f"{prefix}author_id"
    return clip_is_live(prefix) & (
        Q(**{author: viewer.pk})
        | (~blocked_either_way(viewer, author) & (clip_is_public(prefix) | Q(follows(viewer, author))))
    )


STAGES = {
    "published": Q(state="ready"),
    "scheduled": Q(state="held", plan="at"),
    "draft": Q(state="held", plan="draft"),
    "processing": Q(state="processing"),
    "failed": Q(state="failed"),
}


class ClipQuerySet(models.QuerySet["Clip"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Live clips that `viewer` may see on any surface: see `clip_is_visible`."""
        return self.filter(clip_is_visible(viewer))

    def owned_by(self, viewer: User | AnonymousUser) -> Self:
        """The viewer's own clips in any state, for editing: all but deleted ones."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(author=viewer, deleted_at__isnull=True)

    def playable_by(self, viewer: User | AnonymousUser) -> Self:
        """Clips whose bytes `viewer` may have: what they may see, and of their own what is held as well, so that a
        draft can be looked at before it is published. Nobody else sees a draft anywhere."""
        if not viewer.is_authenticated:
            return self.visible_to(viewer)
        own = Q(author=viewer, state="held", deleted_at__isnull=True, removed_at__isnull=True)
        return self.filter(clip_is_visible(viewer) | own)

    def in_stage(self, stage: str) -> Self:
        """Those at one stage of the way out, or all: `published`, `scheduled`, `draft`, `processing`, `failed`."""
        return self.filter(STAGES[stage]) if stage else self

    def held(self) -> Self:
        """Prepared, not published, neither deleted nor removed."""
        return self.filter(state="held", deleted_at__isnull=True, removed_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Held clips whose time has come. Those of an account that is shut wait until it is opened again."""
        return self.held().filter(plan="at", publish_at__lte=now, author__is_active=True)

    def in_processing(self) -> Self:
        return self.filter(state="processing", deleted_at__isnull=True)


def comment_is_standing(prefix: str = "") -> Q:
    """Condition: neither deleted itself nor, of a reply, with what it answers. Knows nothing of people.

    What `comment_count` and `reply_count` count. `prefix` is the path to the comment (here and below)."""
    parent = Q(**{f"{prefix}parent__isnull": True}) | Q(**{f"{prefix}parent__deleted_at__isnull": True})
    return Q(**{f"{prefix}deleted_at__isnull": True}) & parent


def _writer_is_shown(viewer: User | AnonymousUser, comment: str, clip: str) -> Q:
    """Condition: what the writer of `comment` says reaches `viewer`. Both arguments are paths, such as `parent__`.

    - never of an account that is not active, nor of a person in a block with the clip's author: that author could
      not see it, and so not delete it, while all others could;
    - never of a person in a block with the viewer, either way, or whom the viewer mutes.
    """
    writer = f"{comment}author_id"
    shown = Q(**{f"{comment}author__is_active": True}) & ~blocked_between(writer, f"{clip}author_id")
    if not viewer.is_authenticated:
        return shown
    apart = blocked_either_way(viewer, writer) | Q(muted(viewer, writer))
    return shown & (Q(**{writer: viewer.pk}) | ~apart)


def comment_is_shown(viewer: User | AnonymousUser, prefix: str = "") -> Q:
    """Condition: a standing comment that `viewer` is shown by those who wrote it; a reply only with what it answers.

    Knows nothing of the clip's own audience: `CommentQuerySet.visible_to` asks both."""
    clip, parent = f"{prefix}clip__", f"{prefix}parent__"
    above = Q(**{f"{prefix}parent__isnull": True}) | _writer_is_shown(viewer, parent, clip)
    return comment_is_standing(prefix) & _writer_is_shown(viewer, prefix, clip) & above


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> Self:
        """Those that the counts count: see `comment_is_standing`."""
        return self.filter(comment_is_standing())

    def shown_to(self, viewer: User | AnonymousUser) -> Self:
        """Those `viewer` is shown on a clip that they were found to see: see `comment_is_shown`."""
        return self.filter(comment_is_shown(viewer))

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those `viewer` may see on any surface: shown to them, on a clip they may see."""
        return self.shown_to(viewer).filter(clip_is_visible(viewer, "clip__"))


class LikeQuerySet(models.QuerySet["Like"]):
    def seen_by_author(self, viewer: User) -> Self:
        """Likes of the viewer's own clips, by active people in no block with them."""
        rows = self.filter(clip__author=viewer, user__is_active=True)
        return rows.exclude(blocked_either_way(viewer, "user_id"))


class ClipHashtagQuerySet(models.QuerySet["ClipHashtag"]):
    def listed_for(self, viewer: User | AnonymousUser) -> Self:
        """What a hashtag page lists: clips meant for everyone that `viewer` may see, by nobody whom they mute."""
        rows = self.filter(clip_is_visible(viewer, "clip__") & clip_is_public("clip__"))
        return rows.exclude(muted(viewer, "clip__author_id")) if viewer.is_authenticated else rows


def other_is_shown(viewer: User, prefix: str) -> Q:
    """Condition: the person on the other side, to whom `prefix` leads, is active and in no block with `viewer`.

    What the two sent each other before hides with them, and is there again afterwards."""
    return Q(**{f"{prefix}__is_active": True}) & ~blocked_either_way(viewer, f"{prefix}_id")


class SendQuerySet(models.QuerySet["Send"]):
    def received_by(self, viewer: User) -> Self:
        """What `viewer` got and keeps, of people who are shown to them. Of the clip itself ask `clip_is_visible`."""
        return self.filter(other_is_shown(viewer, "sender"), recipient=viewer, hidden_for_recipient=False)

    def sent_by(self, viewer: User) -> Self:
        """What `viewer` sent and keeps, to people who are shown to them."""
        return self.filter(other_is_shown(viewer, "recipient"), sender=viewer, hidden_for_sender=False)

    def unread_by(self, viewer: User) -> Self:
        return self.received_by(viewer).filter(read_at__isnull=True)

    def kept_between(self, viewer: User, other: User) -> Self:
        """The thread of two people on the side of `viewer`. Whether `other` is shown was asked when they were
        looked up."""
        return self.filter(
            Q(sender=viewer, recipient=other, hidden_for_sender=False)
            | Q(sender=other, recipient=viewer, hidden_for_recipient=False)
        )


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, viewer: User) -> Self:
        """One's own, with people who are shown."""
        return self.filter(other_is_shown(viewer, "other"), owner=viewer)
