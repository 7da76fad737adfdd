"""Language tags (BCP 47): which are acceptable, how they are written, what the languages call themselves."""

from __future__ import annotations

import re

from django.conf.locale import LANG_INFO

from clips.models import LANGUAGE_LENGTH

# RFC 5646, 2.1: language, script, region, variants. Extensions and private use say nothing to a player.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}|[a-z]{5,8})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"))
OFFERED = (
    "en", "ar", "bn", "cs", "de", "el", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "pt-BR",
    "ro", "ru", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip


def canonical(tag: str) -> str | None:
    """The tag in its usual writing (`pt-BR`, `zh-Hant`), None for what is no language tag."""
    match = _TAG.fullmatch(tag.strip().lower().replace("_", "-")) if len(tag) <= 2 * LANGUAGE_LENGTH else None
    if match is None or len(match.group()) > LANGUAGE_LENGTH:
        return None
    parts = [match["language"]]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + match["variants"]


def label(tag: str) -> str:
    """What the language calls itself, such as `Português (BR)`; the tag itself for one that we do not know."""
    lower = tag.lower()
    if info := LANG_INFO.get(lower):
        return _named(info, lower)
    language, _, rest = lower.partition("-")
    info = LANG_INFO.get(language)
    return f"{_named(info, language)} ({tag[len(language) + 1 :]})" if info and rest else tag


def _named(info: dict[str, str], fallback: str) -> str:
    if "fallback" in info:
        info = LANG_INFO.get(info["fallback"][0], {})
    name = info.get("name_local", fallback)
    return name[:1].upper() + name[1:]


def direction(tag: str) -> str:
    """`rtl` or `ltr`: how captions in this language run."""
    script = next((part for part in tag.split("-")[1:] if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    info = LANG_INFO.get(tag.partition("-")[0], {})
    return "rtl" if info.get("bidi") or tag.partition("-")[0] in ("ps", "sd", "yi", "dv") else "ltr"


def offered() -> list[tuple[str, str]]:
    """(tag, name) of the languages that the form suggests; any other can be typed."""
    return [(tag, label(tag)) for tag in OFFERED]
