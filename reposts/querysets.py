"""Who may see which repost: built on the clip's rule, so it can never be wider than the clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.querysets import blocked_either_way, followed_by, follows
from clips.querysets import clip_is_visible

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Repost  # noqa: F401 (named in the bases below, as text)


def repost_is_live(prefix: str = "") -> Q:
    """Condition: not undone, by an active account, and allowed by the clip's policy as it is now.

    A comment that the author detached does not count for `with_comment`.
    `prefix` is the path to the repost, such as `repost__` (here and below)."""
    with_comment = Q(
        **{f"{prefix}clip__allow_reposts": "with_comment", f"{prefix}comment_detached_at__isnull": True}
    ) & ~Q(**{f"{prefix}comment": ""})
    return Q(
        Q(**{f"{prefix}clip__allow_reposts": "yes"}) | with_comment,
        **{f"{prefix}undone_at__isnull": True, f"{prefix}user__is_active": True},
    )


def repost_is_shared(viewer: User, prefix: str = "") -> Q:
    """Condition: a live repost whose audience includes `viewer`. Knows nothing of the clip's own audience.

    - one's own, always;
    - nobody in a block with the reposter, either way; `followers`: accepted followers of the reposter;
      `mutuals`: those whom the reposter follows back;
    - the clip's author: `followers` reposts by accounts that are not private (anyone could follow
      those), so that a hostile comment can be found and detached. Reposts by private accounts and to
      mutuals stay between those people (mastodon#21295 shows what happens otherwise).
    """
    user = f"{prefix}user_id"
    in_audience = Q(follows(viewer, user)) & (Q(**{f"{prefix}audience": "followers"}) | Q(followed_by(viewer, user)))
    to_author = Q(
        **{
            f"{prefix}clip__author_id": viewer.pk,
            f"{prefix}audience": "followers",
            f"{prefix}user__is_private": False,
        }
    )
    return repost_is_live(prefix) & (
        Q(**{user: viewer.pk}) | (~blocked_either_way(viewer, user) & (in_audience | to_author))
    )


class RepostQuerySet(models.QuerySet["Repost"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Reposts that `viewer` may see on any surface: shared with them, on a clip they may see."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(repost_is_shared(viewer) & clip_is_visible(viewer, "clip__"))

    def on_tab_of(self, owner: User, viewer: User | AnonymousUser) -> Self:
        """The Reposts tab of `owner` as `viewer` may see it: `visible_to`, narrowed by the tab's own audience."""
        rows = self.visible_to(viewer).filter(user=owner)
        if not viewer.is_authenticated or viewer.pk == owner.pk or owner.reposts_tab == "followers":
            return rows
        if owner.reposts_tab == "mutuals":
            return rows.filter(followed_by(viewer, "user_id"))
        return rows.none()

    def by_connections_of(self, viewer: User) -> Self:
        """Those made by people whom `viewer` follows."""
        return self.filter(follows(viewer, "user_id"))
