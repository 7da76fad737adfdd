"""A Redis cache whose loss costs speed and rate limits, not the site.

What is cached here (rate limits, suggestions, watermarks) can be missed for a while; a page that answers 500 because
a cache restarts cannot. Every loss is logged and `health/ready` reports it. While the server is away, calls fail
at once for a few seconds instead of waiting for a timeout each.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """Reads miss and writes do nothing while the server does not answer."""

    _away_until = 0.0

    def _attempt(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache._away_until:
            return default
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            ForgivingRedisCache._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("cache does not answer (%s): going on without it", type(error).__name__)
            return default

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._attempt("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("add", True, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("get_many", {}, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("set_many", [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("delete_many", None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._attempt("has_key", False, *args, **kwargs)
