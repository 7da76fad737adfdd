"""What the live channel answers: is there something new for this person? When it need not be asked: `feeds.marks`."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from clips.models import Clip

from . import assembly
from .notifications import selectors


@dataclass(frozen=True, slots=True)
class Answer:
    """`unseen`: lines of the notification list that are new. `new`: cards above the caller's page (capped).

    `clips`: the progress in percent of those of one's clips that are being prepared, by id."""

    unseen: int
    new: int
    clips: dict[int, int]


def answer(viewer: User, *, since: int | None) -> Answer:
    """Look everything up: 4 queries, a few more when there are new cards. `since`: `as_of` of the page on screen."""
    working = Clip.objects.in_processing().filter(author=viewer).order_by("pk").values_list("pk", "progress")
    return Answer(
        unseen=selectors.unseen_count(viewer),
        new=assembly.new_cards(viewer, since=since).count if since is not None else 0,
        clips=dict(working[: settings.UPLOADS_IN_PROCESSING]),
    )
