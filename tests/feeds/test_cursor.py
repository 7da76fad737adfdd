"""The opaque cursor: whatever was encoded comes back, and nothing else is taken."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.cursor import MAX_CURSOR_LENGTH, MAX_SERVED, BadCursor, Cursor

IDS = st.integers(0, 2**31)
CURSORS = st.builds(Cursor, IDS, IDS, st.lists(IDS, max_size=60, unique=True).map(tuple))


@given(CURSORS)
def test_a_cursor_comes_back(cursor):
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text):
    try:
        cursor = Cursor.decode(text)
    except BadCursor:
        pass
    else:  # by chance, or a changed pad: then it is a cursor
        assert Cursor.decode(cursor.encode()) == cursor


@given(CURSORS, st.data())
def test_a_cut_or_changed_cursor_is_refused_or_is_another_one(cursor, data):
    text = cursor.encode()
    at = data.draw(st.integers(0, len(text) - 1))
    for damaged in (text[:at], text[:at] + data.draw(st.characters()) + text[at + 1 :]):
        try:
            again = Cursor.decode(damaged)
        except BadCursor:
            continue
        assert max([again.as_of, again.below, *again.served]) < 2**63


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x01", b"\x02\x05\x05", b"\x01\x05", b"\x01\x05\x85", b"\x01" + b"\xff" * 12 + b"\x01", b"\x01" * 5_000],
)
def test_wrong_content_is_refused(raw):
    with pytest.raises(BadCursor):
        Cursor.decode(base64.urlsafe_b64encode(zlib.compress(raw)).decode())


def test_a_zip_bomb_is_not_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"\x01" * 4_000_000, 9)).decode()
    with pytest.raises(BadCursor):
        Cursor.decode(bomb[:MAX_CURSOR_LENGTH])
    with pytest.raises(BadCursor):
        Cursor.decode(bomb)


def test_the_longest_cursor_fits_a_request_line():
    """After the most clips that are remembered, with ids of a site of a thousand million clips."""
    served = range(1, 10**9, 10**9 // (2 * MAX_SERVED))
    cursor = Cursor(10**10, 10**10).advance(below=5, clip_ids=list(served))
    assert len(cursor.served) == MAX_SERVED
    text = cursor.encode()
    assert len(text) < MAX_CURSOR_LENGTH
    assert len(Cursor.decode(text).served) == MAX_SERVED


def test_a_page_adds_its_clips_and_moves_down():
    cursor = Cursor(50, 51).advance(below=40, clip_ids=[7, 3]).advance(below=30, clip_ids=[9])
    assert cursor == Cursor(50, 30, (7, 3, 9))


def test_the_first_served_are_the_first_forgotten():
    cursor = Cursor(50, 51).advance(below=40, clip_ids=[9_999, 1])
    cursor = Cursor.decode(cursor.encode()).advance(below=30, clip_ids=list(range(10, 10 + MAX_SERVED - 1)))
    assert cursor.served[:2] == (1, 10)
