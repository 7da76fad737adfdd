"""All clips of a person at a glance: a period's days, and the newest clips with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, Sum
from django.utils import timezone

from accounts.models import Follow, User
from clips.models import Clip, Comment, Like

from ..models import Repost
from .figures import FEW, Figure, share
from .watching import END_PART, Day, by_day, counted, followers_gained

CLIPS = 20  # listed; the studio has the rest


@dataclass(frozen=True, slots=True)
class ClipRow:
    """One clip with what everybody sees of it (reposts, likes, comments), and how it was watched."""

    clip: Clip
    viewers: Figure
    plays: int | None
    finished: int | None  # percent of the viewers; None for few


@dataclass(frozen=True, slots=True)
class Overview:
    """The last `days` days of all of a person's clips. `followers` are new ones, `gained` those who began to follow
    within 24 hours after watching."""

    days: list[Day]
    views: Figure
    likes: int
    comments: int
    reposts: int
    followers: int
    gained: Figure
    clips: list[ClipRow]


def overview(author: User, *, days: int) -> Overview:
    since = timezone.now() - timedelta(days=days)
    watches = counted(author)
    likes = Like.objects.filter(clip__author=author)
    comments = Comment.objects.standing().filter(clip__author=author)
    recent = {"created_at__gte": since}
    mine = watches.filter(viewer=OuterRef("follower"))
    return Overview(
        days=by_day(watches, likes, comments, days=days),
        views=Figure.of(watches.filter(watched_at__gte=since).count()),
        likes=likes.filter(**recent).count(),
        comments=comments.filter(**recent).count(),
        reposts=Repost.objects.filter(clip__author=author, undone_at=None, **recent).count(),
        followers=Follow.objects.accepted().filter(followee=author, **recent).count(),
        gained=Figure.of(followers_gained(author, mine, **recent)),
        clips=clip_rows(author),
    )


def clip_rows(author: User) -> list[ClipRow]:
    """The newest published clips with their numbers: two queries."""
    published = Clip.objects.visible_to(author).filter(author=author)
    clips = list(published.order_by("-published_at", "-pk")[:CLIPS])
    ended = Q(furthest_ms__gte=F("clip__duration_ms") - F("clip__duration_ms") / END_PART)
    found = {
        pk: (viewers, plays, finished)
        for pk, viewers, plays, finished in counted(author)
        .filter(clip__in=clips)
        .values_list("clip")
        .annotate(viewers=Count("pk"), played=Sum("plays"), finished=Count("pk", filter=ended))
        .order_by()
    }
    rows = []
    for clip in clips:
        viewers, plays, finished = found.get(clip.pk, (0, 0, 0))
        many = viewers >= FEW
        rows.append(
            ClipRow(
                clip=clip,
                viewers=Figure.of(viewers),
                plays=plays if many or not viewers else None,
                finished=share(finished, viewers) if many else None,
            )
        )
    return rows
