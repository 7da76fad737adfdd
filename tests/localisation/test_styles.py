"""Styles are written for both directions: what has a left and a right is said by start and end."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|scroll-margin|scroll-padding)-(?:left|right)"
    r"|border-(?:left|right)(?:-(?:width|style|color))?"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|left|right)\s*:"
    r"|(?<![\w-])(?:text-align|float|clear|caption-side|resize)\s*:\s*(?:left|right)\b"
    r"|translateX\("
)
# Four values of which the second and the fourth differ: one of them is left, the other right.
_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-width|scroll-margin|scroll-padding)\s*:\s*([^;}]+)")
_VALUE = re.compile(r"(?:[\w-]+\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s()]+)")
_CORNERS = re.compile(r"(?<![\w-])border-radius\s*:\s*([^;}/]+)")


def physical(css: str) -> list[str]:
    """The declarations in `css` that would stay where they are when the page turns from right to left."""
    css = _COMMENT.sub("", css)
    found = [match[0].strip() for match in _PHYSICAL.finditer(css)]
    for match in _SIDES.finditer(css):
        values = _VALUE.findall(match[1])
        if len(values) == 4 and values[1] != values[3]:
            found.append(match[0].strip())
    for match in _CORNERS.finditer(css):
        corners = _VALUE.findall(match[1])
        if len(corners) in (2, 3, 4):
            top_left, top_right = corners[0], corners[1]
            bottom_right = corners[2] if len(corners) > 2 else top_left
            bottom_left = corners[3] if len(corners) > 3 else top_right
            if top_left != top_right or bottom_left != bottom_right:
                found.append(match[0].strip())
    return found


def test_styles_have_no_left_and_right():
    faults = [
        f"{path.name}: {declaration}"
        for path in sorted((settings.BASE_DIR / "static" / "css").rglob("*.css"))
        for declaration in physical(path.read_text(encoding="utf-8"))
    ]
    assert faults == [], "Say start and end, see `margin-inline-start`:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-left: 1rem }",
        "a { left: 0 }",
        "a { text-align: right }",
        "a { border-top-left-radius: 0 }",
        "a { transform: translateX(3px) }",
        "a { padding: 1px 2px 1px 4px }",
        "a { border-radius: 0.25rem 1rem 1rem }",
    ],
)
def test_left_and_right_are_found(css):
    assert physical(css)


@pytest.mark.parametrize(
    "css",
    [
        "a { margin-inline-start: 1rem; inset-inline-end: 0; text-align: start }",
        "a { padding: 1px 2px; border-radius: 1rem 1rem 0 0; inset: auto 0 0 }",
        "a { padding: var(--a) calc(1px + var(--b)) 0 calc(1px + var(--b)) } /* left: 0 */",
    ],
)
def test_start_and_end_pass(css):
    assert physical(css) == []
