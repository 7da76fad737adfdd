"""What one searched for lately: kept for oneself, once each, removed, cleared and paused by oneself."""

from __future__ import annotations

import pytest

from feeds.search import recent
from feeds.search.models import RecentSearch
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def kept(user) -> list[str]:
    return [row.query for row in recent.recent(user)]


def test_the_newest_first_and_each_once(bob):
    for query in ("sea", "  Ana   B ", "SEA"):
        recent.remember(user=bob, query=query)
    assert kept(bob) == ["SEA", "Ana B"]


def test_the_oldest_go(bob):
    for number in range(recent.KEPT + 3):
        recent.remember(user=bob, query=f"q{number}")
    assert len(kept(bob)) == recent.KEPT
    assert kept(bob)[0] == f"q{recent.KEPT + 2}"


@pytest.mark.parametrize("query", ["", "  ", "\0", "\u200b"])
def test_nothing_to_keep(bob, query):
    assert recent.remember(user=bob, query=query) is None
    assert not RecentSearch.objects.exists()


@pytest.mark.parametrize("query", ["x" * 10_000, "ﷺ" * 200, "İ" * 100, "\u202eabc\ud800"])
def test_odd_ones_are_cut(bob, query):
    assert recent.remember(user=bob, query=query) is not None


def test_nothing_is_kept_while_paused(bob):
    recent.remember(user=bob, query="before")
    recent.set_paused(user=bob, paused=True)
    recent.set_paused(user=bob, paused=True)
    recent.remember(user=bob, query="meanwhile")
    assert kept(bob) == ["before"]
    recent.set_paused(user=bob, paused=False)
    recent.remember(user=bob, query="after")
    assert kept(bob) == ["after", "before"]


def test_only_ones_own_are_removed(bob):
    other = UserFactory()
    recent.remember(user=bob, query="mine")
    theirs = recent.remember(user=other, query="theirs")
    recent.remove(user=bob, search_id=theirs.pk)
    recent.clear(user=bob)
    assert kept(bob) == []
    assert kept(other) == ["theirs"]
