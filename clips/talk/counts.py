"""The counts of likes, comments and replies, counted again from their rows.

They are kept by the services that make and delete those rows. This finds what went wrong all the same (a row deleted
by hand, a restored backup), says so and puts it right. What counts: every like; every comment that is not deleted,
nor answers a deleted one. Rows count whatever became of their owner's account, as reposts and watches do.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Count

from ..models import Clip, Comment, CommentLike, Like

logger = logging.getLogger(__name__)
BATCH = 1_000  # rows with counts that are looked at in one go


class Drift(NamedTuple):
    """A count that differs from its rows: such as `clip 7 like_count: 12 stated, 11 counted`."""

    kind: str
    id: int
    field: str
    stated: int
    counted: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.field}: {self.stated} stated, {self.counted} counted"


def _totals(rows: models.QuerySet[Any], column: str, ids: list[int]) -> dict[int, int]:
    found = rows.filter(**{f"{column}__in": ids}).order_by().values(column).annotate(number=Count("pk"))
    return {row[column]: row["number"] for row in found}


def _clip_drift(ids: list[int]) -> list[Drift]:
    likes = _totals(Like.objects.all(), "clip", ids)
    comments = _totals(Comment.objects.standing(), "clip", ids)
    drifts = []
    for pk, like_count, comment_count in Clip.objects.filter(pk__in=ids).values_list(
        "pk", "like_count", "comment_count"
    ):
        drifts += _differing("clip", pk, "like_count", like_count, likes.get(pk, 0))
        drifts += _differing("clip", pk, "comment_count", comment_count, comments.get(pk, 0))
    return drifts


def _comment_drift(ids: list[int]) -> list[Drift]:
    likes = _totals(CommentLike.objects.all(), "comment", ids)
    replies = _totals(Comment.objects.filter(deleted_at=None), "parent", ids)
    drifts = []
    rows = Comment.objects.filter(pk__in=ids).values_list("pk", "like_count", "reply_count")
    for pk, like_count, reply_count in rows:
        drifts += _differing("comment", pk, "like_count", like_count, likes.get(pk, 0))
        drifts += _differing("comment", pk, "reply_count", reply_count, replies.get(pk, 0))
    return drifts


def _differing(kind: str, pk: int, field: str, stated: int, counted: int) -> list[Drift]:
    return [Drift(kind, pk, field, stated, counted)] if stated != counted else []


_KINDS: dict[str, tuple[type[Clip] | type[Comment], Any]] = {
    "clip": (Clip, _clip_drift),
    "comment": (Comment, _comment_drift),
}


def recount(kind: str, ids: Iterable[int]) -> list[Drift]:
    """Set the counts of these clips (`kind` "clip") or comments ("comment") to what their rows say.

    Their rows are locked first, so nothing comes or goes meanwhile. Returns what was put right."""
    model, drift_of = _KINDS[kind]
    ids = sorted(set(ids))
    with transaction.atomic():
        rows: models.QuerySet[Any] = model._default_manager.all()
        list(rows.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
        drifts: list[Drift] = drift_of(ids)
        for drift in drifts:
            rows.filter(pk=drift.id).update(**{drift.field: drift.counted})
    return drifts


def _batches(kind: str) -> Iterator[list[int]]:
    model, _ = _KINDS[kind]
    last = 0
    rows: models.QuerySet[Any] = model._default_manager.order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]


def audit(*, fix: bool) -> list[Drift]:
    """Compare all counts with their rows, and with `fix` put right what differs. Returns the differences.

    Looks without locks; what seems to differ is counted again under the lock, so work going on is no drift."""
    found: list[Drift] = []
    for kind, (_, drift_of) in _KINDS.items():
        for batch in _batches(kind):
            suspects: list[Drift] = drift_of(batch)
            if not suspects:
                continue
            ids = [drift.id for drift in suspects]
            found += recount(kind, ids) if fix else drift_of(ids)
    for drift in found:
        logger.warning("count drifted: %s", drift)
    return found
