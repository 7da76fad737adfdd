"""The opaque cursor of a feed: where the last page ended, in which snapshot, and what was served.

A page must neither repeat nor skip while activity arrives and edges change under it. `as_of` freezes which
activities may place a card; `below` is the place of the last card; `served` are the clips already handed out in
this session, so that a clip whose top reason is undone meanwhile does not come again further down.

Form: base64url(zlib(varints)), with a version byte: as_of, below, then the served ids in the order in which they were
served, as signed differences. A page adds one to three bytes a card; after MAX_SERVED clips the first are let go.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_SERVED = 1_500  # some 4 kB of cursor at worst: well below the 8 kB a request line may have
MAX_CURSOR_LENGTH = 8_000
_VERSION = 1
_MAX_ID = 2**63 - 1


class BadCursor(ValueError):
    """The cursor is not one of ours."""

    code = "bad_cursor"


@dataclass(frozen=True)
class Cursor:
    """`as_of`: newest activity id of the snapshot. `below`: the next card's place is below this id."""

    as_of: int
    below: int
    served: tuple[int, ...] = ()

    def advance(self, *, below: int, clip_ids: list[int]) -> Cursor:
        """The cursor after a page that ended at place `below` and showed `clip_ids`."""
        return Cursor(self.as_of, below, (*self.served, *clip_ids)[-MAX_SERVED:])

    def encode(self) -> str:
        """The cursor as URL-safe text."""
        numbers = [self.as_of, self.below]
        last = 0
        for clip_id in self.served:
            step = clip_id - last
            numbers.append(2 * step if step >= 0 else -2 * step - 1)  # the sign in the lowest bit keeps them short
            last = clip_id
        raw = bytes([_VERSION]) + b"".join(map(_varint, numbers))
        return base64.urlsafe_b64encode(zlib.compress(raw, 9)).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises: BadCursor."""
        if len(text) > MAX_CURSOR_LENGTH:
            raise BadCursor(_("The cursor is too long."))
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            unpacker = zlib.decompressobj()
            raw = unpacker.decompress(packed, 64_000)
            if unpacker.unconsumed_tail or not unpacker.eof or raw[:1] != bytes([_VERSION]):
                raise BadCursor(_("The cursor is damaged."))
            numbers = list(_numbers(raw[1:]))
        except (binascii.Error, zlib.error, ValueError, UnicodeEncodeError) as error:
            raise BadCursor(_("The cursor is damaged.")) from error
        if len(numbers) < 2 or len(numbers) > MAX_SERVED + 2:
            raise BadCursor(_("The cursor is damaged."))
        served: list[int] = []
        last = 0
        for step in numbers[2:]:
            last += step // 2 if step % 2 == 0 else -(step + 1) // 2
            served.append(last)
        if max([*numbers[:2], *served]) > _MAX_ID or min(served, default=0) < 0:
            raise BadCursor(_("The cursor is damaged."))
        return cls(numbers[0], numbers[1], tuple(served))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _numbers(raw: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            if shift > 63:
                raise ValueError("number too long")
        else:
            yield number
            number = shift = 0
    if shift:
        raise ValueError("cut off")
