"""Who may see which clip: the one rule that pages, API, feeds, media and counts ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.querysets import blocked_either_way, follows

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Clip  # noqa: F401 (named in the bases below, as text)


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


class ClipQuerySet(models.QuerySet["Clip"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Live clips that `viewer` may see on any surface: see `clip_is_visible`."""
        return self.filter(clip_is_visible(viewer))

    def owned_by(self, viewer: User | AnonymousUser) -> Self:
        """The viewer's own clips in any state, for editing: all but deleted ones."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(author=viewer, deleted_at__isnull=True)

    def in_processing(self) -> Self:
        return self.filter(state="processing", deleted_at__isnull=True)
