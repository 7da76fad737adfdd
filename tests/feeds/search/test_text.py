"""Words of names and captions, in every script, and that nothing of a query can be an operator."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.search.text import QUERY_WORDS, WORD_LENGTH, fold, query_words, squashed, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pélagie O'Neil", ["pelagie", "o", "neil"]),
        ("STRASSE Straße ｓｔｒａｓｓｅ", ["strasse"]),
        ("Łódź İstanbul Ørsted", ["lodz", "istanbul", "orsted"]),
        ("Ёлка й", ["елка", "и"]),
        ("Άνοιξη", ["ανοιξη"]),
        ("كِتَابٌ", ["كتاب"]),
        ("שָׁלוֹם", ["שלום"]),
        ("साँस लीजिए।", ["साँस", "लीजिए"]),  # vowel signs stay
        ("한국어", ["한국어"]),
        ("#lisboa @ana.b_c", ["lisboa", "ana", "b", "c"]),
        ("東京タ", ["東京", "京タ", "東", "京", "タ"]),
        ("ไทย", ["ไท", "ทย", "ไ", "ท", "ย"]),
        ("猫cat", ["猫", "cat"]),
        ("🌅🪼", ["🌅", "🪼"]),
        ("👨‍👩‍👧", ["👨", "👩", "👧"]),
        ("❤️", ["❤"]),
        ("...", []),
        ("", []),
    ],
)
def test_words(text, found):
    assert words(text) == found


def test_a_query_in_a_script_without_spaces_asks_for_pairs():
    assert query_words("東京タワー") == ["東京", "京タ", "タワ", "ワー"]
    assert query_words("東") == ["東"]
    assert set(query_words("京タワ")) <= set(words("東京タワー"))


def test_queries_are_cut():
    assert len(query_words(" ".join(f"w{number}" for number in range(50)))) == QUERY_WORDS
    assert query_words("x" * 10_000) == ["x" * WORD_LENGTH]


@pytest.mark.parametrize(
    "text", ['a" OR "b', "NEAR(a b)", "a* -b ^c", "col:a", "a & b | !c <-> d", "'; drop", "\0a\\'b"]
)
def test_operators_are_no_part_of_a_word(text):
    for word in query_words(text):
        assert not re.search(r"""[\s"'*:&|!<>()\\^\0-]""", word)


@given(st.text())
def test_whatever_is_typed_becomes_plain_words(text):
    for word in (*words(text), *query_words(text), *filter(None, [squashed(text)])):
        assert word
        assert not re.search(r"""[\s"'*:&|!<>()\\^\0-]""", word)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(categories=["L", "M", "N"]), min_size=1, max_size=20))
def test_every_text_is_found_by_itself(text):
    kept = words(text)
    assert all(any(word.startswith(asked) for word in kept) for asked in query_words(text))
