"""What this app knows about a person, for export and erasure: what they passed on, and who passed on their clips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import erasure, sections
from accounts.models import User
from clips.life import clip_ref, seen

from .models import Arrival, Repost
from .services import recount_reposts


def _recount(clip_ids: list[int]) -> None:
    for clip_id in clip_ids:
        recount_reposts(clip_id=clip_id)


def erase_reposts(user: User) -> Iterator[None]:
    """The person's own: what went on from them stays, at its depth, and no longer says through whom. Then others'
    reposts of the person's clips: there is nothing left to pass on."""
    yield from erasure.delete_counted(Repost.objects.filter(user=user), "clip_id", _recount)
    yield from erasure.delete_all(Repost.objects.filter(clip__author=user))


def erase_arrivals(user: User) -> Iterator[None]:
    """Through whom the person came to clips."""
    yield from erasure.delete_all(Arrival.objects.filter(viewer=user))


def tell_reposts(user: User) -> Iterator[dict[str, Any]]:
    """Every repost, also those that were taken back."""
    rows = Repost.objects.filter(user=user).select_related("clip__author").annotate(is_seen=seen(user, "clip_id"))
    for repost in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {
            "id": repost.pk,
            "clip": clip_ref(repost.clip, repost.is_seen),
            "comment": repost.comment,
            "comment_detached_at": repost.comment_detached_at,
            "audience": repost.audience,
            "at": repost.created_at,
            "undone_at": repost.undone_at,
        }


def register() -> None:
    """Called once, when the app is ready."""
    sections.register("reposts", _("Reposts"), tell_reposts, columns=["reposts.Repost.user"])
    sections.leave_out({"reposts.Arrival.viewer": "repeats watches; the repost is its reposter's"})
    erasure.register("arrivals", erase_arrivals, columns=["reposts.Arrival.viewer"])
    erasure.register("reposts", erase_reposts, columns=["reposts.Repost.user"])
