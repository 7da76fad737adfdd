"""The law of the feed: whatever happens in whatever order, pages are what the oracle says.

`LAW_EXAMPLES` and `LAW_STEPS` make the search longer (`LAW_EXAMPLES=5000 LAW_STEPS=60 pytest tests/properties`).
"""

from __future__ import annotations

import gc
import inspect
import os
from functools import partialmethod
from typing import Any

import pytest
from django.db.models import Exists, Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RULE_MARKER, run_state_machine_as_test

from accounts.models import Mute, User
from accounts.prepared import Prepared
from feeds import querysets
from feeds.cursor import Cursor
from feeds.querysets import ActivityQuerySet, FeedControlQuerySet
from feeds.stores import SqlFeedStore

from .machine import FeedLaw

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "120"))
STEPS = int(os.environ.get("LAW_STEPS", "30"))
LIMITS = {"FANOUT_LIMIT": 4, "FANOUT_CHUNK": 2, "FEED_LENGTH": 4}  # six people meet hubs, splits and floors

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(0)]


@pytest.fixture(autouse=True)
def small_feeds(settings: Any) -> None:
    for name, value in LIMITS.items():
        setattr(settings, name, value)


def law(examples: int, **options: Any) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        **options,
    )


@pytest.mark.postgres
def test_pages_are_what_the_oracle_says() -> None:
    run_state_machine_as_test(FeedLaw, settings=law(EXAMPLES))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """For breaking a rule: prepared reads are built anew with the broken rule, and again without it afterwards."""
    for prepared in [thing for thing in gc.get_objects() if type(thing) is Prepared]:
        monkeypatch.setattr(prepared, "_compiled", {})
    return monkeypatch


def must_be_found(*rules: str, usual: tuple[str, ...] = ("read_all", "publish", "pass_on_what_one_reads")) -> None:
    """The machine, left with only a few of its rules so that it gets there soon, finds a feed that is wrong."""
    ours = {*usual, *rules}
    marked = {name: member for name, member in inspect.getmembers(FeedLaw) if hasattr(member, RULE_MARKER)}
    others = {name: partialmethod(member) for name, member in marked.items() if name not in ours}  # not rules any more
    assert len(others) > 20
    focused = type("Focused", (FeedLaw,), others)
    options = {"phases": [Phase.generate], "database": None, "derandomize": True, "report_multiple_bugs": False}
    with pytest.raises(AssertionError):
        run_state_machine_as_test(focused, settings=law(1_000, **options))


def test_the_machine_notices_a_feed_without_mutes(broken: pytest.MonkeyPatch) -> None:
    broken.setattr("feeds.querysets.muted", lambda *args, **kwargs: Exists(Mute.objects.none()))
    must_be_found("mute")


RULES_LEFT_OUT = {
    "words": ("hide_words",),
    "reposted": (),
    "watched": ("change_feed_setting", "watch"),
    "comment_words": ("hide_words", "repost"),
    "reposts_of": ("hide_by_person",),
    "followed_author": ("change_feed_setting",),
}


@pytest.mark.parametrize("name", RULES_LEFT_OUT)
def test_the_machine_notices_a_feed_without_one_of_its_rules(broken: pytest.MonkeyPatch, name: str) -> None:
    for rules in ("clip_rules", "repost_rules"):
        whole = getattr(querysets, rules)
        broken.setattr(
            f"feeds.querysets.{rules}",
            lambda *args, whole=whole: {key: rule for key, rule in whole(*args).items() if key != name},
        )
    must_be_found(*RULES_LEFT_OUT[name])


def test_the_machine_notices_choices_that_never_end(broken: pytest.MonkeyPatch) -> None:
    broken.setattr(FeedControlQuerySet, "active", lambda self: self)
    must_be_found("hide_clip", "hide_words", "days_pass")


def test_the_machine_notices_a_feed_without_its_pull_leg(broken: pytest.MonkeyPatch) -> None:
    broken.setattr(ActivityQuerySet, "undelivered", lambda self: self.filter(pk__lt=0))
    must_be_found("plan")


def test_the_machine_notices_follows_that_leave_stores_as_they_are(broken: pytest.MonkeyPatch) -> None:
    broken.setattr("feeds.upkeep.mark_stale", lambda *, viewer_id: None)
    must_be_found("follow", "unfollow", "workers_catch_up", "repost")


def test_the_machine_notices_reposts_to_mutuals_that_reach_followers(broken: pytest.MonkeyPatch) -> None:
    broken.setattr("reposts.querysets.followed_by", lambda viewer, column: Q(Exists(User.objects.all())))
    must_be_found("repost")


def test_the_machine_notices_sessions_that_forget_what_they_served(broken: pytest.MonkeyPatch) -> None:
    broken.setattr("feeds.assembly._after", lambda cursor, cards: Cursor(cursor.as_of, cards[-1].place))
    must_be_found("undo", "start_reading", "continue_reading", usual=("pass_on_what_one_reads",))


def test_the_machine_notices_a_trim_that_cuts_too_much(broken: pytest.MonkeyPatch) -> None:
    forget = SqlFeedStore.forget
    broken.setattr(SqlFeedStore, "forget", lambda self, viewer_id, *, below: forget(self, viewer_id, below=2**60))
    must_be_found("workers_catch_up", "trim")
