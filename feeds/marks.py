"""The live channel: what one small, repeated question answers, and how it is answered from almost nothing.

Two marks in the cache say whether anything can have changed for a viewer: one of their own (`touch`), one of the
whole log (`touch_log`). The `ETag` of an answer is made of both, so an unchanged question is a 304 without a look at
any table. The marks can only cause a look; what is shown is read from the database then, by the usual rules.

A mark that was not set (a process died, the cache was away) is made up for by time: every REFRESH_SECONDS an answer
is made anew. Where the cache is not shared between processes there are no marks (`LIVE_MARKS`), and this is plain
polling.
"""

from __future__ import annotations

import secrets
from time import time

from django.conf import settings
from django.core.cache import cache

REFRESH_SECONDS = 20
KEPT_SECONDS = 24 * 3600
_LOG = "live:log"


def _own(user_id: int) -> str:
    return f"live:viewer:{user_id}"


def touch(*user_ids: int) -> None:
    """Something may look different for these people. Call it after the commit."""
    cache.set_many({_own(user_id): secrets.token_urlsafe(6) for user_id in user_ids}, KEPT_SECONDS)


def touch_log() -> None:
    """The log has a new line, or lost one. Call it after the commit."""
    cache.set(_LOG, secrets.token_urlsafe(6), KEPT_SECONDS)


def marks(user_id: int) -> str | None:
    """What an answer for this person may depend on, as one text. None: there are no marks, look everything up.

    Read it before what it stands for: a change in between then makes the answer old, never lost."""
    if not settings.LIVE_MARKS:
        return None
    keys = (_own(user_id), _LOG)
    found = cache.get_many(keys)
    if len(found) < len(keys):
        for key in keys:
            cache.add(key, secrets.token_urlsafe(6), KEPT_SECONDS)
        found = cache.get_many(keys)
        if len(found) < len(keys):
            return None
    slot = int(time() + user_id % REFRESH_SECONDS) // REFRESH_SECONDS  # not everybody's at the same second
    return ".".join((*(found[key] for key in keys), str(slot)))
