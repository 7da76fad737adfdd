"""A heavy-tailed community of any size, the same for the same seed: for measuring, and for trying a full house.

Rows are written in bulk past the services, so each part leaves what its services would have left: the log, delivered
feeds, counts, hashtags, the search index. Clips have no files: their pages come, their video does not play.
"""

from __future__ import annotations

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.services import follow_user
from clips.models import Clip, ClipHashtag, ClipState, Comment, Hashtag, Like, Rendition
from clips.tags.text import hashtags as tags_in
from config.demo.seed import bells_held, deliver_all
from feeds import trending
from feeds.models import Activity, ActivityKind
from feeds.search import upkeep
from reposts.models import Repost
from reposts.services import repost_clip

BATCH = 5_000
FOLLOWS_EACH = 30
HUB = 0.6  # of all people follow the best-known one
REPOSTS_EACH = 2
NOTIFIED = 40  # people whose deeds the reader is told of
LIKES_EACH = 3  # of a clip; comments are as many as clips
NAMES = ("Ada", "Björn", "陈", "Dilan", "Eşref", "فرح", "Grace", "हेमा", "Ивана", "José", "결", "Linh", "Maya", "Nguyễn")
TAGS = (
    "sea",
    "rain",
    "neon",
    "cats",
    "sky",
    "latte",
    "dance",
    "勉強",
    "بحر",
    "музыка",
    "trains",
    "paper",
    "night",
    "reef",
)
WORDS = [
    "the",
    "light",
    "on",
    "a",
    "morning",
    "after",
    "slow",
    "rain",
    "we",
    "walked",
    "home",
    "by",
    "water",
    "and",
    "nobody",
    "said",
    "much",
    "until",
    "it",
    "was",
    "late",
]


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
    """Plain accounts that nobody can sign in to; returns their ids."""
    User.objects.bulk_create(
        (
            User(username=f"p{number}", display_name=f"{NAMES[number % len(NAMES)]} {number}")
            for number in range(people)
        ),
        batch_size=BATCH,
    )
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
                "INSERT INTO accounts_follow (follower_id, followee_id, accepted_at, created_at, show_reposts, is_dormant) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
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


def caption(number: int) -> str:
    """As long as captions are, with one or two hashtags, different for every number."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(3, 11)]
    return f"{' '.join(words)} {number} #{TAGS[number % len(TAGS)]} #{TAGS[number * 5 % 13]}"


def make_clips(authors: list[int]) -> list[int]:
    """One ready public clip an author (by id, repeats allowed), no files. Returns clip ids in order."""
    now = timezone.now()
    clips = Clip.objects.bulk_create(
        (
            Clip(
                author_id=author,
                caption=caption(number),
                state=ClipState.READY,
                published_at=now,
                original="originals/none/source",
                duration_ms=8_000,
                width=720,
                height=1280,
                poster="clips/none/poster.webp",
                placeholder="data:image/webp;base64," + "A" * 220,
            )
            for number, author in enumerate(authors)
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


def make_reposts(followers: dict[int, int], clips: list[int], authors: list[int], count: int) -> list[int]:
    """At most `count` reposts by the busy, of all clips alike, and their log lines. Returns repost ids."""
    pick = np.random.default_rng(3)
    users = busy_authors(followers, count, seed=5)
    wanted = {(user, int(at)) for user, at in zip(users, pick.integers(len(clips), size=count), strict=True)}
    reposts = Repost.objects.bulk_create(
        (
            Repost(user_id=user, clip_id=clips[at], comment="This one is worth your minute.")
            for user, at in sorted(wanted)
            if authors[at] != user
        ),
        batch_size=1_000,
    )
    Activity.objects.bulk_create(
        (Activity(kind=ActivityKind.REPOST, actor_id=row.user_id, clip_id=row.clip_id, repost=row) for row in reposts),
        batch_size=1_000,
    )
    return [row.pk for row in reposts]


def make_renditions(clips: list[int]) -> None:
    Rendition.objects.bulk_create(
        (
            Rendition(clip_id=clip, short_edge=edge, width=edge, height=edge * 16 // 9, bytes=900_000, path="none")
            for clip in clips
            for edge in (480, 720)
        ),
        batch_size=1_000,
    )


def make_hashtags(clips: list[int]) -> None:
    """Rows for the hashtags in the captions that `caption` wrote, and the tags themselves."""
    Hashtag.objects.bulk_create(Hashtag(name=name) for name in TAGS)
    ids = dict(Hashtag.objects.values_list("name", "pk"))
    now = timezone.now()
    ClipHashtag.objects.bulk_create(
        (
            ClipHashtag(hashtag_id=ids[name], clip_id=clip, published_at=now)
            for number, clip in enumerate(clips)
            for name in sorted(set(tags_in(caption(number), limit=10)))
        ),
        batch_size=1_000,
    )


def make_talk(followers: dict[int, int], clips: list[int], *, likes: int, comments: int) -> None:
    """Likes and comments by the busy, of clips with a heavy tail; the counts follow their rows."""
    pick = np.random.default_rng(17)
    tail = np.minimum((len(clips) * pick.power(0.4, size=likes + comments)).astype(int), len(clips) - 1)
    users = busy_authors(followers, likes + comments, seed=19)
    liked = sorted(set(zip(users[:likes], (clips[at] for at in tail[:likes]), strict=True)))
    Like.objects.bulk_create((Like(user_id=user, clip_id=clip) for user, clip in liked), batch_size=BATCH)
    Comment.objects.bulk_create(
        (
            Comment(author_id=user, clip_id=clips[at], text=f"{WORDS[number % len(WORDS)]}, and again {number}")
            for number, (user, at) in enumerate(zip(users[likes:], tail[likes:], strict=True))
        ),
        batch_size=1_000,
    )
    for field, rows in (("like_count", Like.objects), ("comment_count", Comment.objects)):
        counted = (
            rows.filter(clip=OuterRef("pk")).order_by().values("clip").annotate(number=Count("*")).values("number")
        )
        Clip.objects.update(**{field: Coalesce(Subquery(counted), 0)})


def notice(reader: User, own_clip: int, people: list[int]) -> None:
    """Some follow the reader and repost their clip, through the services, so that there are notifications."""
    for person in User.objects.filter(pk__in=people).exclude(pk=reader.pk):
        follow_user(follower=person, followee=reader)
        repost_clip(user=person, clip_id=own_clip)


def gather(*, people: int, clips: int) -> User:
    """Fill an empty site. Returns a reader: of the last 500 to move in, who follows most."""
    ids = make_people(people)
    followers = make_follows(ids, people * FOLLOWS_EACH, int(people * HUB))
    reader = max(User.objects.filter(pk__in=ids[-500:]), key=lambda user: user.following_edges.count())
    authors = [reader.pk, *busy_authors(followers, clips - 1)]
    made = make_clips(authors)
    make_renditions(made)
    log_publications(list(zip(made, authors, strict=True)))
    make_reposts(followers, made, authors, people * REPOSTS_EACH)
    make_hashtags(made)
    make_talk(followers, made, likes=clips * LIKES_EACH, comments=clips)
    with bells_held():
        notice(reader, made[0], ids[:NOTIFIED])
        deliver_all()
    trending.refresh()
    upkeep.rebuild()
    return reader
