"""Feed stores: what was delivered to whom, as small integers. A store proposes; `feed_of` decides."""

from .protocol import Entry, FeedStore
from .sql import SqlFeedStore

__all__ = ["Entry", "FeedStore", "SqlFeedStore", "get_store"]


def get_store() -> FeedStore:
    """The store in use."""
    return SqlFeedStore()
