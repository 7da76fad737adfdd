"""Hashtags and mentions in texts of any script: what is one, where it ends, and which are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clips.models import HASHTAG_LENGTH
from clips.tags.text import fold, hashtags, mentions, pointers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Luz de #Lisboa.", ["lisboa"]),
        ("#Straße #STRASSE #strasse", ["strasse"]),
        ("#हिन्दी और #தமிழ்", ["हिन्दी", "தமிழ்"]),
        ("海です#海#空", ["海", "空"]),
        ("＃写真 と #ｔｏｋｙｏ", ["写真", "tokyo"]),
        ("#قالی‌باف", ["قالیباف"]),
        ("وسم#ليل", ["ليل"]),
        ("#İstanbul #istanbul #ISTANBUL", ["istanbul"]),
        ("#2026 #1 #a1", ["a1"]),
        ("#sí #si", ["sí", "si"]),
        ("#cafe\u0301 #café", ["café"]),
        ("#col·lecció!", ["col·lecció"]),
        ("#โคมลอย,", ["โคมลอย"]),
        ("#l'eau", ["l"]),
        ("C#dur, a.html#top, &#39; ##zwei", ["zwei"]),
        ("https://example.org/#anker", []),
        ("# leer #", []),
        ("#" + "x" * HASHTAG_LENGTH, ["x" * HASHTAG_LENGTH]),
        ("#" + "x" * (HASHTAG_LENGTH + 1), []),
        ("#\ufdfa", []),
        ("#\u200dx", ["x"]),
    ],
)
def test_hashtags(text, names):
    assert hashtags(text, limit=9) == names


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@ana look, @Ben.", ["ana", "ben"]),
        ("＠ana さん、@benさん", ["ana", "ben"]),
        ("me@example.org", []),
        ("@ana@example.org", []),
        ("@a.b_c_ (@d)", ["a.b_c_", "d"]),
        ("@anaé", []),
        ("@" + "a" * 30, ["a" * 30]),
        ("@" + "a" * 31, []),
        ("@ @@ana", []),
        ("@.ana", []),
    ],
)
def test_mentions(text, handles):
    assert mentions(text, limit=9) == handles


def test_each_is_named_once_and_not_more_than_asked():
    assert hashtags("#a #b #A #c", limit=2) == ["a", "b"]
    assert mentions("@a @b @A @c", limit=2) == ["a", "b"]


@given(st.text(alphabet=st.sampled_from("#＃@＠aßİ１٣ि\u0301\u200d·・_. \n海ك\ufdfa&/é"), max_size=40))
def test_what_is_found_stands_in_the_text_and_is_the_same_when_found_again(text):
    end = 0
    for found in pointers(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        shown = text[found.start : found.end]
        assert shown[0] in ("#＃" if found.kind == "hashtag" else "@＠")
        if found.kind == "hashtag":
            assert fold(shown[1:]) == found.name == fold(found.name)
            assert hashtags(f"#{found.name}", limit=1) == [found.name]


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(name):
    assert fold(fold(name)) == fold(name)
