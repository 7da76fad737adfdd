"""What a viewer's Following feed contains: the one rule behind push, pull and rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.querysets import follows, muted
from clips.querysets import clip_is_visible
from reposts.querysets import repost_is_shared

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Activity  # noqa: F401 (named in the bases below, as text)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def of_followees(self, viewer: User) -> Self:
        """Activities by accepted followees, whatever else may hide them: what a feed store proposes.

        A plain join from the follow table, so that both databases start from the viewer's own edges."""
        follow = apps.get_model("accounts", "Follow")
        edges = follow._default_manager.accepted().filter(follower=viewer).values("followee")
        return self.filter(actor__in=edges)

    def feed_of(self, viewer: User) -> Self:
        """Live reasons for the viewer's Following feed, as the database stands now.

        - the actor is an accepted followee; for a repost, one whose reposts are wanted (`show_reposts`);
        - the clip is visible to the viewer and not their own;
        - a repost is live and its audience includes the viewer;
        - the viewer mutes neither the actor (for a repost, not their reposts either) nor the clip's author.
        """
        published = Q(kind="publish") & Q(follows(viewer, "actor_id")) & ~Q(muted(viewer, "actor_id"))
        reposted = (
            Q(kind="repost")
            & Q(follows(viewer, "actor_id", show_reposts=True))
            & ~Q(muted(viewer, "actor_id", reposts_too=True))
            & repost_is_shared(viewer, "repost__")
        )
        return self.filter(
            (published | reposted)
            & clip_is_visible(viewer, "clip__")
            & ~Q(clip__author_id=viewer.pk)
            & ~Q(muted(viewer, "clip__author_id"))
        )

    def undelivered(self) -> Self:
        """Not (yet) in the stores: waiting, under way, or by a hub. Reads merge these."""
        return self.filter(delivered_at__isnull=True)
