"""Text that people type: any script, any emoji, but no characters that hide or break things."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import get_language_bidi

# Embedding, override and isolate controls can turn the text around them (CVE-2021-42574); a page isolates each
# text by `dir="auto"` and `<bdi>`, so nobody needs them inside. ZWJ and ZWNJ stay: emoji and scripts need them.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e"
_DROPPED = str.maketrans("", "", _BIDI_CONTROLS + _INVISIBLE)
_MANY_BREAKS = re.compile(r"\n{3,}")
# Letters and symbols that show nothing: Hangul fillers, the empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"))  # not "Cn": emoji newer than our tables
_MARKS_IN_A_ROW = 4  # enough for any living script; more is a tower that covers the lines around it


def clean_text(text: str) -> str:
    """NFC text without control, bidi-control and zero-width characters, towers of marks and outer blanks.

    Line breaks stay, at most two in a row. NUL and lone surrogates are dropped: databases refuse them.
    Text without anything to see is empty. Cleaning twice changes nothing more."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    # Normalised after dropping, which brings together what belongs together.
    text = unicodedata.normalize("NFC", "".join(char for char in text if not _is_control(char)))
    kept: list[str] = []
    marks = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS_IN_A_ROW:
                continue
        else:
            marks = 0
        kept.append(char)
    if not any(map(_shows, kept)):
        return ""
    lines = (line.rstrip() for line in "".join(kept).split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" and char not in "\n\t"


def _shows(char: str) -> bool:
    """Whether a reader sees something: no space, joiner, variation selector or filler."""
    return char not in _BLANKS and unicodedata.category(char) not in _UNSEEN


def clean_line(text: str) -> str:
    """`clean_text` on one line: breaks and runs of blanks become one space."""
    return " ".join(clean_text(text).split())


def isolated(text: str) -> str:
    """`text` for inside a sentence that is not HTML: its direction does not turn the words around it.

    Where `<bdi>` can stand, use that. A text that runs as the sentence does is left as it is."""
    turned = ("L",) if get_language_bidi() else ("R", "AL")
    if text.isascii() and "L" not in turned:  # most names, at once
        return text
    if any(unicodedata.bidirectional(char) in turned for char in text):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text
