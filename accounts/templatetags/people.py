"""Template filters for people."""

from __future__ import annotations

from django import template

from accounts import avatars
from accounts import text as text_rules

register = template.Library()


@register.filter
def avatar_url(name: str) -> str:
    """`{{ person.avatar|avatar_url }}`: the picture's address, empty for people without one."""
    return avatars.avatar_url(name)


@register.filter
def initial(name: str) -> str:
    """The letter that stands for a person without a picture."""
    return next((char.upper() for char in name if char.isalnum()), "·")


@register.filter
def isolated(text: str) -> str:
    """`{{ person.name|isolated }}` inside a sentence where there is no room for `<bdi>`: titles, labels, options."""
    return text_rules.isolated(text)
