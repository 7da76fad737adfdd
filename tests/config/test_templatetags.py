"""How numbers and times read on a card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from config.templatetags.reprise import ago, count


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (1_000, "1K"), (1_999, "1.9K"), (9_999, "9.9K"), (10_999, "10K"), (999_999, "999K"),
     (1_250_000, "1.2M"), (3_000_000_000, "3B")],
)  # fmt: skip
def test_counts_are_short_and_never_more_than_there_is(number, shown):
    assert count(number) == shown


@pytest.mark.parametrize(
    ("back", "shown"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=6, hours=23), "6 d"),
    ],
)
def test_times_are_short(back, shown):
    assert ago(timezone.now() - back) == shown


def test_old_times_are_dates():
    assert ago(datetime(2020, 2, 3, tzinfo=UTC)) == "3 Feb 2020"
