"""Composed reads on people that return ready data."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """A person as a card shows them: enough for a face, a name and a link."""

    id: int
    username: str
    display_name: str
    avatar: str

    @property
    def name(self) -> str:
        """What to call the person: the display name, else the handle."""
        return self.display_name or self.username
