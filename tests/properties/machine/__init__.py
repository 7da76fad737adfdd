"""The state machine behind the law of the feed: it drives the real services and tells the oracle what it did."""

from __future__ import annotations

from .clips import Clips
from .controls import Controls
from .people import People
from .reading import Reading
from .reposts import Reposts


class FeedLaw(People, Clips, Reposts, Controls, Reading):
    """All that people do, and all that happens to them."""
