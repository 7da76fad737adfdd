"""Charts drawn by the server as small SVG pictures: no script, no style attribute, and a table beside each.

Here is only geometry, in the units of the picture's own viewBox; colours and fonts are in css/studio.css. In languages
that run from right to left time runs so as well: every x is mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi

WIDTH, HEIGHT = 360, 170
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 10, 24  # room for the numbers at the side and the labels below


@dataclass(frozen=True, slots=True)
class Point:
    """One value: `label` below it, `text` how it reads."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at the side with its line, or a label below."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its table. `key` makes the ids on the page; `bars` or `line` and `area` are drawn."""

    key: str
    title: str
    description: str
    heading: tuple[str, str]  # of the table's two columns
    points: list[Point]
    bars: list[Bar]
    line: str
    area: str
    marks: list[Mark]
    labels: list[Mark]
    axis: tuple[float, float]  # where the lines of the marks begin and end
    width: int = WIDTH
    height: int = HEIGHT


def nice(most: int) -> int:
    """The end of a scale: the next of 2, 4, 10, 20, 40, 100 … so that its half is a whole number as well."""
    step = 1
    while True:
        for factor in (2, 4, 10):
            if most <= factor * step:
                return factor * step
        step *= 10


def _mirrored(x: float, width: float = 0) -> float:
    return WIDTH - x - width if get_language_bidi() else x


def _scale(top: int, unit: str) -> tuple[list[Mark], tuple[float, float]]:
    edge = _mirrored(LEFT - 5)
    anchor = "start" if get_language_bidi() else "end"
    marks = [
        Mark(edge, round(_height(value, top), 1), number_format(value, force_grouping=True) + unit, anchor)
        for value in sorted({0, top // 2, top})
    ]
    return marks, (_mirrored(LEFT), _mirrored(WIDTH - RIGHT))


def _height(value: float, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def bar_chart(key: str, title: str, description: str, heading: tuple[str, str], points: Sequence[Point]) -> Chart:
    """A bar for each point, from the first to the last. Labels stand below the first, the middle and the last."""
    top = nice(max((point.value for point in points), default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    width = max(1.0, slot * 0.72)
    bars = []
    for number, point in enumerate(points):
        y = _height(point.value, top)
        x = _mirrored(LEFT + slot * number + (slot - width) / 2, width)
        bars.append(Bar(round(x, 1), round(y, 1), round(width, 1), round(HEIGHT - BOTTOM - y, 1), point.text))
    marks, axis = _scale(top, "")
    middles = [LEFT + slot * (number + 0.5) for number in range(len(points))]
    labels = _labels(points, middles)
    return Chart(key, title, description, heading, list(points), bars, "", "", marks, labels, axis)


def line_chart(key: str, title: str, description: str, heading: tuple[str, str], points: Sequence[Point]) -> Chart:
    """A line through points in percent, and the area below it."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)
    places = [LEFT + step * number for number in range(len(points))]
    dots = [
        (round(_mirrored(x), 1), round(_height(point.value, 100), 1)) for x, point in zip(places, points, strict=True)
    ]
    line = " ".join(f"{x},{y}" for x, y in dots)
    floor = HEIGHT - BOTTOM
    area = f"{dots[0][0]},{floor} {line} {dots[-1][0]},{floor}" if dots else ""
    marks, axis = _scale(100, " %")
    return Chart(key, title, description, heading, list(points), [], line, area, marks, _labels(points, places), axis)


def _labels(points: Sequence[Point], places: Sequence[float]) -> list[Mark]:
    """The labels of the first, the middle and the last point; the outer ones stay inside the picture."""
    if not points:
        return []
    last = len(points) - 1
    chosen = sorted({0, last // 2, last}) if last > 1 else [0]
    rtl = get_language_bidi()
    marks = []
    for number in chosen:
        anchor = "middle"
        if last and number in (0, last) and len(points) > 6:
            anchor = "start" if (number == 0) != rtl else "end"
        marks.append(Mark(round(_mirrored(places[number]), 1), HEIGHT - 7, points[number].label, anchor))
    return marks
