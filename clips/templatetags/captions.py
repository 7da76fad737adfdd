"""Names and directions of languages, for caption menus."""

from __future__ import annotations

from django import template

from clips.captions import languages

register = template.Library()
register.filter("language_label", languages.label)
register.filter("language_direction", languages.direction)
