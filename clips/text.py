"""Text that people type: any script, any emoji, but no characters that hide or break things."""

from __future__ import annotations

import re
import unicodedata

# Embedding, override and isolate controls can turn the text around them (CVE-2021-42574); a page isolates each
# text by `dir="auto"` and `<bdi>`, so nobody needs them inside. ZWJ and ZWNJ stay: emoji and scripts need them.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e"
_DROPPED = str.maketrans("", "", _BIDI_CONTROLS + _INVISIBLE)
_MANY_BREAKS = re.compile(r"\n{3,}")
_MARKS_IN_A_ROW = 4  # enough for any living script; more is a tower that covers the lines around it


def clean_text(text: str) -> str:
    """NFC text without control, bidi-control and zero-width characters, towers of marks and outer blanks.

    Line breaks stay, at most two in a row. NUL and lone surrogates are dropped: databases refuse them."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_DROPPED)
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category == "Cc" and char not in "\n\t":
            continue
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS_IN_A_ROW:
                continue
        else:
            marks = 0
        kept.append(char)
    lines = (line.rstrip() for line in "".join(kept).split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()
