"""A Following page over the API beside a signed-in DRF view that returns the same bytes from memory.

Through WSGI and the whole middleware stack in one process, requests of both in turn, so that noise hits both alike.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory, override_settings
from knox.models import AuthToken

from config.demo import crowd

from . import urls

PEOPLE, CLIPS = 5_000, 1_500
CARDS, REQUESTS = 20, 300


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
        reader = crowd.gather(people=PEOPLE, clips=CLIPS)
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
