"""The cache server goes away and comes back; the site does not notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import valkey
from config.caching import ForgivingRedisCache


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.caching.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)


def test_a_lost_server_is_a_miss_and_a_found_one_is_used_again(short_tmp: Path, impatient: None) -> None:
    socket = short_tmp / "cache.sock"
    cache = ForgivingRedisCache(valkey.cache_url(socket), {"OPTIONS": {"socket_connect_timeout": 1}})

    with valkey.running(socket=socket, data=short_tmp / "cache"):
        cache.set("word", "held", 60)
        assert cache.get("word") == "held"

    assert cache.get("word", "missed") == "missed"
    assert cache.get_many(["word"]) == {}
    assert cache.add("word", "new") is True
    cache.set("word", "lost", 60)

    with valkey.running(socket=socket, data=short_tmp / "cache"):
        cache.set("word", "back", 60)
        assert cache.get("word") == "back"


def test_while_away_nothing_waits_for_a_timeout(short_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)
    cache = ForgivingRedisCache(valkey.cache_url(short_tmp / "nobody.sock"), {})
    assert cache.get("word") is None

    class Untouchable:
        def get(self, *args: object) -> None:
            raise AssertionError("asked a server that is known to be away")

    monkeypatch.setattr(cache, "_cache", Untouchable())
    assert cache.get("word", "missed") == "missed"
