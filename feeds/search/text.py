"""Words as the index keeps them: the same on every database, since no tokenizer of a database is asked.

- NFKC and case folding: Ｆｕｌｌ, FULL and full are one; ß is ss.
- Marks are dropped from Latin, Greek and Cyrillic letters, and from Hebrew and Arabic ones (points and harakat, which
  hardly anybody types). Other scripts keep theirs: they are vowels there.
- Scripts that write no spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) are cut into pairs of neighbouring characters,
  and each character alone. A query of two or more characters there asks for all its pairs.
- Letters, digits, marks and symbols (emoji) make words; everything else parts them. So no operator of a database's
  query language can be part of a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WORD_LENGTH = 32  # characters; a longer word is cut, in the index and in the query
QUERY_LENGTH = 100  # characters of a query that are read
QUERY_WORDS = 8  # words of a query that are asked for; further ones would only narrow what is next to nothing
DOCUMENT_WORDS = 600  # distinct words kept of a text: more than a caption of 2,200 characters has

_FOLDED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")
_SPACELESS = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
              (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))  # fmt: skip
# Latin letters whose stroke or ligature is no mark to Unicode: Łódź is found by "lodz", Ørsted by "orsted".
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})
# Emoji sequences are held together by joiners and selectors; each part is a word of its own.
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f\u0640")  # with the Arabic tatweel, which only stretches a word


def _is_spaceless(char: str) -> bool:
    code = ord(char)
    return code >= 0x0E00 and any(low <= code <= high for low, high in _SPACELESS)


def _is_symbol(char: str) -> bool:
    """Emoji and their like. Those newer than our tables have no category yet, but their place is known."""
    category = unicodedata.category(char)
    return (category in ("So", "Sk") and not char.isascii()) or (category == "Cn" and 0x1F000 <= ord(char) < 0x1FB00)


def _makes_words(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM" or _is_symbol(char)


@lru_cache(maxsize=4096)
def _drops_marks(char: str) -> bool:
    return unicodedata.name(char, "").startswith(_FOLDED_SCRIPTS)


def fold(text: str) -> str:
    """`text` in the one form in which words are compared. Never longer than four times the text; keeps blanks."""
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text.casefold()).translate(_PLAIN))
    kept: list[str] = []
    base_folds = False
    for char in text:
        if char in _JOINERS:
            continue
        if unicodedata.category(char) == "Mn":
            if base_folds:
                continue
        else:
            base_folds = _drops_marks(char)
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _runs(folded: str) -> Iterator[str]:
    """Words of folded text; a change between a script with spaces and one without, or to a symbol, parts them too."""
    run: list[str] = []
    kind = ""
    for char in folded:
        if not _makes_words(char):
            now = ""
        elif _is_symbol(char):
            now = "symbol"
        elif _is_spaceless(char):
            now = "spaceless"
        elif unicodedata.category(char)[0] == "M" and kind:
            now = kind  # a mark belongs to what it stands on
        else:
            now = "word"
        if run and (now != kind or now == "symbol"):
            yield "".join(run)
            run = []
        if now:
            run.append(char)
        kind = now
    if run:
        yield "".join(run)


def words(text: str) -> list[str]:
    """The distinct words of `text` for the index, in their order."""
    found: dict[str, None] = {}
    for run in _runs(fold(text)):
        if _is_spaceless(run[0]):
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
            found.update(dict.fromkeys(run))
        else:
            found[run[:WORD_LENGTH]] = None
        if len(found) >= DOCUMENT_WORDS:
            break
    return list(found)[:DOCUMENT_WORDS]


def query_words(text: str) -> list[str]:
    """What a query asks for: each of these must be the beginning of a word of the document. Empty: nothing to ask."""
    found: dict[str, None] = {}
    for run in _runs(fold(text[:QUERY_LENGTH])):
        if _is_spaceless(run[0]) and len(run) > 1:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
        else:
            found[run[:WORD_LENGTH]] = None
    return list(found)[:QUERY_WORDS]


def squashed(text: str) -> str:
    """A handle or tag as one word: `ana.b_c` and `Ana B c` are both `anabc`. At most WORD_LENGTH characters."""
    return "".join(_runs(fold(text)))[:WORD_LENGTH]
