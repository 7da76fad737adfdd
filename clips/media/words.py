"""What is said to people about a video that could not be taken, in their language."""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .limits import MediaError

# The part of a refusal that varies, as the jailed child says it, and the same for translators.
_DETAILS = tuple(
    (re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(text))), text)
    for text in (
        _("at most %(side)s a side, %(pixels)s in all"),
        _("%(found)s, at most %(most)s a side"),
        _("%(found)s, at least %(least)s a side"),
        _("%(found)s, at most %(most)s"),
        _("%(found)s, at least %(least)s"),
        _("at most %(most)s"),
        _("a photo"),
        _("over the limit"),
    )
)


def sentence(error: MediaError) -> str:
    """The plain sentence for `error` in the active language."""
    return gettext(error.sentences[error.code]).format(detail=detail(error.detail or "over the limit"))


def detail(text: str) -> str:
    """The varying part in the active language; what is a name (of a format, a codec) stays as it is."""
    for pattern, known in _DETAILS:
        if found := pattern.fullmatch(text):
            return gettext(known) % found.groupdict()
    return text
