"""Reading captions (WebVTT, SubRip) strictly and within bounds, and writing them in one normal form.

Kept are the times and the text with <b>, <i>, <u>; the name in a voice tag is put before the text. Everything else
that WebVTT knows goes: comments, styles, regions, positions, classes, ruby, timestamps inside a cue. What is written
is made from what was understood, so nothing that was not understood can reach a browser.
https://www.w3.org/TR/webvtt1/ (sections 4 and 6).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clips.exceptions import CaptionsRefused
from clips.text import clean_text

MAX_BYTES = 256 * 1024
MAX_CUES = 300  # a clip has at most 180 s: more than one every 0.6 s cannot be read, nor edited as a plain form
MAX_TEXT = 400  # characters of a cue
MAX_PROBLEMS = 20  # reported at once
SLACK_MS = 1_000  # a last cue may end that much after the clip: it is cut to the clip's end

_TIME = r"(?:([0-9]{1,3}):)?([0-5][0-9]):([0-5][0-9])[.,]([0-9]{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?", re.ASCII)
_TYPED = re.compile(
    r"(?:([0-9]{1,3}):)?([0-9]{1,4}):([0-5]?[0-9])(?:[.,]([0-9]{1,3}))?|([0-9]{1,5})(?:[.,]([0-9]{1,3}))?"
)
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_DROPPED = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_TAG = re.compile(r"<(/?)([A-Za-z0-9]*)([^<>]*)>")
_POSITION = re.compile(r"\{\\[^{}]*\}")  # SubRip files carry positions such as {\an8}
_KEPT = frozenset("biu")

Problem = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of captions from `start` to `end`, in milliseconds. `text` has <b> <i> <u> and is escaped otherwise."""

    start: int
    end: int
    text: str

    @property
    def typed(self) -> str:
        """The text as the editor shows it: the tags stay, the escapes do not."""
        return html.unescape(self.text)


def read(data: bytes, *, duration_ms: int) -> list[Cue]:
    """The cues of a WebVTT or SubRip file. Raises: CaptionsRefused with the faults by line."""
    if len(data) > MAX_BYTES:
        raise CaptionsRefused([(0, _("The file is larger than %(kilobytes)s kB.") % {"kilobytes": MAX_BYTES // 1024})])
    return parse(_decoded(data), duration_ms=duration_ms)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise CaptionsRefused([(0, _("The file is not text in UTF-8."))]) from None


def parse(text: str, *, duration_ms: int) -> list[Cue]:
    """The cues of a WebVTT or SubRip text. Raises: CaptionsRefused."""
    if len(text) > MAX_BYTES:
        raise CaptionsRefused([(0, _("The file is larger than %(kilobytes)s kB.") % {"kilobytes": MAX_BYTES // 1024})])
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_vtt = bool(_HEADER.fullmatch(lines[0]))
    if not is_vtt and not any(_TIMING.fullmatch(line) for line in lines[:12]):
        raise CaptionsRefused([(1, _("This is neither WebVTT nor SubRip: a WebVTT file begins with WEBVTT."))])
    problems: list[Problem] = []
    cues: list[tuple[int, Cue]] = []
    for number, block in _blocks(lines, skip_first=is_vtt):
        if _DROPPED.fullmatch(block[0]):
            continue
        found = _cue(number, block, problems)
        if found is not None:
            cues.append((number, found))
        if len(problems) >= MAX_PROBLEMS or len(cues) > MAX_CUES:
            break
    return checked(cues, duration_ms=duration_ms, problems=problems)


def _blocks(lines: list[str], *, skip_first: bool) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, lines) of each block between blank lines."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
            continue
        if block and not (skip_first and number - len(block) == 1):
            yield number - len(block), block
        block = []


def _cue(number: int, block: list[str], problems: list[Problem]) -> Cue | None:
    at = next((index for index in (0, 1) if index < len(block) and "-->" in block[index]), None)
    if at is None:
        problems.append((number, _("A time is missing here, such as 00:01.500 --> 00:04.000.")))
        return None
    match = _TIMING.fullmatch(block[at])
    if match is None:
        problems.append((number + at, _("This time cannot be read. Write it as 00:01.500 --> 00:04.000.")))
        return None
    parts = match.groups()
    return Cue(
        _milliseconds(*parts[:4]), _milliseconds(*parts[4:]), safe_text("\n".join(block[at + 1 :]), escaped=True)
    )


def _milliseconds(hours: str | None, minutes: str, seconds: str, thousandths: str | None) -> int:
    fraction = int((thousandths or "0").ljust(3, "0"))
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + fraction


def checked(cues: list[tuple[int, Cue]], *, duration_ms: int, problems: list[Problem]) -> list[Cue]:
    """The cues of (line, cue) if they are in order, within the clip and have text. Raises: CaptionsRefused."""
    kept: list[Cue] = []
    previous = 0
    for line, cue in cues:
        if fault := _fault(cue, previous, duration_ms):
            problems.append((line, fault))
        previous = max(previous, cue.start)
        kept.append(Cue(cue.start, min(cue.end, duration_ms), cue.text))
    if len(cues) > MAX_CUES:
        problems.append((0, _("A clip has at most %(most)s lines of captions.") % {"most": MAX_CUES}))
    elif not cues and not problems:
        problems.append((0, _("There is no line of captions in it.")))
    if problems:
        raise CaptionsRefused(sorted(problems)[:MAX_PROBLEMS])
    return kept


def _fault(cue: Cue, previous: int, duration_ms: int) -> str:
    """What is wrong with a cue, empty for nothing. `previous` is where the one before begins."""
    if cue.end <= cue.start:
        return _("It ends before it begins.")
    if cue.start < previous:
        return _("It begins before the line above: sort the lines by time.")
    if cue.start >= duration_ms or cue.end > duration_ms + SLACK_MS:
        return _("It is outside the clip, which ends at %(end)s.") % {"end": clock(duration_ms)}
    if not cue.text:
        return _("It has no text.")
    if len(cue.typed) > MAX_TEXT:
        return _("It has more than %(most)s characters.") % {"most": MAX_TEXT}
    return ""


def safe_text(text: str, *, escaped: bool) -> str:
    """A cue's text with balanced <b> <i> <u>, no other tag, and everything else escaped.

    `escaped`: the text comes from a file, where & < > are written as entities; else a person typed it."""
    open_tags: list[str] = []
    out: list[str] = []
    position = 0

    def plain(piece: str) -> str:
        piece = html.unescape(piece) if escaped else piece
        return html.escape(piece, quote=False)

    text = _POSITION.sub("", text)
    for match in _TAG.finditer(text):
        out.append(plain(text[position : match.start()]))
        position = match.end()
        closing, name, rest = match[1], match[2].lower(), match[3]
        if name in _KEPT:
            if not closing:
                open_tags.append(name)
                out.append(f"<{name}>")
            elif name in open_tags:
                while (last := open_tags.pop()) != name:
                    out.append(f"</{last}>")
                out.append(f"</{name}>")
        elif name == "v" and not closing and (speaker := clean_text(rest.partition(" ")[2])):
            out.append(plain(f"{speaker}: "))
        elif name == "br":
            out.append("\n")
        elif not name and not closing:
            out.append(plain(match.group()))  # "3 < 4 and 5 > 2" is no tag
    out.append(plain(text[position:]))
    out += [f"</{name}>" for name in reversed(open_tags)]
    lines = (line.strip() for line in clean_text("".join(out)).split("\n"))
    result = "\n".join(line for line in lines if line)
    return result if re.sub(r"</?[biu]>|\s", "", result) else ""


def moment(text: str) -> int | None:
    """A time as people type it (`1:02.5`, `62.5`, `00:01:02.500`) in milliseconds, None for what is no time."""
    match = _TYPED.fullmatch(text.strip()) if text.isascii() else None
    if match is None:
        return None
    hours, minutes, seconds, fraction, alone, alone_fraction = match.groups()
    if alone is not None:
        return _milliseconds(None, "0", alone, alone_fraction)
    return _milliseconds(hours, minutes, seconds, fraction)


def clock(ms: int) -> str:
    """A time as the editor and the file show it: `01:02.500`, with hours when there are any."""
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    short = f"{minutes:02}:{seconds:02}.{thousandths:03}"
    return f"{hours:02}:{short}" if hours else short


def write(cues: list[Cue]) -> str:
    """The cues as WebVTT."""
    blocks = (f"{clock(cue.start)} --> {clock(cue.end)}\n{cue.text}\n" for cue in cues)
    return "\n".join(["WEBVTT\n", *blocks])
