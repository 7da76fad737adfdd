"""What all parts of the state machine share: the people, the numbers they go by, and what is told to the oracle."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from accounts.models import User
from clips.models import Clip, ClipState
from clips.signals import clip_published
from feeds import fanout
from feeds.cursor import Cursor
from feeds.models import Activity

from ..oracle import CAPTIONS, COMMENTS, ClipNote, Person, RepostNote, World

NAMES = ("ana", "ben", "chloe", "dan", "eve", "finn")
WHO = st.integers(0, len(NAMES) - 1)
WHICH = st.integers(0, 30)  # a clip, a repost or a chunk, modulo how many there are
LIMIT = st.sampled_from([1, 1, 2, 3])
CAPTION = st.sampled_from(CAPTIONS)
COMMENT = st.sampled_from([None, *COMMENTS])
POLICY = st.sampled_from(["yes", "yes", "yes", "with_comment", "no"])
DAYS = st.sampled_from([None, None, 7, 30])  # how long a choice holds
PAIRS = [(one, other) for one in NAMES for other in NAMES if one != other]


@dataclass
class Session:
    """A viewer who pages: what they were served, and the cards that stayed at their place since the first page."""

    cursor: Cursor
    as_of: int  # length of the log when it began
    below: int
    steady: dict[int, int]
    served: list[int] = field(default_factory=list)


class Stage(RuleBasedStateMachine):
    """Everybody and everything by number; whoever is chosen but cannot act is replaced by the next who can."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.world = World({name: Person() for name in NAMES})
        User.objects.bulk_create(User(username=name) for name in NAMES)
        self.users = {user.username: user for user in User.objects.all()}
        self.ids = {name: user.pk for name, user in self.users.items()}
        self.names = {pk: name for name, pk in self.ids.items()}
        self.clip_ids: list[int] = []  # position: the oracle's number of the clip
        self.reposts: list[tuple[RepostNote, int]] = []  # with the row's id
        self.lines: dict[int, int] = {}  # activity id → number of the line
        self.bells: list[int] = []  # chunks that were rung for, done or not
        self.sessions: dict[str, Session] = {}
        self.patch = mock.patch.multiple(
            "feeds.bell", ring_chunk=self.bells.append, ring_planner=lambda: self.bells.extend(fanout.plan() or [])
        )
        self.patch.start()

    def settle(self) -> None:
        """What is checked at the end of every example."""

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # after a failure the first error is the one to read
                self.settle()
        finally:
            self.patch.stop()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- helpers

    def user(self, name: str) -> User:
        return self.users[name]

    def actor(self, number: int) -> str:
        active = [name for name in NAMES if self.world.people[name].active]
        return active[number % len(active)]

    def pair(self, one: int, other: int) -> tuple[str, str]:
        actor = self.actor(one)
        return actor, next(n for n in (NAMES * 2)[other:] if n != actor)

    @staticmethod
    def chosen(things: Any, number: int) -> Any:
        things = list(things)
        return things[number % len(things)]

    def clip(self, number: int) -> int:
        return number % len(self.clip_ids)

    def logged(self, actor: str, clip: int, repost: RepostNote | None) -> None:
        self.world.append(actor, clip, repost)
        newest = Activity.objects.order_by("-pk").values_list("pk", flat=True)[0]
        assert newest not in self.lines
        self.lines[newest] = len(self.world.log)

    def publish_now(self, author: str, *, for_followers: bool = False, policy: str = "yes", caption: str = "") -> None:
        clip = Clip.objects.create(
            caption=caption,
            author_id=self.ids[author],
            visibility="followers" if for_followers else "public",
            allow_reposts=policy,
            state=ClipState.READY,
            published_at=timezone.now(),
            duration_ms=9_000,
            original="originals/none/source",
        )
        clip_published.send(Clip, clip=clip)
        self.clip_ids.append(clip.pk)
        self.world.clips[len(self.clip_ids) - 1] = ClipNote(author, for_followers, policy, caption)
        self.logged(author, len(self.clip_ids) - 1, None)
