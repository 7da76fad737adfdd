"""Template filters for how numbers and times read on a card."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()

_STEPS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K"))


@register.filter
def count(number: int) -> str:
    """A count in at most four characters: 950, 1.2K, 34K, 5M. Cut, not rounded: nobody is shown more than there is."""
    for step, letter in _STEPS:
        if number >= step:
            tenths = number * 10 // step
            fraction = f".{tenths % 10}" if tenths < 100 and tenths % 10 else ""
            return f"{tenths // 10}{fraction}{letter}"
    return str(number)


@register.filter
def ago(at: datetime) -> str:
    """How long ago, short: now, 5 min, 3 h, 2 d, then the date. The full time belongs into `<time datetime>`."""
    seconds = (timezone.now() - at).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h"
    if seconds < 7 * 86_400:
        return f"{int(seconds // 86_400)} d"
    local = timezone.localtime(at)
    return date_format(local, "j M" if local.year == timezone.localtime().year else "j M Y")
