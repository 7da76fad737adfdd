"""How one clip was watched, and what happened day by day. Seven queries, however many people watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.models import Follow, User
from clips.models import Clip, Comment, Like, Watch, WatchSource

from .figures import FEW, Figure, Parts, carried, parts, share

DAYS = (7, 28, 60)  # how far back the rows of days may reach
FOLLOWED_WITHIN = timedelta(hours=24)  # after watching: then a follow counts as gained by the clip
END_PART = 20  # who saw all but the last twentieth saw it to the end: players report a little late


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day, in the zone of the request; small numbers are carried to the next day."""

    day: date
    views: int
    likes: int
    comments: int


@dataclass(frozen=True, slots=True)
class Watching:
    """How a clip was watched. `retention` is what percent of the viewers reached each tenth of it, empty for few
    viewers; `finished` its last value."""

    viewers: Figure
    plays: int | None  # None for few viewers
    retention: list[int]
    sources: Parts
    followers_gained: Figure
    days: list[Day]

    @property
    def finished(self) -> int | None:
        return self.retention[-1] if self.retention else None


def counted(author: User) -> QuerySet[Watch]:
    """Watches of a person's clips that count: far enough, and by somebody else."""
    return Watch.objects.filter(clip__author=author, watched_at__isnull=False).exclude(viewer=author)


def watching(clip: Clip, *, days: int) -> Watching:
    rows = counted(clip.author).filter(clip=clip)
    tenths = {
        f"tenth_{tenth}": Count("pk", filter=Q(furthest_ms__gte=_reached(clip.duration_ms, tenth)))
        for tenth in range(1, 11)
    }
    found = rows.aggregate(viewers=Count("pk"), played=Sum("plays"), **tenths)
    viewers = found["viewers"]
    many = viewers >= FEW
    by_source = dict(rows.values_list("source").annotate(number=Count("pk")).order_by())
    return Watching(
        viewers=Figure.of(viewers),
        plays=(found["played"] or 0) if many or not viewers else None,
        retention=[share(found[name], viewers) for name in tenths] if many else [],
        sources=parts({source.value: by_source.get(source.value, 0) for source in WatchSource}),
        followers_gained=Figure.of(followers_gained(clip.author, rows.filter(viewer=OuterRef("follower")))),
        days=by_day(rows, Like.objects.filter(clip=clip), Comment.objects.standing().filter(clip=clip), days=days),
    )


def _reached(duration_ms: int, tenth: int) -> int:
    """From which furthest position on a tenth of the clip counts as reached, in milliseconds."""
    at = duration_ms * tenth // 10
    return at - duration_ms // END_PART if tenth == 10 else at


def followers_gained(author: User, watches_by_follower: QuerySet[Watch], **conditions: Any) -> int:
    """Followers of `author` whose follow began within 24 hours after one of these watches.

    What it does not say: that the clip was the cause. A follow can count for several clips of one day."""
    last = watches_by_follower.filter(watched_at__lte=OuterRef("created_at")).order_by("-watched_at")
    rows = (
        Follow.objects.accepted()
        .filter(followee=author, **conditions)
        .annotate(seen_at=Subquery(last.values("watched_at")[:1]))
        .filter(seen_at__isnull=False)
        .values_list("seen_at", "created_at")
    )
    # Subtracted here: SQLite calls back into Python for every row that it should compute a time for.
    return sum(followed - seen <= FOLLOWED_WITHIN for seen, followed in rows.iterator())


def by_day(watches: QuerySet[Watch], likes: QuerySet[Like], comments: QuerySet[Comment], *, days: int) -> list[Day]:
    """The last `days` days, today included, in three queries."""
    today = timezone.localdate()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    columns = (
        _per_day(watches, "watched_at", dates),
        _per_day(likes, "created_at", dates),
        _per_day(comments, "created_at", dates),
    )
    return [Day(day, *numbers) for day, *numbers in zip(dates, *map(carried, columns), strict=True)]


def _per_day(rows: QuerySet[Any], moment: str, dates: Sequence[date]) -> list[int]:
    """How many rows there are of each day. Days are bounds in time, worked out here: they have 23 hours, or 25."""
    starts = [timezone.make_aware(datetime.combine(day, time.min)) for day in dates]
    ends = [*starts[1:], timezone.make_aware(datetime.combine(dates[-1] + timedelta(days=1), time.min))]
    counts = {
        f"day_{number}": Count("pk", filter=Q(**{f"{moment}__gte": start, f"{moment}__lt": end}))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    }
    found = rows.filter(**{f"{moment}__gte": starts[0]}).aggregate(**counts)
    return [found[name] for name in counts]
