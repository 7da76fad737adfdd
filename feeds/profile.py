"""What a profile shows: the person, how the viewer stands to them, and pages of clips and reposts.

Here rather than in `accounts`: a profile shows what lies above that app. The rules are the apps' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.listings import waiting_requests
from accounts.models import TabAudience, User
from accounts.selectors import EdgeCounts, Relation, edge_counts, relation
from accounts.text import isolated
from clips.models import Clip
from clips.selectors import ClipView, clip_views
from reposts.models import Repost
from reposts.selectors import RepostLine, repost_lines

PAGE = 24  # tiles a page: fills rows of 2, 3, 4, 6 and 8


@dataclass(frozen=True, slots=True)
class ProfileHead:
    """`may_see_clips` is false at the closed door of a private account; `requests` is 0 for everyone but the owner."""

    person: User
    relation: Relation
    counts: EdgeCounts
    clip_count: int
    may_see_clips: bool
    requests: int


@dataclass(frozen=True, slots=True)
class ProfileTile:
    """A clip in the grid; on the Reposts tab with the repost that brought it there."""

    clip: ClipView
    repost: RepostLine | None = None


def profile_head(person: User, viewer: User | AnonymousUser) -> ProfileHead:
    """The head of the profile of `person`, whom `viewer` may see: at most 7 queries."""
    how = relation(viewer, person)
    return ProfileHead(
        person=person,
        relation=how,
        counts=edge_counts(person),
        clip_count=Clip.objects.visible_to(viewer).filter(author=person).count(),
        may_see_clips=not person.is_private or how.is_self or how.follows,
        requests=waiting_requests(person) if how.is_self and person.is_private else 0,
    )


def clip_tiles(person: User, viewer: User | AnonymousUser, before: int | None) -> tuple[list[ProfileTile], int | None]:
    """One page of the person's clips as `viewer` may see them, newest first, and the `before` of the next one.

    In the order of publication: a draft of last month that came out today is the newest."""
    rows = Clip.objects.visible_to(viewer).filter(author=person).order_by("-published_at", "-pk")
    if before is not None:
        last = Clip.objects.filter(pk=before, author=person).values_list("published_at", flat=True).first()
        if last is None:
            return [], None
        rows = rows.filter(Q(published_at__lt=last) | Q(published_at=last, pk__lt=before))
    ids = list(rows.values_list("pk", flat=True)[: PAGE + 1])
    views = clip_views(viewer, ids[:PAGE])
    tiles = [ProfileTile(views[pk]) for pk in ids[:PAGE] if pk in views]
    return tiles, ids[PAGE - 1] if len(ids) > PAGE else None


def repost_tiles(
    person: User, viewer: User | AnonymousUser, before: int | None
) -> tuple[list[ProfileTile], int | None]:
    """One page of the Reposts tab as `viewer` may see it, newest first, and the `before` of the next one."""
    rows: Any = Repost.objects.on_tab_of(person, viewer).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    lines = repost_lines(rows[: PAGE + 1])
    views = clip_views(viewer, [line.clip_id for line in lines[:PAGE]])
    tiles = [ProfileTile(views[line.clip_id], line) for line in lines[:PAGE] if line.clip_id in views]
    return tiles, lines[PAGE - 1].id if len(lines) > PAGE else None


def closed_tab(head: ProfileHead, viewer: User | AnonymousUser) -> str:
    """Why the Reposts tab is closed to `viewer`, a sentence; empty when it is open. Explains, decides nothing."""
    how, who = head.relation, {"handle": isolated(f"@{head.person.username}")}
    if how.is_self:
        return ""
    if head.person.reposts_tab == TabAudience.NOBODY:
        return _("%(handle)s keeps this tab to themselves.") % who
    if head.person.reposts_tab == TabAudience.MUTUALS and not how.is_mutual:
        return (
            _(
                "Only %(handle)s’s mutuals can see their reposts: people who follow %(handle)s and whom %(handle)s "
                "follows back."
            )
            % who
        )
    if not viewer.is_authenticated:
        return _("Reposts go to followers. Sign in and follow %(handle)s to see theirs.") % who
    if not how.follows:
        return _("Only %(handle)s’s followers can see their reposts.") % who
    return ""
