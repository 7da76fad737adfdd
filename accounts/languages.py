"""In which language, and on which clock, the site speaks to a person.

A person's own choice counts first, then the cookie of this browser, then what the browser asks for. Times are shown
in the time zone that the person chose, else in the one that the browser told us (`static/js/clock.js`), else in UTC.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from .models import User

TIME_ZONE_COOKIE = "time_zone"
NO_WORDS = ("video/", "image/", "audio/")  # these are the same in every language, and shared caches should know


@cache
def time_zones() -> frozenset[str]:
    """Every name that the server's tz database knows. Read once: it is a walk through files."""
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of that name; None for an unknown one, whatever a cookie says."""
    return zoneinfo.ZoneInfo(name) if name in time_zones() else None


@contextmanager
def speaking_to(user: User) -> Iterator[None]:
    """Texts and times inside are in the person's language and time zone: for mails and files made in the background."""
    with (
        translation.override(user.language or settings.LANGUAGE_CODE),
        timezone.override(zone(user.time_zone) or timezone.get_default_timezone()),
    ):
        yield


class LanguageMiddleware:
    """Activates language and time zone for the request. After AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session cookie nobody is signed in, and the session is not worth a query.
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        person = user if user is not None and user.is_authenticated else None
        language = (person and person.language) or translation.get_language_from_request(request)
        name = (person and person.time_zone) or request.COOKIES.get(TIME_ZONE_COOKIE, "")
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone(name) if name else None):
            response = self.get_response(request)
        if not response.get("Content-Type", "").startswith(NO_WORDS):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ("Accept-Language",))
        return response
