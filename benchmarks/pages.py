"""A Following page over the API beside a signed-in DRF view that returns the same bytes from memory.

Through WSGI and the whole middleware stack in one process, requests of both in turn, so that noise hits both alike.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable

from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory, override_settings
from knox.models import AuthToken

from accounts.models import User
from clips.models import Rendition
from feeds import bell, fanout
from feeds.models import Activity, ActivityKind
from feeds.tasks import deliver_chunk
from reposts.models import Repost

from . import graph, urls

PEOPLE, FOLLOWS, LARGEST, CLIPS, REPOSTS = 5_000, 150_000, 3_000, 1_500, 3_000
CARDS, REQUESTS = 20, 300


def _community() -> User:
    """A busy community, its feeds delivered. Returns a reader who follows about a hundred people."""
    bell.ring_chunk = lambda chunk_id: None  # type: ignore[assignment]
    ids = graph.make_people(PEOPLE)
    counts = graph.make_follows(ids, FOLLOWS, LARGEST)
    authors = graph.busy_authors(counts, CLIPS)
    clips = graph.make_clips(authors)
    Rendition.objects.bulk_create(
        Rendition(clip_id=clip, short_edge=edge, width=edge, height=edge * 16 // 9, bytes=900_000, path="none")
        for clip in clips
        for edge in (480, 720)
    )
    graph.log_publications(list(zip(clips, authors, strict=True)))
    pick = random.Random(3)
    wanted = {(user, pick.randrange(CLIPS)) for user in graph.busy_authors(counts, REPOSTS, seed=5)}
    reposts = Repost.objects.bulk_create(
        Repost(user_id=user, clip_id=clips[at], comment="This one is worth your minute.")
        for user, at in sorted(wanted)
        if authors[at] != user
    )
    Activity.objects.bulk_create(
        Activity(kind=ActivityKind.REPOST, actor_id=r.user_id, clip_id=r.clip_id, repost=r) for r in reposts
    )
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            deliver_chunk(chunk_id)
    return max(User.objects.filter(pk__in=ids[-500:]), key=lambda user: user.following_edges.count(), default=User())


def _median_ms(requests: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in requests}
    for _ in range(REQUESTS):
        for name, request in requests.items():
            start = time.perf_counter()
            request()
            times[name].append((time.perf_counter() - start) * 1_000)
    return {name: statistics.median(values) for name, values in times.items()}


def run() -> list[dict[str, object]]:
    """Rows for the table: page, median ms, times the view from memory."""
    with override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["testserver"]):
        reader = _community()
        _, token = AuthToken.objects.create(reader)
        site = get_wsgi_application()

        def get(path: str) -> bytes:
            environ = RequestFactory().get(path, headers={"authorization": f"Bearer {token}"}).environ
            response = site(environ, lambda status, headers: None)
            content = b"".join(response)
            response.close()
            assert response.status_code == 200, content
            return content

        page = f"/api/v1/feeds/following?limit={CARDS}"
        first = get(page)
        urls.held["content"] = first
        assert len(json.loads(first)["results"]) == CARDS
        second = json.loads(first)["next"]
        times = _median_ms(
            {
                "the same bytes from memory": lambda: get("/bench/memory"),
                "Following, first page": lambda: get(page),
                "Following, second page": lambda: get(second),
                "For You, first page": lambda: get(f"/api/v1/feeds/for-you?limit={CARDS}"),
            }
        )
    floor = times["the same bytes from memory"]
    return [
        {"page": name, "median_ms": ms, "ratio": ms / floor, "follows": reader.following_edges.count()}
        for name, ms in times.items()
    ]
