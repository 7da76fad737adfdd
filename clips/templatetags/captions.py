"""What the menus of a player offer: languages by their names, and speeds."""

from __future__ import annotations

from django import template

from accounts.models import SPEEDS
from clips.captions import languages

register = template.Library()
register.filter("language_label", languages.label)
register.filter("language_direction", languages.direction)


@register.simple_tag
def playback_speeds() -> list[tuple[int, str]]:
    """(percent, as it is written) of every speed."""
    return [(percent, f"{percent / 100:g}×") for percent in SPEEDS]
