"""Places in lists that are sorted by more than an id: opaque cursors, the same for pages and API."""

from __future__ import annotations

import base64
import binascii
import struct

from .exceptions import BadPlace

_MOST = 2**63 - 1


def encode(mark: str, *numbers: int) -> str:
    """A cursor for the list that `mark` (one character) names."""
    raw = mark.encode() + struct.pack(f">{len(numbers)}q", *numbers)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(mark: str, text: str, count: int) -> tuple[int, ...]:
    """The `count` numbers of a cursor of this list, none negative. Raises: BadPlace."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPlace from error
    if raw[:1] != mark.encode() or len(raw) != 1 + 8 * count:
        raise BadPlace
    numbers = struct.unpack(f">{count}q", raw[1:])
    if not all(0 <= number <= _MOST for number in numbers):
        raise BadPlace
    return numbers
