"""Finds words for people in templates that are not put through gettext.

What a template makes of a string is decided where it stands: in text, in an attribute that is read out or shown, or as
an argument of another template. Everything inside `{% translate %}` and `{% blocktranslate %}` is fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

# Attributes whose value a person sees or hears, beside every `data-…-text` that a script shows.
SPOKEN = {"aria-label", "aria-roledescription", "aria-valuetext", "aria-description", "title", "placeholder", "alt"}
SHOWN_META = {"description", "og:title", "og:description", "og:image:alt"}
UNSPOKEN_ELEMENTS = {"style", "script", "kbd", "code"}
# Names, and what is the same in every language.
ALLOWED = re.compile(r"\b(?:Reprise|API|UTC|MB|MP4|HD)\b")

_ATTRIBUTE = re.compile(r"[\w-]+=\"\"")  # of a fragment that stands inside a tag

_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}", re.DOTALL)
_BLOCK = re.compile(r"\{%\s*(blocktranslate|blocktrans)\b.*?\{%\s*end\1\s*%\}", re.DOTALL)
_CLASS_BLOCK = re.compile(r"\{%\s*block (?:page_class|body_class)\s*%\}.*?\{%\s*endblock[^%]*%\}", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TAG = re.compile(r"\{%\s*(\w+)(.*?)%\}", re.DOTALL)
_FALLBACK = re.compile(r"\|(?:default|default_if_none|yesno|add):(\"[^\"]*\"|'[^']*')")
_ARGUMENT = re.compile(r"\b\w+=(\"[^\"]*\"|'[^']*')")
_FALLBACK_IN_TAG = re.compile(r"\|(?:default|default_if_none|yesno):(\"[^\"]*\"|'[^']*')")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z] [a-z]")  # arguments such as `name="plus"` are no texts
_DATE = re.compile(r"\|(?:date|time):(\"[^\"]*\"|'[^']*')")
_PLAIN_FORMAT = re.compile(r"^.(?:c|U|T|[A-Z_]+_FORMAT).$")


class _Reader(HTMLParser):
    """Collects the texts and the spoken attributes of what is left once the template's own tags are gone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSPOKEN_ELEMENTS:
            self.inside.append(tag)
        given = {name: value or "" for name, value in attrs}
        for name, value in attrs:
            spoken = name in SPOKEN or (name.startswith("data-") and name.endswith("-text"))
            submit = name == "value" and given.get("type") in ("submit", "button")
            meta = tag == "meta" and name == "content"
            shown = meta and (given.get("name") in SHOWN_META or given.get("property") in SHOWN_META)
            if spoken or submit or shown:
                self.note(value or "")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.note(data)

    def note(self, text: str) -> None:
        if _WORD.search(ALLOWED.sub("", _ATTRIBUTE.sub("", text))):
            first = len(text) - len(text.lstrip())
            line = self.getpos()[0] + text.count("\n", 0, first)
            self.found.append((line, " ".join(text.split())))


def _keep_lines(text: str) -> str:
    return "\n" * text.count("\n")


def bare_strings(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string for people in a template's `source` that gettext does not see."""
    source = _COMMENT.sub(lambda match: _keep_lines(match[0]), source)
    source = _CLASS_BLOCK.sub(lambda match: _keep_lines(match[0]), source)
    for match in re.finditer(r"\|\s*pluralize\b", source):
        yield source.count("\n", 0, match.start()) + 1, "pluralize: use blocktranslate with count"
    for match in _DATE.finditer(source):
        if not _PLAIN_FORMAT.match(match[1]):
            yield source.count("\n", 0, match.start()) + 1, f"a date format of one language: {match[1]}"
    source = _BLOCK.sub(lambda match: _keep_lines(match[0]), source)
    for match in _TAG.finditer(source):
        if match[1] in ("include", "with", "firstof", "cycle"):
            texts = [found[1][1:-1] for found in _ARGUMENT.finditer(match[2])]
            texts += [found[1][1:-1] for found in _FALLBACK_IN_TAG.finditer(match[2])]
            for text in texts:
                if _SENTENCE.search(ALLOWED.sub("", text)):
                    yield source.count("\n", 0, match.start()) + 1, text
    source = _TAG.sub(lambda match: _keep_lines(match[0]), source)
    # A fallback stands where its variable stands: in a text it is a text.
    source = _VARIABLE.sub(lambda match: "".join(found[1][1:-1] for found in _FALLBACK.finditer(match[1])), source)
    reader = _Reader()
    reader.feed(source)
    reader.close()
    yield from reader.found


def faults_in(folder: Path) -> list[str]:
    """`path:line: text` for every bare string in the templates below `folder`."""
    return [
        f"{path.relative_to(folder)}:{line}: {text}"
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".txt")
        for line, text in bare_strings(path.read_text(encoding="utf-8"))
    ]
