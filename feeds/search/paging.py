"""Pages of ranked results: a short ranked head, then a tail in the order of the index, keyset by keyset.

The head is worked out again for every page from few proposals; the tail goes on below the last row shown. Proposals
that the viewer may not see are dropped and the page is refilled, so it says nothing about what is hidden.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.api.paging import BadPageCursor

from .index import Hit

ROUNDS = 8  # times that a page is refilled before it is handed out short
_FORM = re.compile(r"s([a-z])((?:\.\d{1,19}){4})")
_MAX = 2**63 - 1


class Cursor(NamedTuple):
    """Where the next page begins: after `shown` rows of the head, or, past it, below `weight` and `target_id`.

    `as_of` is the newest target that the head was made of. `kind` is a letter, so that one list's cursor is no
    other's."""

    kind: str
    shown: int = 0
    as_of: int = 0
    weight: int = 0
    target_id: int = 0

    @property
    def in_tail(self) -> bool:
        return self.target_id > 0

    def encode(self) -> str:
        text = ".".join([f"s{self.kind}", *(str(number) for number in self[1:])])
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, kind: str) -> Cursor:
        """Raises: BadPageCursor."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise BadPageCursor from error
        form = _FORM.fullmatch(raw)
        if form is None or form[1] != kind:
            raise BadPageCursor
        shown, as_of, weight, target_id = (int(number) for number in form[2].split(".")[1:])
        if max(shown, as_of, weight, target_id) > _MAX // 8:
            raise BadPageCursor
        return cls(kind, shown, as_of, weight, target_id)


@dataclass(frozen=True, slots=True)
class IdPage:
    ids: list[int]
    next: Cursor | None


def cut(
    cursor: Cursor,
    limit: int,
    *,
    head: Sequence[int],
    tail: Callable[[tuple[int, int] | None, int], list[Hit]],
    visible: Callable[[Sequence[int]], Collection[int]],
) -> IdPage:
    """One page of at most `limit` ids: what is left of `head` (ranked, visible), then the tail.

    `tail(below, limit)` proposes hits below a weight and id; `visible(ids)` returns those that may be seen."""
    rows: list[tuple[int, Cursor]] = []  # each with the cursor that goes on after it
    if not cursor.in_tail:
        for at, target_id in enumerate(head[cursor.shown : cursor.shown + limit + 1], start=cursor.shown + 1):
            rows.append((target_id, cursor._replace(shown=at)))
    shown_above = set(head)
    below = (cursor.weight, cursor.target_id) if cursor.in_tail else None
    size = max(50, 2 * limit)
    more = True
    for _ in range(ROUNDS):
        if len(rows) > limit or not more:
            break
        hits = tail(below, size)
        more = len(hits) == size
        seen = visible([hit.target_id for hit in hits if hit.target_id not in shown_above])
        for hit in hits:
            after = cursor._replace(weight=hit.weight, target_id=hit.target_id)
            if hit.target_id in seen:
                rows.append((hit.target_id, after))
        if hits:
            below = (hits[-1].weight, hits[-1].target_id)
    page = rows[:limit]
    if len(rows) > limit:
        return IdPage([pk for pk, _ in page], page[-1][1])
    if more and below is not None:  # cut short by ROUNDS
        return IdPage([pk for pk, _ in page], cursor._replace(weight=below[0], target_id=below[1]))
    return IdPage([pk for pk, _ in page], None)
