"""Template filters for what people wrote."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clips.tags.text import pointers

register = template.Library()


@cache
def _prefixes(script_prefix: str) -> tuple[str, str]:
    """What the addresses of hashtags and of people begin with. Reversing each costs more than all else."""
    return (
        reverse("clips:hashtag", args=["x"]).removesuffix("x/"),
        reverse("accounts:profile", args=["x"]).removesuffix("x/"),
    )


@register.filter
def linked(text: str) -> SafeString:
    """`{{ clip.caption|linked }}`: the text as HTML, line breaks kept, hashtags and mentions as links.

    Everything but those links is escaped. Mentions link by their form alone: asking who exists would cost a query a
    text, and tell who has left."""
    tags, people = _prefixes(get_script_prefix())
    parts: list[str] = []
    end = 0
    for found in pointers(text):
        prefix = tags if found.kind == "hashtag" else people
        shown = text[found.start : found.end]
        parts.append(escape(text[end : found.start]))
        parts.append(f'<a class="{found.kind}" href="{prefix}{quote(found.name)}/">{escape(shown)}</a>')
        end = found.end
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 (every part was escaped above)
