"""The caption editor as a plain form: rows of start, end and text, and buttons that add, split and delete a row.

Without scripts each button sends the form and gets it back changed; nothing is kept before Save. js/captions.js does
the same in the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from clips.exceptions import CaptionsRefused

from . import webvtt
from .webvtt import MAX_CUES, Cue

NEW_MS = 2_000  # length of an added line
OPERATIONS = ("add", "split", "delete")


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is shown and sent: texts, not yet judged. `error` is what was wrong with it."""

    start: str
    end: str
    text: str
    error: str = ""


def rows_of(cues: list[Cue]) -> list[Row]:
    return [Row(webvtt.clock(cue.start), webvtt.clock(cue.end), cue.typed) for cue in cues]


def rows_from(data: QueryDict) -> list[Row]:
    """The rows of a sent form: as many as all three columns have, one more than allowed at most."""
    columns = (data.getlist("start"), data.getlist("end"), data.getlist("text"))
    return [Row(start[:40], end[:40], text[: 4 * webvtt.MAX_TEXT]) for start, end, text in zip(*columns, strict=False)][
        : MAX_CUES + 1
    ]


def operate(rows: list[Row], command: str, *, duration_ms: int) -> list[Row] | None:
    """The rows after a button such as `split:3` (the fourth row); None for what is no button of ours.

    `add:-1` puts a line before all others."""
    name, _sep, place = command.partition(":")
    digits = place.removeprefix("-")
    if name not in OPERATIONS or not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        return None
    at = int(place)
    if not (-1 if name == "add" else 0) <= at < max(len(rows), 1):
        return None
    if name == "add":
        return [*rows[: at + 1], _between(rows, at, duration_ms), *rows[at + 1 :]]
    if at >= len(rows):
        return None
    if name == "delete":
        return [*rows[:at], *rows[at + 1 :]]
    return [*rows[:at], *_halves(rows[at]), *rows[at + 1 :]]


def _between(rows: list[Row], at: int, duration_ms: int) -> Row:
    """An empty row that begins where the row `at` ends, and ends before the next one begins."""
    start = webvtt.moment(rows[at].end) if 0 <= at < len(rows) else 0
    following = webvtt.moment(rows[at + 1].start) if at + 1 < len(rows) else duration_ms
    if start is None:
        return Row("", "", "")
    end = min(start + NEW_MS, duration_ms)
    if following is not None and start < following:
        end = min(end, following)
    return Row(webvtt.clock(start), webvtt.clock(end), "")


def _halves(row: Row) -> list[Row]:
    """The row cut in two: at the word nearest to its middle, the time in the same proportion."""
    cut = _cut(row.text)
    start, end = webvtt.moment(row.start), webvtt.moment(row.end)
    first, second = row.text[:cut].strip(), row.text[cut:].strip()
    if start is None or end is None or end <= start:
        return [replace(row, text=first), replace(row, text=second)]
    share = cut / len(row.text) if row.text else 0.5
    middle = webvtt.clock(start + round((end - start) * min(max(share, 0.2), 0.8)))
    return [Row(row.start, middle, first), Row(middle, row.end, second)]


def _cut(text: str) -> int:
    middle = len(text) // 2
    blanks = [index for index, char in enumerate(text) if char.isspace()]
    return min(blanks, key=lambda index: abs(index - middle)) if blanks else middle


def cues_from(rows: list[Row], *, duration_ms: int) -> list[Cue]:
    """The cues of the rows. Rows without any text and time are left out.

    Raises: CaptionsRefused with the faults by row, counted from 1."""
    cues: list[tuple[int, Cue]] = []
    problems: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        if not (row.start.strip() or row.end.strip() or row.text.strip()):
            continue
        start, end = webvtt.moment(row.start), webvtt.moment(row.end)
        if start is None or end is None:
            problems.append((number, _("Write times as minutes and seconds, such as 0:01.5.")))
            continue
        cues.append((number, Cue(start, end, webvtt.safe_text(row.text, escaped=False))))
    return webvtt.checked(cues, duration_ms=duration_ms, problems=problems)


def with_errors(rows: list[Row], refusal: CaptionsRefused) -> tuple[list[Row], list[str]]:
    """The rows with what is wrong in them, and what is wrong with the whole."""
    by_row = dict(reversed(refusal.problems))
    marked = [replace(row, error=by_row.get(number, "")) for number, row in enumerate(rows, start=1)]
    return marked, [sentence for number, sentence in refusal.problems if not 1 <= number <= len(rows)]
