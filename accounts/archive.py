"""Writing an export: a ZIP of JSON, the person's files, and a page to read. Streams; holds one row at a time."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils import timezone

from .languages import speaking_to
from .models import User
from .sections import Section, StoredFile, sections

FORMAT, VERSION = "reprise-export", 1  # raised when a reader of the last one would misunderstand: docs/export.md
BLOCK = 2**20  # bytes copied at a time
ROWS_A_BEAT = 500  # rows between two signs of life
SHOWN_FILES = 2_000  # on the page; all of them are in the ZIP
_JSON = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS

Progress = Callable[[int], None]


@dataclass(slots=True)
class Written:
    """What the page and the manifest say about a section."""

    name: str
    title: str
    count: int = 0
    files: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"data/{self.name}.json"


def bytes_needed(user: User) -> int:
    """A close estimate of the size of the ZIP: videos do not get smaller, text does."""
    return sum(_size(file.path) for section in sections() for file in section.files(user)) + 2**20


def write(user: User, target: Path, *, total: int, progress: Progress) -> None:
    """Write the export of `user` to `target`. `progress(percent)` is called often and may raise to end the work.

    Raises: OSError, also for a full disk."""
    done = _Meter(total, progress)
    written: list[Written] = []
    with speaking_to(user), zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for section in sections():
            part = Written(section.name, str(section.title))
            _write_rows(archive, user, section, part, done)
            for file in section.files(user):
                if _write_file(archive, file, done):
                    part.files.append(file.name)
            written.append(part)
        made_at = timezone.now()
        context = {"person": user, "sections": written, "made_at": made_at, "shown": f":{SHOWN_FILES}"}
        _write_text(archive, "index.html", render_to_string("accounts/export/index.html", context).encode())
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": made_at,
            "person": {"id": user.pk, "username": user.username},
            "sections": [
                {
                    "name": part.name,
                    "title": part.title,
                    "path": part.path,
                    "count": part.count,
                    "files": len(part.files),
                }
                for part in written
            ],
        }
        _write_text(archive, "manifest.json", orjson.dumps(manifest, option=_JSON | orjson.OPT_INDENT_2))


class _Meter:
    """Turns bytes into percent."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.total, self.progress, self.done = max(total, 1), progress, 0

    def add(self, count: int) -> None:
        self.done += count
        self.progress(min(99, self.done * 100 // self.total))


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=time.gmtime()[:6])
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    return info


def _write_text(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), content)


def _write_rows(archive: zipfile.ZipFile, user: User, section: Section, part: Written, done: _Meter) -> None:
    head = {"format": FORMAT, "version": VERSION, "section": section.name}
    with archive.open(_entry(part.path, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as out:
        out.write(orjson.dumps(head)[:-1] + b',"items":[')
        for line in _lines(user, section):
            out.write((b",\n" if part.count else b"\n") + line)
            part.count += 1
            if part.count % ROWS_A_BEAT == 0:
                done.add(0)
        out.write(b"\n]}\n")
    done.add(0)


def _lines(user: User, section: Section) -> Iterator[bytes]:
    for row in section.rows(user):
        yield orjson.dumps(dict(row), option=_JSON, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON does not know: lazy texts, enums and the like, as text."""
    return str(value)


def _write_file(archive: zipfile.ZipFile, file: StoredFile, done: _Meter) -> bool:
    """False when the file is gone: it was deleted while the export was made."""
    try:
        source = file.path.open("rb")
    except FileNotFoundError:
        return False
    # Stored as it is: video and pictures are compressed already.
    with source, archive.open(_entry(file.name, zipfile.ZIP_STORED), "w", force_zip64=True) as out:
        while block := source.read(BLOCK):
            out.write(block)
            done.add(len(block))
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def room(folder: Path) -> int:
    """Free bytes on the disk of `folder`."""
    return shutil.disk_usage(folder).free
