"""A heavy-tailed community of any size, the same for the same seed."""

from __future__ import annotations

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Follow, User
from clips.models import Clip, ClipState
from feeds.models import Activity, ActivityKind

BATCH = 5_000


def follower_counts(people: int, follows: int, largest: int) -> np.ndarray:
    """Followers of each person: a power law that adds up to about `follows`, at most `largest` for one."""
    ranks = np.arange(1, people + 1, dtype=float)
    low, high = 0.1, 2.0
    for _ in range(60):  # the exponent that gives the sum, by bisection
        exponent = (low + high) / 2
        counts = np.minimum(largest, np.maximum(1, largest * ranks**-exponent))
        low, high = (exponent, high) if counts.sum() > follows else (low, exponent)
    return counts.astype(int)


def make_people(people: int) -> list[int]:
    """Plain accounts without passwords; returns their ids."""
    User.objects.bulk_create((User(username=f"p{number}", password="!") for number in range(people)), batch_size=BATCH)
    return list(User.objects.filter(username__startswith="p").order_by("pk").values_list("pk", flat=True))


def make_follows(ids: list[int], follows: int, largest: int, seed: int = 7) -> dict[int, int]:
    """Accepted edges after `follower_counts`. Returns followers by person."""
    rng = np.random.default_rng(seed)
    everyone = np.array(ids)
    counts = follower_counts(len(ids), follows, min(largest, len(ids) - 1))
    now = timezone.now()
    stamp = connection.ops.adapt_datetimefield_value(now)
    made: dict[int, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for followee, count in zip(ids, counts, strict=True):
            chosen = rng.choice(everyone, size=int(count), replace=False)
            chosen = chosen[chosen != followee]
            made[followee] = len(chosen)
            cursor.executemany(
                f"INSERT INTO {Follow._meta.db_table} (follower_id, followee_id, accepted_at, created_at, "
                "show_reposts, is_dormant) VALUES (%s, %s, %s, %s, %s, %s)",
                [(int(follower), followee, stamp, stamp, True, False) for follower in chosen],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def busy_authors(followers: dict[int, int], activities: int, seed: int = 11) -> list[int]:
    """Who acts: people with more followers act more often (the square root of their number)."""
    people = np.array(list(followers))
    weight = np.sqrt(np.array(list(followers.values()), dtype=float))
    rng = np.random.default_rng(seed)
    return [int(a) for a in rng.choice(people, size=activities, p=weight / weight.sum())]


def make_clips(authors: list[int]) -> list[int]:
    """One ready public clip an author (by id, repeats allowed), no files. Returns clip ids in order."""
    now = timezone.now()
    clips = Clip.objects.bulk_create(
        (
            Clip(
                author_id=author,
                caption=f"A clip of person {author}, with a caption as long as captions are, #reprise",
                state=ClipState.READY,
                published_at=now,
                original="originals/none/source",
                duration_ms=8_000,
                width=720,
                height=1280,
                poster="clips/none/poster.webp",
                placeholder="data:image/webp;base64," + "A" * 220,
            )
            for author in authors
        ),
        batch_size=1_000,
    )
    return [clip.pk for clip in clips]


def log_publications(pairs: list[tuple[int, int]]) -> list[int]:
    """Waiting log lines for (clip, author) pairs. Returns activity ids in order."""
    rows = Activity.objects.bulk_create(
        (Activity(kind=ActivityKind.PUBLISH, clip_id=clip, actor_id=author) for clip, author in pairs),
        batch_size=1_000,
    )
    return [row.pk for row in rows]
