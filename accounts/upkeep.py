"""What tidies itself in this app, every hour."""

from __future__ import annotations

import time

from . import security, sessions, throttle
from .models import ThrottleMark

MOST_MARKS = 10_000  # a run


def tidy() -> dict[str, int]:
    """Forget dead sessions, old log lines and throttles that are as good as new. Returns how many of each."""
    free = ThrottleMark.objects.filter(free_at__lt=int(time.time() * throttle.MICRO)).order_by("free_at")
    marks, _ = ThrottleMark.objects.filter(pk__in=list(free.values_list("pk", flat=True)[:MOST_MARKS])).delete()
    return {"sessions": sessions.forget_dead(), "events": security.forget_old(), "throttles": marks}
