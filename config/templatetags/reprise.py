"""Template filters for how numbers and times read on a card."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def count(number: int) -> str:
    """A count in at most four characters: 950, 1.2K, 34K, 5M. Cut, not rounded: nobody is shown more than there is."""
    for step, letter in (
        (1_000_000_000, pgettext("short for 1,000,000,000 after a number", "%(number)sB")),
        (1_000_000, pgettext("short for 1,000,000 after a number", "%(number)sM")),
        (1_000, pgettext("short for 1,000 after a number", "%(number)sK")),
    ):
        if number >= step:
            tenths = number * 10 // step
            exact = tenths < 100 and tenths % 10
            return letter % {"number": number_format(tenths / 10 if exact else tenths // 10, 1 if exact else 0)}
    return number_format(number)


@register.filter
def ago(at: datetime) -> str:
    """How long ago, short: now, 5 min, 3 h, 2 d, then the date. The full time belongs into `<time datetime>`."""
    seconds = (timezone.now() - at).total_seconds()
    if seconds < 60:
        return pgettext("a moment ago", "now")
    if seconds < 3600:
        return _("%(minutes)d min") % {"minutes": seconds // 60}
    if seconds < 86_400:
        return _("%(hours)d h") % {"hours": seconds // 3600}
    if seconds < 7 * 86_400:
        return _("%(days)d d") % {"days": seconds // 86_400}
    local = timezone.localtime(at)
    if local.year == timezone.localtime().year:
        return date_format(local, pgettext("a date of this year, as a date format", "j M"))
    return date_format(local, pgettext("a date of another year, as a date format", "j M Y"))
