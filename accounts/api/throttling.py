"""DRF's throttles on top of `accounts.throttle`: its own read and write back, so that requests at once slip through."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework import throttling
from rest_framework.request import Request

from accounts import addresses, throttle


class Atomic(throttling.SimpleRateThrottle):
    """Who is counted is DRF's business (`get_cache_key`), counting is ours."""

    cache_format = "%(scope)s %(ident)s"
    num_requests: int
    duration: int
    _wait: float | None = None

    def parse_rate(self, rate: str | None) -> tuple[int | None, int | None]:  # type: ignore[override]
        if rate is None:
            return None, None
        parsed = throttle.parse_rate(rate)
        return parsed.amount, parsed.seconds

    def get_ident(self, request: Request | HttpRequest) -> str:
        return addresses.network(addresses.client_ip(request))  # type: ignore[arg-type]

    def allow_request(self, request: Request, view: object) -> bool:
        if self.rate is None:
            return True
        who = self.get_cache_key(request, view)  # type: ignore[arg-type]
        if who is None:
            return True
        scope, _, ident = who.partition(" ")
        rate = throttle.Rate(self.num_requests, self.duration)
        self._wait = throttle.take(throttle.key_of(scope, ident), rate)
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait


class AddressThrottle(Atomic, throttling.AnonRateThrottle):
    """People who are not signed in, by network."""


class PersonThrottle(Atomic, throttling.UserRateThrottle):
    """Each signed-in person."""


class ScopeThrottle(Atomic, throttling.ScopedRateThrottle):
    """What a view's `throttle_scope` names."""

    def allow_request(self, request: Request, view: object) -> bool:
        self.scope = getattr(view, "throttle_scope", None)
        if not self.scope:
            return True
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return Atomic.allow_request(self, request, view)
