"""The one throttle: how often somebody may do something, exact when requests come at the same moment.

A rate of N a period lets N through at once and frees one more every period/N (the generic cell rate algorithm): in
any stretch of t seconds at most N + N·t/period get through, and nobody waits a whole period for one more try. All a
throttle remembers is one number, the time at which it is as good as new, so taking one is a single atomic step: a
script on Redis or Valkey, one upsert on the database. The store is the cache server when there is one, else the
database; while the cache server does not answer, the database counts. A throttle never opens because its store
failed: without the database nothing else works either.

Keys hold no address and no handle, only a hash.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

logger = logging.getLogger(__name__)

MICRO = 1_000_000
PAUSE_SECONDS = 5.0  # how long a server that did not answer is not asked again
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RATE = re.compile(r"(\d+)/(\d*)([smhd])[a-z]*")
PREFIX = "reprise:throttle:"

_TAKE = """
local now, step, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + step
if free - now > span then return math.max(1, free - now - span) end
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
return 0
"""
_GIVE_BACK = """
local now, step = tonumber(ARGV[1]), tonumber(ARGV[2])
local free = tonumber(redis.call('GET', KEYS[1]) or '0') - step
if free <= now then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
return 1
"""
_UPSERT = """
INSERT INTO accounts_throttlemark (key, free_at) VALUES (%s, %s)
ON CONFLICT (key) DO UPDATE SET free_at =
  CASE WHEN accounts_throttlemark.free_at < %s THEN %s ELSE accounts_throttlemark.free_at END + %s
WHERE CASE WHEN accounts_throttlemark.free_at < %s THEN %s ELSE accounts_throttlemark.free_at END + %s - %s <= %s
RETURNING free_at
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """`amount` at once, refilled within `seconds`."""

    amount: int
    seconds: int

    @property
    def step(self) -> int:
        """Microseconds until one more is free."""
        return self.seconds * MICRO // self.amount

    @property
    def span(self) -> int:
        return self.step * self.amount


def parse_rate(text: str) -> Rate:
    """A rate such as `20/min` or `5/15m`. Raises: ValueError."""
    match = _RATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a rate: {text!r}; write 20/min, 5/15m or 100/hour")
    return Rate(int(match[1]), int(match[2] or 1) * SECONDS[match[3]])


def rate_of(scope: str) -> Rate | None:
    """The rate that the settings give a scope; None: not limited."""
    text = SimpleRateThrottle.THROTTLE_RATES[scope]
    return parse_rate(text) if text else None


def key_of(scope: str, who: object) -> str:
    """The name under which `who` is counted for `scope`."""
    digest = hashlib.sha256(str(who).encode("utf-8", "replace")).hexdigest()
    return f"{scope}:{digest[:40]}"


def take(key: str, rate: Rate, *, now: float | None = None) -> float | None:
    """Count one. None: it may happen; else the seconds until the next one may. A refused one costs nothing."""
    if rate.amount <= 0:
        return float(rate.seconds)
    moment = int((time.time() if now is None else now) * MICRO)
    wait = _on_server("take", key, moment, rate.step, rate.span)
    if wait is None:
        wait = _take_in_database(key, moment, rate)
    return wait / MICRO if wait else None


def give_back(key: str, rate: Rate, *, now: float | None = None) -> None:
    """Uncount one that `take` allowed: it turned out to be no offence."""
    if rate.amount <= 0:
        return
    moment = int((time.time() if now is None else now) * MICRO)
    if _on_server("give_back", key, moment, rate.step) is None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_throttlemark SET free_at = free_at - %s WHERE key = %s", [rate.step, key])


def once(key: str, seconds: int, *, now: float | None = None) -> bool:
    """Whether this is the first time within `seconds`. Of two at the same moment one is first."""
    return take(key, Rate(1, seconds), now=now) is None


def spend(scope: str, who: object) -> float | None:
    """`take` for a scope of the settings. None: it may happen; else the seconds to wait."""
    rate = rate_of(scope)
    return None if rate is None else take(key_of(scope, who), rate)


def _take_in_database(key: str, now: int, rate: Rate) -> int:
    """Microseconds to wait, 0 when it was taken."""
    step = rate.step
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [key, now + step, now, now, step, now, now, step, now, rate.span])
        if cursor.fetchone():
            return 0
        cursor.execute("SELECT free_at FROM accounts_throttlemark WHERE key = %s", [key])
        row = cursor.fetchone()
    return max(1, row[0] + step - now - rate.span) if row else 1


# --- The server ----------------------------------------------------------------------------------------


class _Server:
    """A Redis or Valkey server, and until when it is not asked because it did not answer."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        self.scripts = {
            "take": self.client.register_script(_TAKE),
            "give_back": self.client.register_script(_GIVE_BACK),
        }
        self.away_until = 0.0


@functools.cache
def _server(url: str) -> _Server:
    return _Server(url)


def _on_server(name: str, key: str, *numbers: int) -> int | None:
    """What the script answers, None when there is no server or it does not answer."""
    if not settings.THROTTLE_REDIS_URL:
        return None
    server = _server(settings.THROTTLE_REDIS_URL)
    if time.monotonic() < server.away_until:
        return None
    try:
        answer: Any = server.scripts[name](keys=[PREFIX + key], args=numbers)
        return int(answer)
    except (RedisError, OSError) as error:
        server.away_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("throttle store does not answer (%s): the database counts", type(error).__name__)
        return None
