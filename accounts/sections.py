"""What an export consists of: every app registers the sections that it can tell a person about themselves.

A section becomes `data/<name>.json` in the ZIP, with its files beside it. Its rows are read one by one, so that an
export of any size takes little memory. The rules (docs/export.md): what the person put in is told in full; of other
people only what the person may see now, else the bare id of what it was about.

`tests/life/` walks all models and fails for one that refers to people and is neither in a section nor left out here
with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from .models import User


class StoredFile(NamedTuple):
    """A file that goes into the ZIP as `name`. One that is not there any more is passed by."""

    name: str
    path: Path


def _no_files(user: User) -> Iterator[StoredFile]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Section:
    """`rows(user)` yields JSON objects: text, numbers, truth, times (aware), dates, lists and objects of these.

    `columns` are the references to people that it tells about, such as `clips.Watch.viewer`."""

    name: str
    title: str | Promise
    rows: Callable[[User], Iterable[Mapping[str, Any]]]
    columns: frozenset[str]
    files: Callable[[User], Iterable[StoredFile]] = _no_files


_sections: dict[str, Section] = {}
_left_out: dict[str, str] = {}
FIRST = "account"


def register(
    name: str,
    title: str | Promise,
    rows: Callable[[User], Iterable[Mapping[str, Any]]],
    *,
    columns: Iterable[str],
    files: Callable[[User], Iterable[StoredFile]] = _no_files,
) -> None:
    """Called by apps when they are ready."""
    _sections[name] = Section(name, title, rows, frozenset(columns), files)


def leave_out(reasons: Mapping[str, str]) -> None:
    """References to people that are not the person's own data, each with the reason."""
    _left_out.update(reasons)


def sections() -> list[Section]:
    """All sections: the account first, the others by name."""
    return sorted(_sections.values(), key=lambda section: (section.name != FIRST, section.name))


def left_out() -> dict[str, str]:
    return dict(_left_out)


def seen(user: User, column: str) -> Exists:
    """Condition: `user` may see the person that `column` names now."""
    return Exists(User.objects.visible_to(user).filter(pk=OuterRef(column)))


def person_ref(other: User, is_seen: bool) -> dict[str, Any]:
    """Another person as an export names them: by the handle while the person may see them, else by the bare id."""
    return {"id": other.pk, "username": other.username} if is_seen else {"id": other.pk}
