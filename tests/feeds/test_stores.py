"""The `sql` store against its protocol."""

import pytest

from feeds.models import FeedEntry
from feeds.stores import Entry, SqlFeedStore

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
store = SqlFeedStore()
ENTRIES = [Entry(activity_id, 100 + activity_id) for activity_id in (9, 7, 5, 3)]


@pytest.fixture(autouse=True)
def filled():
    store.fill(1, ENTRIES)
    store.fill(2, [Entry(8, 108)])


def test_a_window_is_newest_first_within_its_bounds():
    assert store.window(1, below=100, floor=0, limit=10) == ENTRIES
    assert store.window(1, below=9, floor=5, limit=10) == ENTRIES[1:3]
    assert store.window(1, below=100, floor=0, limit=2) == ENTRIES[:2]
    assert store.window(3, below=100, floor=0, limit=2) == []


def test_filling_again_adds_what_is_new_and_removes_nothing():
    store.fill(1, [Entry(9, 109), Entry(11, 111)])
    assert store.window(1, below=100, floor=0, limit=10) == [Entry(11, 111), *ENTRIES]


def test_the_edge_is_the_oldest_of_the_newest():
    assert store.edge(1, length=1) == 9
    assert store.edge(1, length=4) == 3
    assert store.edge(1, length=5) is None


def test_forgetting_and_dropping_touch_one_viewer():
    assert store.forget(1, below=7) == 2
    assert store.window(1, below=100, floor=0, limit=10) == ENTRIES[:2]
    assert store.forget(1, below=7) == 0
    store.drop([1])
    assert list(FeedEntry.objects.values_list("viewer_id", flat=True)) == [2]
