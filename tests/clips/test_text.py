"""Text that people type, of every kind."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clips.text import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  so good \n", "so good"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("trailing   \nblanks\t\n", "trailing\nblanks"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("evil\u202egnp.exe\u202c", "evilgnp.exe"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("cafe\u0301", "café"),
        ("e\u200b\u0301", "é"),
        ("half a pair \ud83d!", "half a pair !"),
        ("👩‍👩‍👧 🏳️‍🌈 می‌خواهم", "👩‍👩‍👧 🏳️‍🌈 می‌خواهم"),
        ("שלום مرحبا नमस्ते 日本語 ไทย", "שלום مرحبا नमस्ते 日本語 ไทย"),
        ("z" + "\u0300" * 40, "z" + "\u0300" * 4),
    ],
)
def test_what_is_kept(typed, kept):
    assert clean_text(typed) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    "nothing", ["", " ", "\n\t", "\u200d", "\u200b\u2060", "\u3164\u115f", "\u2800 \ufe0f", "\u0301"]
)
def test_text_without_anything_to_see_is_empty(nothing):
    assert clean_text(nothing) == ""


@given(st.text(st.characters(categories=None) | st.sampled_from("\n\r\t \u200b\u200d\u0301\u0327\u202e\u1100\u1161")))
def test_cleaning_is_done_once(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.normalize("NFC", once) == once
    assert "\x00" not in once
    once.encode("utf-8")
