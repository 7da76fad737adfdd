"""Scripts hold no words for people: what they say is in `data-…-text` of the templates, see static/js/words.js."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

_COMMENT = re.compile(r"(?<![:\"'`\w])//[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
_SENTENCE = re.compile(r"^.[A-Z][\w’']*\W* [\w$]")  # a capital and a second word
# Where any literal with a word in it would be read or heard.
_SHOWN = re.compile(
    r"(?:textContent|innerText|title|ariaLabel|placeholder|alt)\s*=(?!=)|"
    r"setAttribute\(\"(?:aria-label|aria-valuetext|title|alt|placeholder)\",|"
    r"setCustomValidity\(|\b(?:toast|alert|confirm|announce)\("
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_CALL = re.compile(r"\b(?:words|say)\([^()]*\)|\$\{[^}]*\}|\{ error: true \}|=== \"[^\"]*\"")


def sentences(script: str) -> list[str]:
    """The literals in `script` that are words for people."""
    script = _COMMENT.sub("", script)
    found = [text for text in _TEXT.findall(script) if _SENTENCE.match(text)]
    for line in script.splitlines():
        if shown := _SHOWN.search(line):
            rest = _CALL.sub("", line[shown.end() :])
            found += [text for text in _TEXT.findall(rest) if _WORD.search(text) and text not in found]
    return found


def test_scripts_hold_no_words_for_people():
    faults = [
        f"{path.name}: {text}"
        for path in sorted((settings.BASE_DIR / "static" / "js").rglob("*.js"))
        for text in sentences(path.read_text(encoding="utf-8"))
    ]
    assert faults == [], "Take these from a data-…-text of the template:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    "script",
    [
        'showError("The file is empty.");',
        "say(`Uploading: ${percent} % of ${size}`);",
        'button.textContent = open ? "Less" : "More";',
        'tap.setAttribute("aria-label", "Play");',
        'field.setCustomValidity(used > limit ? `too long` : "");',
        'toast("nope", { error: true });',
    ],
)
def test_words_for_people_are_found(script):
    assert sentences(script)


@pytest.mark.parametrize(
    "script",
    [
        'button.textContent = words(open ? "less" : "more");',
        'toast(words("failed"), { error: true });',
        'box.className = error ? "toast toast--error" : "toast"; // The box at the foot of the page.',
        'fetch(url, { method: "POST", headers: { "X-Requested-With": "fetch" } });',
        'tap.setAttribute("aria-label", words(name === "playing" ? "pause" : "play"));',
        "output.textContent = `${used} / ${limit}`;",
    ],
)
def test_other_texts_pass(script):
    assert sentences(script) == []
