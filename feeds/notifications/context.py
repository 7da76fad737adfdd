"""What every page shows of the notifications: the badge of the bell."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from feeds import marks

from .selectors import unseen_count, unseen_label


def badge(request: HttpRequest) -> dict[str, object]:
    """`unseen`: the text of the badge, looked up only where a page shows it."""
    return {"unseen": SimpleLazyObject(lambda: _label(request))}


def _label(request: HttpRequest) -> str:
    """From the cache while the marks say that nothing changed: 2 queries otherwise.

    Without marks every page would pay for it: there the number comes by the live channel alone."""
    user = request.user
    if not user.is_authenticated:
        return ""
    now = marks.marks(user.pk)
    if now is None:
        return ""
    key = f"live:unseen:{user.pk}"
    kept = cache.get(key)
    if kept is None or kept[0] != now:
        kept = (now, unseen_count(user))
        cache.set(key, kept, marks.REFRESH_SECONDS)
    return unseen_label(kept[1])
