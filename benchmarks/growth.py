"""Pages at the size of the demo and in a community of 10,000 people and 100,000 clips, side by side.

A page costs what it shows, not what the site holds: growth should stay below 1.5. The same kind of reader asks for
the same kind of things, as much of them on a page at both sizes, through the whole stack in one process. Two
databases, asked in turn, so that noise hits both alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Abs
from django.test import Client, override_settings

from accounts.models import User
from clips.models import Clip
from config.demo import crowd
from feeds import log

SIZES = {"demo": (48, 60), "full": (10_000, 100_000)}  # people, clips
ROUNDS, REQUESTS = 8, 5  # five requests of each page at one size, then at the other, eight times
ITEMS = 5  # clips of the person whose profile is asked for, as nearly as there is one


@contextmanager
def database_of(size: str) -> Iterator[None]:
    """The connection and the cache's keys belong to this size."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = f"{name}-{size}"
    prefix, cache.key_prefix = cache.key_prefix, size
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        cache.key_prefix = prefix


def pages(reader: User) -> dict[str, str]:
    """Path by name of what is measured."""
    author = (
        User.objects.exclude(pk=reader.pk)
        .annotate(number=Count("clips", filter=Q(clips__deleted_at=None)))
        .order_by(Abs(F("number") - ITEMS), "pk")[0]
    )
    clip = Clip.objects.visible_to(reader).filter(author=author).order_by("-pk")[0]
    return {
        "Following": "/following/",
        "Following, API": "/api/v1/feeds/following",
        "For You": "/for-you/",
        "For You, API": "/api/v1/feeds/for-you",
        "new cards (pill)": f"/following/new/?since={log.newest_id() - 20}",
        "clip": f"/clips/{clip.pk}/",
        "profile": f"/@{author.username}/",
        "reposts tab": f"/@{author.username}/reposts/",
        "follows, mutes, blocks": "/settings/relations/",
        "feed controls": "/settings/feed/",
        "notifications": "/notifications/",
        "live": "/live/",
        "search": "/search/?q=mor",
        "search, clips": "/search/?q=rain&type=clips",
        "suggestions": "/search/suggest/?q=ad",
    }


def _prepare(size: str) -> tuple[Client, dict[str, str]]:
    people, clips = SIZES[size]
    call_command("migrate", verbosity=0)
    reader = crowd.gather(people=people, clips=clips)
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client, pages(reader)


def run() -> list[dict[str, Any]]:
    """Rows for the table: page, median ms at both sizes, growth. SQLite only: the two databases are two files."""
    if connection.vendor != "sqlite":
        return []
    times: dict[str, dict[str, list[float]]] = {size: {} for size in SIZES}
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        readers = {}
        for size in SIZES:
            with database_of(size):
                readers[size] = _prepare(size)
        for _ in range(ROUNDS):
            for size, (client, wanted) in readers.items():
                with database_of(size):
                    for name, path in wanted.items():
                        taken = [_milliseconds(client, path) for _ in range(REQUESTS + 1)]
                        times[size].setdefault(name, []).extend(taken[1:])  # the first one fills caches
    medians = {size: {name: statistics.median(taken) for name, taken in of.items()} for size, of in times.items()}
    return [
        {"page": name, "demo_ms": small, "full_ms": medians["full"][name], "growth": medians["full"][name] / small}
        for name, small in medians["demo"].items()
    ]


def _milliseconds(client: Client, path: str) -> float:
    start = time.perf_counter()
    response = client.get(path)
    taken = (time.perf_counter() - start) * 1_000
    assert response.status_code in (200, 204), (path, response.status_code)  # 204: nothing new
    return taken
