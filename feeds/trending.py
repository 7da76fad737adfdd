"""Which public clips of the last days are watched and passed on most: a short table that For You draws from.

Without it For You would know only the newest clips, and on a busy server those are an hour's worth.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clips.models import Clip
from clips.querysets import clip_is_live, clip_is_public

from .models import TrendingClip
from .ranking import company, freshness

WINDOW = timedelta(days=14)
KEPT = 200
LEAST = 5  # watches and reposts together; less is chance


def refresh() -> int:
    """Write the table anew from the counts of today's rows. Returns how many clips it holds. Safe to repeat."""
    now = timezone.now()
    rows = (
        Clip.objects.filter(clip_is_live(), clip_is_public(), published_at__gt=now - WINDOW)
        .filter(watch_count__gt=0)
        .values_list("pk", "published_at", "watch_count", "repost_count")
    )
    scored = []
    for pk, published_at, watches, reposts in rows.iterator(chunk_size=2_000):
        if published_at is not None and watches + reposts >= LEAST:
            # As For You ranks them, so that the table holds what could come first there.
            scored.append((company(watches, reposts) * freshness(published_at, now), pk))
    best = sorted(scored, reverse=True)[:KEPT]
    with transaction.atomic():
        TrendingClip.objects.exclude(pk__in=[pk for _, pk in best]).delete()
        TrendingClip.objects.bulk_create(
            [TrendingClip(clip_id=pk, score=score) for score, pk in best],
            update_conflicts=True,
            unique_fields=["clip"],
            update_fields=["score"],
        )
    return len(best)
