"""Keeping the index right: what receivers call, the sweep behind them, and making it all anew.

Receivers write in the transaction of the change. Rows that were written in bulk, past every signal, are found by the
hourly sweep; `manage.py rebuild_search --check` compares everything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Count, Exists, ExpressionWrapper, OuterRef

from accounts.models import Follow, User
from clips.models import Clip, ClipHashtag, Hashtag

from . import index
from .models import KINDS, Kind, SearchDocument

T = TypeVar("T")
SWEPT = 5_000  # rows of each kind that one sweep puts in or takes out


def keep_person(user: User) -> None:
    index.save(Kind.PERSON, [(user.pk, index.person_tokens(user.username, user.display_name))])


def keep_clip(clip: Clip) -> None:
    """Index the caption of a live clip. What is deleted or removed is hidden at once; its words go with the sweep."""
    if clip.is_live:
        index.save(Kind.CLIP, [(clip.pk, index.clip_tokens(clip.caption))])


def keep_tags(hashtag_ids: list[int]) -> None:
    index.save(Kind.TAG, expected(Kind.TAG, Hashtag.objects.filter(pk__in=hashtag_ids)))


def forget(kind: Kind, target_id: int) -> None:
    index.forget(kind, [target_id])


def _sources() -> dict[Kind, tuple[Any, Callable[..., str], tuple[str, ...]]]:
    """Per kind: the rows that belong into the index, what their document holds, and of which columns it is made."""
    clips = Clip.objects.filter(state="ready", deleted_at=None, removed_at=None)
    return {
        Kind.PERSON: (User.objects.all(), index.person_tokens, ("username", "display_name")),
        Kind.CLIP: (clips, index.clip_tokens, ("caption",)),
        Kind.TAG: (Hashtag.objects.all(), index.tag_tokens, ("name",)),
    }


def expected(kind: Kind, rows: Any = None) -> Iterator[tuple[int, str]]:
    """Target and words of every document that there should be, in the order of their ids."""
    source, make, columns = _sources()[kind]
    rows = source if rows is None else rows
    for pk, *values in rows.order_by("pk").values_list("pk", *columns).iterator(chunk_size=index.CHUNK):
        yield pk, make(*values)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def rebuild() -> int:
    """Make every document anew and take out what has no source. Returns how many documents there are."""
    for kind in _sources():
        for batch in _batches(expected(kind), index.CHUNK):
            index.save(kind, batch)
        _drop_orphans(kind, None)
    index.repair_storage()
    weigh()
    return SearchDocument.objects.count()


def differences() -> Iterator[str]:
    """What differs between the index and what it should hold, a line each. Changes nothing."""
    for kind in _sources():
        held = dict(SearchDocument.objects.filter(kind=kind).values_list("pk", "tokens"))
        for target_id, tokens in expected(kind):
            kept = held.pop(target_id * KINDS + kind, None)
            if kept is None:
                yield f"{kind.label} {target_id}: missing"
            elif kept != tokens:
                yield f"{kind.label} {target_id}: other words"
        yield from (f"{kind.label} {pk // KINDS}: should not be there" for pk in held)
    if index.storage_is_broken():
        yield "the database's part of the index does not agree with the documents"


def sweep() -> int:
    """Put in what is missing, take out what has no source, weigh people and tags. Returns how many changed."""
    changed = 0
    for kind, (source, _, _) in _sources().items():
        document = ExpressionWrapper(OuterRef("pk") * KINDS + kind.value, output_field=BigIntegerField())
        missing = source.filter(~Exists(SearchDocument.objects.filter(pk=document)))
        ids = list(missing.order_by("-pk").values_list("pk", flat=True)[:SWEPT])
        found = list(expected(kind, source.filter(pk__in=ids)))
        index.save(kind, found)
        changed += len(found) + _drop_orphans(kind, SWEPT)
    weigh()
    return changed


def _drop_orphans(kind: Kind, limit: int | None) -> int:
    source = _sources()[kind][0]
    target = ExpressionWrapper((OuterRef("pk") - kind.value) / KINDS, output_field=BigIntegerField())
    gone = SearchDocument.objects.filter(~Exists(source.filter(pk=target)), kind=kind).values_list("pk", flat=True)
    ids = list(gone[:limit] if limit else gone)
    for batch in _batches(ids, index.CHUNK):
        SearchDocument.objects.filter(pk__in=batch).delete()
    return len(ids)


def weigh() -> None:
    """Set the weight of people from their followers of now, that of tags from their clips of now."""
    followers = Follow.objects.accepted().values_list("followee").annotate(number=Count("pk")).order_by()
    index.set_weights(Kind.PERSON, {pk: weight_of(number) for pk, number in followers.iterator()})
    uses = ClipHashtag.objects.values_list("hashtag").annotate(number=Count("pk")).order_by()
    index.set_weights(Kind.TAG, {pk: weight_of(number) for pk, number in uses.iterator()})


def weight_of(number: int) -> int:
    """How well known: four steps for each doubling, so that one follower more rarely moves anybody."""
    return round(4 * math.log2(1 + number))
