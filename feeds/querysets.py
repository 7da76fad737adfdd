"""What a viewer's feeds contain: the one rule behind push, pull and rebuild, and behind For You.

Two layers. Some things a viewer *may not* see (clips.querysets, reposts.querysets); others they *do not want* to see:
the rules below, each with a name, so that the "why am I seeing this" sheet can say which one keeps a thing out. Both
are asked of the database at every read. A choice therefore holds from the next read on and ends by itself when its
time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now, StrIndex

from accounts.querysets import follows, muted
from clips.querysets import clip_is_visible
from reposts.querysets import repost_is_shared

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Activity, FeedControl  # noqa: F401 (named in the bases below, as text)


def _rows(app: str, model: str) -> Any:
    return apps.get_model(app, model)._default_manager


class FeedControlQuerySet(models.QuerySet["FeedControl"]):
    def active(self) -> Self:
        """Those whose time is not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()))


def _controlled(viewer: User, kind: str, **what: Any) -> Exists:
    """Condition: `viewer` has a control of this kind on what `what` names, now."""
    return Exists(_rows("feeds", "FeedControl").active().filter(viewer=viewer, kind=kind, **what))


def has_hidden_words(viewer: User, column: str) -> Exists:
    """Condition: the folded text in `column` has words that `viewer` hides, now."""
    words = _rows("feeds", "FeedControl").active().filter(viewer=viewer, kind="words")
    return Exists(words.annotate(at=StrIndex(OuterRef(column), F("key"))).filter(at__gt=0))


def _chose(viewer: User, **settings: Any) -> Q:
    """Condition: these are the viewer's settings. Not of the row, so the database asks it once a statement."""
    return Q(Exists(_rows("accounts", "User").filter(pk=viewer.pk, **settings)))


def clip_rules(viewer: User, clip: str = "pk", prefix: str = "") -> dict[str, Q]:
    """What keeps a clip out of every feed of `viewer`, whoever passes it on: conditions by name.

    `clip` is the column with the clip's id, `prefix` the path to its other columns, such as `clip__`."""
    author = f"{prefix}author_id"
    reposted = _rows("reposts", "Repost").filter(user=viewer, clip=OuterRef(clip), undone_at=None)
    watched = _rows("feeds", "SeenClip").filter(viewer=viewer, clip=OuterRef(clip))
    return {
        "own": Q(**{author: viewer.pk}),
        "muted": Q(muted(viewer, author)),
        "clip": Q(_controlled(viewer, "clip", clip=OuterRef(clip))),
        "clips_by": Q(_controlled(viewer, "clips_by", person=OuterRef(author))),
        "words": Q(has_hidden_words(viewer, f"{prefix}caption_words")),
        "reposted": _chose(viewer, hide_reposted=True) & Q(Exists(reposted)),
        "watched": _chose(viewer, hide_watched=True) & Q(Exists(watched)),
    }


def publication_rules(viewer: User) -> dict[str, Q]:
    """What keeps a publication by a followee from being a reason, beside the clip's own rules."""
    return {"actor_muted": Q(muted(viewer, "actor_id"))}


def repost_rules(viewer: User) -> dict[str, Q]:
    """What keeps a followee's repost from being a reason, beside the clip's own rules."""
    author = "clip__author_id"
    return {
        "reposts_off": ~Q(follows(viewer, "actor_id", show_reposts=True)),
        "reposts_muted": Q(muted(viewer, "actor_id", reposts_too=True)),
        "reposts_of": Q(_controlled(viewer, "reposts_of", person=OuterRef(author))),
        "comment_words": Q(repost__comment_detached_at__isnull=True)
        & Q(has_hidden_words(viewer, "repost__comment_words")),
        "followed_author": _chose(viewer, hide_reposts_of_followed=True) & Q(follows(viewer, author)),
    }


def none_of(rules: dict[str, Q]) -> Q:
    """Condition: none of the rules applies."""
    wanted = Q()
    for rule in rules.values():
        wanted &= ~rule
    return wanted


class ActivityQuerySet(models.QuerySet["Activity"]):
    def of_followees(self, viewer: User) -> Self:
        """Activities by accepted followees, whatever else may hide them: what a feed store proposes.

        A plain join from the follow table, so that both databases start from the viewer's own edges."""
        follow = apps.get_model("accounts", "Follow")
        edges = follow._default_manager.accepted().filter(follower=viewer).values("followee")
        return self.filter(actor__in=edges)

    def open_to(self, viewer: User) -> Self:
        """Reasons by followees that the viewer may see, wanted or not.

        - the actor is an accepted followee and the clip is visible to the viewer;
        - a repost is live and its audience includes the viewer.
        """
        return self.filter(
            Q(follows(viewer, "actor_id"))
            & (Q(kind="publish") | (Q(kind="repost") & repost_is_shared(viewer, "repost__")))
            & clip_is_visible(viewer, "clip__")
        )

    def feed_of(self, viewer: User) -> Self:
        """Live reasons for the viewer's Following feed, as the database stands now: open to them, and wanted."""
        published = Q(kind="publish") & none_of(publication_rules(viewer))
        reposted = Q(kind="repost") & none_of(repost_rules(viewer))
        wanted = none_of(clip_rules(viewer, "clip_id", "clip__"))
        return self.open_to(viewer).filter((published | reposted) & wanted)

    def undelivered(self) -> Self:
        """Not (yet) in the stores: waiting, under way, or by a hub. Reads merge these."""
        return self.filter(delivered_at__isnull=True)
