"""Browsers: what to call them, and which ones a person has signed in with before.

After a sign-in the browser keeps a signed cookie for a year: a random name of its own and the handles that signed in
with it. It signs nobody in. It spares its owner the limits that strangers use up (OWASP: "device cookies") and the
mail about a new device.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "device"
DAYS = 365
SALT = "accounts.devices"
MOST_HANDLES = 5  # people who share a browser

# The first that fits: most browsers also claim to be those further down.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chromium", r"Chromium/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
    ("curl", r"^curl/"),
    ("Python", r"^python"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def describe(user_agent: str) -> str:
    """Browser and system in words, such as `Firefox, Android`. Empty when neither is known."""
    found = [
        next((name for name, pattern in names if re.search(pattern, user_agent)), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def of_request(request: HttpRequest) -> str:
    return describe(request.META.get("HTTP_USER_AGENT", "")[:400])


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        content = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return {}
    return content if isinstance(content, dict) else {}


def known_device(request: HttpRequest, handle: str) -> str:
    """The browser's own name if `handle` has signed in with it before, else empty."""
    content = _read(request)
    return str(content.get("id", "")) if handle in content.get("handles", ()) else ""


def remember_device(request: HttpRequest, response: HttpResponse, handle: str) -> None:
    """Note in the browser that `handle` signed in with it."""
    content = _read(request)
    handles = [handle, *(other for other in content.get("handles", ()) if other != handle)][:MOST_HANDLES]
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": content.get("id") or secrets.token_urlsafe(12), "handles": handles}, salt=SALT),
        max_age=DAYS * 86400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
