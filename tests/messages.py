"""Translations: `python -m tests.messages` brings locale/*/django.po and .mo in step with the code (`make messages`);
with `--check` it changes nothing and says what is missing, and exits 1 (`make check`).

Babel does the work, so no gettext tools are needed. Catalogues are sorted by their text and carry no places: two
branches that add strings seldom meet in a line.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "clips", "reposts", "orders", "feeds", "config")
LANGUAGES = ("ar",)  # beside English, which the code is written in
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")
# Dates and names that git knows better; they would differ in every branch.
UNUSED_HEADERS = (b'"Report-', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-', b'"Project-Id')
HEADER = "# Translations of Reprise. Made in step with the code by `make messages`."


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every file with strings for people, as Python that Babel can read."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt")):
        # Everything but the strings is blanked out; the indentation that is left means nothing.
        lines = templatize(path.read_text(), origin=str(path)).splitlines()
        yield path, "\n".join(line.strip() for line in lines).encode()


def template() -> Catalog:
    """What the code says now."""
    catalog = Catalog(project="Reprise", charset="utf-8")
    for path, code in sources():
        for _, message, comments, context in extract("python", io.BytesIO(code), KEYWORDS, ["Translators:"]):
            catalog.add(message, auto_comments=comments, context=context, locations=[(str(path.relative_to(ROOT)), 0)])
    return catalog


def folder(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


def load(language: str) -> Catalog:
    path = folder(language) / "django.po"
    if not path.exists():
        return Catalog(locale=language, project="Reprise", charset="utf-8", header_comment=HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """The catalogue of a language with the strings of now; what the code no longer says is dropped."""
    catalog = load(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def save(language: str, catalog: Catalog) -> None:
    folder(language).mkdir(parents=True, exist_ok=True)
    catalog.fuzzy = False
    text = io.BytesIO()
    write_po(text, catalog, no_location=True, sort_output=True, width=0, ignore_obsolete=True)
    kept = [line for line in text.getvalue().splitlines(keepends=True) if not line.startswith(UNUSED_HEADERS)]
    (folder(language) / "django.po").write_bytes(b"".join(kept))
    with (folder(language) / "django.mo").open("wb") as file:
        write_mo(file, catalog)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    """The English text; of a plural both forms, which come as a list."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def problems(language: str) -> list[str]:
    """What is wrong with a language: untranslated, outdated or broken strings, a `.mo` that is not the `.po`."""
    kept, wanted = load(language), template()
    have = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in kept}
    need = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in wanted}
    wrong = [f"not in the catalogue: {text!r}" for text, _ in sorted(need - have, key=str)]
    wrong += [f"no longer in the code: {text!r}" for text, _ in sorted(have - need, key=str)]
    for message in kept:
        if not message.id:
            continue
        texts = ids(message)
        if message.fuzzy or not all(forms(message)):
            wrong.append(f"not translated: {texts[0]!r}")
            continue
        # A form for one or two may say the number in words; no form may name what the code does not give.
        known = set().union(*map(placeholders, texts))
        if any(not placeholders(form) <= known for form in forms(message)) or (
            len(texts) == 1 and placeholders(forms(message)[0]) != known
        ):
            wrong.append(f"other placeholders than {sorted(known)}: {texts[0]!r}")
    with (folder(language) / "django.mo").open("rb") as file:
        compiled = {ids(message): forms(message) for message in read_mo(file) if message.id}
    if compiled != {ids(message): forms(message) for message in kept if message.id and all(forms(message))}:
        wrong.append("django.mo is not what django.po says: run `make messages`")
    return wrong


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        wrong = [f"locale/{language}: {line}" for language in LANGUAGES for line in problems(language)]
        print(
            "\n".join(wrong[:40] + [f"... and {len(wrong) - 40} more"] * (len(wrong) > 40)), end="\n" if wrong else ""
        )
        return bool(wrong)
    for language in LANGUAGES:
        catalog = update(language)
        save(language, catalog)
        missing = sum(1 for message in catalog if message.id and not all(forms(message)))
        print(f"{language}: {len(catalog)} strings, {missing} without translation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
