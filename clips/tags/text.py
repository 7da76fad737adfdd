"""Finding hashtags and mentions in a text, in any script.

A hashtag is `#` (or the fullwidth `＃`) and what follows it: letters, their marks and digits of any script, `_`, the
middle dots of Catalan and Japanese, and the joiners that Persian and Indic scripts need. It has at least one letter
and at most 64 characters. It does not begin within a word of a script that has cases (`C#dur`, `a.html#top`), but
scripts without spaces may go on right before it, and one tag may follow another.

Tags that look alike are one: names are compared after NFKC and case folding (Unicode's NFKC_Casefold), without
joiners and variation selectors, and with the Turkish İ folded to i. So `#Straße` is `#STRASSE`, `#ｔｏｋｙｏ` is
`#tokyo`. Marks count: `#sí` is not `#si`.

A mention is `@` (or `＠`) and a handle, not within a word or an e-mail address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ..models import HASHTAG_LENGTH

_SIGN = re.compile("[#＃@＠]")
_RUN = re.compile(rf"[^\s#＃@＠]{{1,{2 * HASHTAG_LENGTH}}}")
_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9._]{0,28}[a-z0-9_])?(?![a-z0-9_])", re.IGNORECASE | re.ASCII)
_INNER = frozenset("_\u00b7\u30fb\u200c\u200d")  # within a name, beside letters, marks and digits
_UNSEEN = {ord(char): None for char in "\u200c\u200d\ufe0e\ufe0f"}


class Pointer(NamedTuple):
    """Where a text points: `kind` is `hashtag` or `mention`, `name` the folded name or the handle.

    `start` and `end` are places in the text, the sign included."""

    kind: str
    name: str
    start: int
    end: int


def fold(name: str) -> str:
    """The one name of a hashtag, without its sign; empty when it is none."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).translate(_UNSEEN).casefold())
    folded = unicodedata.normalize("NFKC", folded.replace("i\u0307", "i"))
    letters = any(unicodedata.category(char)[0] == "L" for char in folded)
    good = letters and len(folded) <= HASHTAG_LENGTH and all(map(_belongs, folded))
    return folded if good else ""


def _belongs(char: str) -> bool:
    return char in _INNER or unicodedata.category(char)[0] in "LMN"


def _within_word(before: str) -> bool:
    """Whether a sign after `before` stands in a word, number, address or entity rather than begins something."""
    return before in "&/@＠._-" or unicodedata.category(before) in ("Lu", "Ll", "Lt", "Nd")


def pointers(text: str) -> Iterator[Pointer]:
    """Hashtags and mentions of `text`, in order. They do not overlap."""
    end = 0
    for sign in _SIGN.finditer(text):
        start = sign.start()
        if start < end or (start and start != end and _within_word(text[start - 1])):
            continue
        found = _hashtag(text, start) if sign[0] in "#＃" else _mention(text, start)
        if found:
            end = found.end
            yield found


def _hashtag(text: str, start: int) -> Pointer | None:
    run = _RUN.match(text, start + 1)
    if run is None:
        return None
    shown = run[0]
    length = next((place for place, char in enumerate(shown) if not _belongs(char)), len(shown))
    # Joiners and dots end no name: `#café·` is followed by a dot.
    shown = shown[:length].rstrip("\u00b7\u30fb\u200c\u200d")
    name = fold(shown)
    return Pointer("hashtag", name, start, start + 1 + len(shown)) if name else None


def _mention(text: str, start: int) -> Pointer | None:
    handle = _HANDLE.match(text, start + 1)
    if handle is None:
        return None
    after = text[handle.end() : handle.end() + 1]
    if after and (after in "@＠" or unicodedata.category(after) in ("Lu", "Ll", "Lt", "Mn")):
        return None
    return Pointer("mention", handle[0].lower(), start, handle.end())


def hashtags(text: str, *, limit: int) -> list[str]:
    """The folded names in `text`, each once, at most `limit`."""
    return _names(text, "hashtag", limit)


def mentions(text: str, *, limit: int) -> list[str]:
    """The handles in `text`, each once, at most `limit`."""
    return _names(text, "mention", limit)


def _names(text: str, kind: str, limit: int) -> list[str]:
    return list(dict.fromkeys(found.name for found in pointers(text) if found.kind == kind))[:limit]
