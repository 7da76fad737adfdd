"""The state machine behind the law of the feed: it drives the real services and tells the oracle what it did."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts import services as accounts
from accounts.models import Follow, User
from clips import services as clips
from clips.models import Clip, ClipState
from clips.signals import clip_published
from feeds import audit, fanout, upkeep
from feeds.assembly import Page, following_page, new_cards
from feeds.cursor import Cursor
from feeds.for_you import for_you_page
from feeds.models import Activity, Fanout, FanoutChunk, FeedEntry, FeedState
from feeds.stores import SqlFeedStore
from reposts import services as reposts
from reposts.exceptions import NotTheAuthor, RepostRefused
from reposts.models import Repost

from .oracle import ClipNote, Edge, ExpectedCard, MuteNote, Person, RepostNote, Why, World

NAMES = ("ana", "ben", "chloe", "dan", "eve", "finn")
WHO = st.integers(0, len(NAMES) - 1)
WHICH = st.integers(0, 30)  # a clip, a repost or a chunk, modulo how many there are
LIMIT = st.sampled_from([1, 1, 2, 3])
COMMENT = st.sampled_from([None, "", "so good", "no"])
POLICY = st.sampled_from(["yes", "yes", "yes", "with_comment", "no"])
PAIRS = [(one, other) for one in NAMES for other in NAMES if one != other]


@dataclass
class Session:
    """A viewer who pages: what they were served, and the cards that stayed at their place since the first page."""

    cursor: Cursor
    as_of: int  # length of the log when it began
    below: int
    steady: dict[int, int]
    served: list[int] = field(default_factory=list)


class FeedLaw(RuleBasedStateMachine):
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

    def publish_now(self, author: str, *, for_followers: bool = False, policy: str = "yes") -> None:
        clip = Clip.objects.create(
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
        self.world.clips[len(self.clip_ids) - 1] = ClipNote(author, for_followers, policy)
        self.logged(author, len(self.clip_ids) - 1, None)

    # --- people and their edges

    @initialize(
        strangers=st.sets(st.sampled_from(PAIRS), min_size=6, max_size=22),
        private=st.sets(st.sampled_from(NAMES), max_size=1),
        authors=st.lists(WHO, min_size=3, max_size=6),
        taps=st.lists(st.tuples(WHO, WHICH), min_size=2, max_size=6),
        all_have_read=st.booleans(),
    )
    def begin(
        self,
        strangers: set[tuple[str, str]],
        private: set[str],
        authors: list[int],
        taps: list[tuple[int, int]],
        all_have_read: bool,
    ) -> None:
        """Many follow many, so that there are hubs, splits and cards with several reasons."""
        edges = [pair for pair in PAIRS if pair not in strangers]
        self.world.edges = {pair: Edge(accepted=True) for pair in edges}
        Follow.objects.bulk_create(
            Follow(follower=self.user(one), followee=self.user(other), accepted_at=timezone.now())
            for one, other in edges
        )
        for author in authors:
            self.publish_now(NAMES[author])
        for who, which in taps:
            self.repost(who, which, None, None, None)
        for name in private:
            self.set_private(NAMES.index(name), True)
        if all_have_read:
            for name in NAMES:
                upkeep.ready_state(self.user(name))

    @rule(one=WHO, other=WHO, show_reposts=st.sampled_from([None, None, True, False]))
    def follow(self, one: int, other: int, show_reposts: bool | None) -> None:
        follower, followee = self.pair(one, other)
        world = self.world
        visible = User.objects.visible_to(self.user(follower)).filter(pk=self.ids[followee]).first()
        assert (visible is not None) == (world.people[followee].active and not world.apart(follower, followee))
        if visible is None:
            return
        accounts.follow_user(follower=self.user(follower), followee=visible, show_reposts=show_reposts)
        edge = world.edges.setdefault((follower, followee), Edge(accepted=False))
        edge.accepted = edge.accepted or not world.people[followee].private
        if show_reposts is not None:
            edge.show_reposts = show_reposts

    @precondition(lambda self: self.world.edges)
    @rule(which=WHICH)
    def unfollow(self, which: int) -> None:
        follower, followee = self.chosen(self.world.edges, which)
        accounts.unfollow_user(follower=self.user(follower), followee=self.user(followee))
        del self.world.edges[follower, followee]

    @precondition(lambda self: any(person.private for person in self.world.people.values()))
    @rule(which=WHICH, other=WHO, accept=st.booleans())
    def answer_request(self, which: int, other: int, accept: bool) -> None:
        private = [name for name in NAMES if self.world.people[name].private]
        user, follower = self.chosen(private, which), NAMES[other]
        edge = self.world.edges.get((follower, user))
        if accept:
            try:
                accounts.accept_follow_request(user=self.user(user), follower=self.user(follower))
            except accounts.NotARequest:
                assert edge is None
            else:
                assert edge is not None
                edge.accepted = True
            return
        accounts.refuse_follow_request(user=self.user(user), follower=self.user(follower))
        if edge is not None and not edge.accepted:
            del self.world.edges[follower, user]

    @rule(one=WHO, other=WHO, scope=st.sampled_from(["all", "reposts"]), days=st.sampled_from([None, 1, -1]))
    def mute(self, one: int, other: int, scope: str, days: int | None) -> None:
        muter, muted = self.pair(one, other)
        until = None if days is None else timezone.now() + timedelta(days=days)
        accounts.mute_user(muter=self.user(muter), muted=self.user(muted), scope=scope, until=until)
        self.world.mutes[muter, muted] = MuteNote(everything=scope == "all", over=days == -1)

    @precondition(lambda self: self.world.mutes)
    @rule(which=WHICH)
    def unmute(self, which: int) -> None:
        muter, muted = self.chosen(self.world.mutes, which)
        accounts.unmute_user(muter=self.user(muter), muted=self.user(muted))
        del self.world.mutes[muter, muted]

    @rule(one=WHO, other=WHO)
    def block(self, one: int, other: int) -> None:
        blocker, blocked = self.pair(one, other)
        accounts.block_user(blocker=self.user(blocker), blocked=self.user(blocked))
        self.world.part(blocker, blocked)

    @precondition(lambda self: self.world.blocks)
    @rule(which=WHICH)
    def unblock(self, which: int) -> None:
        blocker, blocked = self.chosen(sorted(self.world.blocks), which)
        accounts.unblock_user(blocker=self.user(blocker), blocked=self.user(blocked))
        self.world.blocks.discard((blocker, blocked))

    @rule(who=WHO, private=st.booleans())
    def set_private(self, who: int, private: bool) -> None:
        name = self.actor(who)
        accounts.update_profile(user=self.user(name), is_private=private)
        if self.world.people[name].private and not private:
            self.world.open_account(name)
        self.world.people[name].private = private

    @rule(who=WHO, raised=st.booleans())
    def set_raise_watched(self, who: int, raised: bool) -> None:
        name = self.actor(who)
        accounts.update_profile(user=self.user(name), raise_watched=raised)
        self.world.people[name].raise_watched = raised

    @rule(who=WHO)
    def deactivate_or_bring_back(self, who: int) -> None:
        """One person at a time is deactivated; the next call brings them back."""
        away = next((name for name in NAMES if not self.world.people[name].active), None)
        name = away or NAMES[who]
        self.world.people[name].active = away is not None
        User.objects.filter(pk=self.ids[name]).update(is_active=away is not None)

    @rule(who=WHO)
    def fall_asleep_or_wake(self, who: int) -> None:
        user = self.user(NAMES[who])
        if user.is_dormant:
            accounts.note_seen(user=user)
            return
        User.objects.filter(pk=user.pk).update(last_seen_at=timezone.now() - timedelta(days=99))
        assert accounts.retire_dormant() == 1
        user.is_dormant = True

    # --- clips

    @rule(who=WHO, for_followers=st.booleans(), policy=POLICY)
    def publish(self, who: int, for_followers: bool, policy: str) -> None:
        self.publish_now(self.actor(who), for_followers=for_followers, policy=policy)

    @rule(which=WHICH, for_followers=st.booleans(), policy=POLICY)
    def change_clip(self, which: int, for_followers: bool, policy: str) -> None:
        note = self.world.clips[self.clip(which)]
        note.for_followers, note.policy = for_followers, policy
        clips.update_clip(
            clip=Clip.objects.get(pk=self.clip_ids[self.clip(which)]),
            visibility="followers" if for_followers else "public",
            allow_reposts=policy,
        )

    @rule(which=WHICH)
    def delete_clip(self, which: int) -> None:
        clips.delete_clip(clip=Clip.objects.get(pk=self.clip_ids[self.clip(which)]))
        self.world.clips[self.clip(which)].gone = True

    @rule(which=WHICH)
    def remove_or_restore_clip(self, which: int) -> None:
        note = self.world.clips[self.clip(which)]
        note.removed = not note.removed
        removed_at = timezone.now() if note.removed else None
        Clip.objects.filter(pk=self.clip_ids[self.clip(which)]).update(removed_at=removed_at)

    @rule(who=WHO, which=WHICH)
    def watch(self, who: int, which: int) -> None:
        viewer, number = self.actor(who), self.clip(which)
        clip = Clip.objects.visible_to(self.user(viewer)).filter(pk=self.clip_ids[number]).first()
        assert (clip is not None) == self.world.may_see(viewer, number)
        if clip is not None:
            clips.record_watch(viewer=self.user(viewer), clip=clip, ms=9_000)
            self.world.watched.setdefault((viewer, number), len(self.world.log))

    # --- reposts

    @rule(
        who=WHO,
        which=WHICH,
        comment=COMMENT,
        audience=st.sampled_from([None, "followers", "mutuals"]),
        via=st.none() | WHICH,
    )
    def repost(self, who: int, which: int, comment: str | None, audience: str | None, via: int | None) -> None:
        user, clip = self.actor(who), self.clip(which)
        standing = self.world.standing_repost(user, clip)
        text = comment if comment is not None else (standing.comment if standing else "")
        refusal = self.world.refusal(user, clip, text)
        parent = self.chosen(self.reposts, via) if via is not None and self.reposts else None
        credited = (
            parent is not None
            and parent[0].clip == clip
            and parent[0].user != user
            and self.world.may_see_repost(user, parent[0])
        )
        try:
            row, created = reposts.repost_clip(
                user=self.user(user),
                clip_id=self.clip_ids[clip],
                comment=comment,
                audience=audience,
                via_id=parent[1] if parent else None,
            )
        except Clip.DoesNotExist:
            assert refusal == "hidden"
            return
        except RepostRefused as error:
            refused = error.code
        else:
            refused = None
        assert refused == refusal
        if refused:
            return
        assert created == (standing is None)
        if standing is None:
            assert row.via_id == (parent[1] if parent and credited else None)
            standing = RepostNote(user, clip, text, mutuals_only=audience == "mutuals")
            self.reposts.append((standing, row.pk))
            self.logged(user, clip, standing)
            return
        if text != standing.comment:
            standing.comment, standing.detached = text, False
        if audience is not None:
            standing.mutuals_only = audience == "mutuals"

    @rule(who=WHO, which=WHICH, comment=COMMENT)
    def pass_on_what_one_reads(self, who: int, which: int, comment: str | None) -> None:
        """The usual way: a card of one's own feed, crediting who reposted it last."""
        feed = self.world.feed(self.actor(who))
        if not feed:
            return
        card = self.chosen(feed, which)
        by = [number for number, (note, _) in enumerate(self.reposts) if note.clip == card.clip]
        self.repost(who, card.clip, comment, None, by[-1] if by else None)

    @precondition(lambda self: self.reposts)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        standing_ones = [both for both in self.reposts if not both[0].undone]
        note, _ = self.chosen(standing_ones or self.reposts, which)
        standing = self.world.standing_repost(note.user, note.clip)
        undone = reposts.undo_repost(user=self.user(note.user), clip_id=self.clip_ids[note.clip])
        assert undone == (standing is not None)
        if standing is not None:
            standing.undone = True

    @precondition(lambda self: self.reposts)
    @rule(which=WHICH, who=st.none() | WHO)
    def detach(self, which: int, who: int | None) -> None:
        """By the clip's author (`who` is None) or by somebody."""
        note, pk = self.chosen(self.reposts, which)
        owner = self.world.clips[note.clip].author
        author = owner if who is None else NAMES[who]
        allowed = self.world.may_see_repost(author, note) or (author == owner and note.detached)
        try:
            reposts.detach_comment(author=self.user(author), repost_id=pk)
        except Repost.DoesNotExist:
            assert not allowed
        except NotTheAuthor:
            assert author != owner
        else:
            assert allowed
            assert author == owner
            note.detached = True

    # --- fan-out: late, twice, in any order, lost

    @rule()
    def plan(self) -> None:
        self.bells.extend(fanout.plan() or [])

    @precondition(lambda self: self.bells)
    @rule(which=WHICH)
    def deliver(self, which: int) -> None:
        fanout.deliver(chunk_id=self.chosen(self.bells, which))

    @rule()
    def workers_catch_up(self) -> None:
        self.plan()
        for chunk_id in self.bells:
            fanout.deliver(chunk_id=chunk_id)

    @precondition(lambda self: self.bells)
    @rule(which=WHICH)
    def claim_and_die(self, which: int) -> None:
        """A worker is killed between its statement and its commit: the claim stays, the rows do not."""
        chunk = FanoutChunk.objects.filter(pk=self.chosen(self.bells, which), done_at=None, lease_until=None)
        if not chunk.exists():
            return
        before = FeedEntry.objects.count()
        killed = mock.patch.object(SqlFeedStore, "deliver", side_effect=_written_then_killed(SqlFeedStore.deliver))
        with killed, contextlib.suppress(_KilledError):
            fanout.deliver(chunk_id=chunk.get().pk)
        assert FeedEntry.objects.count() == before
        assert not chunk.exists()

    @rule()
    def lose_bells(self) -> None:
        self.bells.clear()

    @rule()
    def sweep_after_a_while(self) -> None:
        past = timezone.now() - timedelta(minutes=2)
        FanoutChunk.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)
        FanoutChunk.objects.update(created_at=past)
        Activity.objects.update(created_at=past)
        fanout.sweep()

    @rule()
    def forget_finished(self) -> None:
        fanout.forget_finished(older_than=timedelta(0))

    @rule(who=WHO, lost=st.booleans())
    def spoil_store(self, who: int, lost: bool) -> None:
        if lost:
            upkeep.drop_stores(viewer_ids=[self.ids[NAMES[who]]])
        else:
            upkeep.mark_stale(viewer_id=self.ids[NAMES[who]])

    @rule()
    def trim(self) -> None:
        upkeep.trim_stores(viewer_ids=list(self.ids.values()))

    # --- reading

    def seen_as(self, page: Page) -> list[ExpectedCard]:
        return [
            ExpectedCard(
                self.clip_ids.index(card.clip_id),
                self.lines[card.place],
                tuple(Why(r.kind, self.names[r.user.id], r.comment) for r in card.reasons),
            )
            for card in page.cards
        ]

    def read_on(self, viewer: str, session: Session | None, limit: int) -> tuple[Session, bool]:
        """Read one page of the viewer's session, compare it, and say whether it was the last."""
        page = following_page(self.user(viewer), cursor=session.cursor if session else None, limit=limit)
        if session is None:
            now = len(self.world.log)
            steady = {card.clip: card.place for card in self.world.feed(viewer, now)}
            session = Session(Cursor(0, 0), as_of=now, below=now + 1, steady=steady)
        rest = [
            card
            for card in self.world.feed(viewer, session.as_of)
            if card.place < session.below and card.clip not in session.served
        ]
        shown = self.seen_as(page)
        assert shown == rest[:limit]
        assert (page.next is None) == (len(rest) <= limit)
        session.served += [card.clip for card in shown]
        assert len(set(session.served)) == len(session.served), "a clip came twice"
        if page.next is None:
            assert session.steady.keys() <= set(session.served), "a card that stayed at its place was skipped"
            return session, True
        session.cursor = Cursor.decode(page.next.encode())
        session.below = shown[-1].place
        return session, False

    @rule(who=WHO, limit=LIMIT)
    def start_reading(self, who: int, limit: int) -> None:
        viewer = self.actor(who)
        session, ended = self.read_on(viewer, None, limit)
        self.sessions.pop(viewer, None)
        if not ended:
            self.sessions[viewer] = session

    @precondition(lambda self: self.sessions)
    @rule(which=WHICH, limit=LIMIT)
    def continue_reading(self, which: int, limit: int) -> None:
        viewer = self.chosen(self.sessions, which)
        if self.read_on(viewer, self.sessions[viewer], limit)[1]:
            del self.sessions[viewer]

    @rule(who=WHO, limit=LIMIT)
    def read_all(self, who: int, limit: int) -> None:
        self.check_whole_feed(self.actor(who), limit)

    def check_whole_feed(self, viewer: str, limit: int) -> None:
        session, ended = self.read_on(viewer, None, limit)
        while not ended:
            session, ended = self.read_on(viewer, session, limit)
        assert session.served == [card.clip for card in self.world.feed(viewer)]

    @rule(who=WHO, back=st.integers(0, 6))
    def ask_for_new_cards(self, who: int, back: int) -> None:
        viewer = self.actor(who)
        ids = [0, *self.lines]
        since = ids[max(0, len(ids) - 1 - back)]
        newer = [card for card in self.world.feed(viewer) if card.place > self.lines.get(since, 0)]
        pill = new_cards(self.user(viewer), since=since)
        assert pill.count == len(newer)
        assert {person.username for person in pill.people} <= {card.why[0].who for card in newer}
        assert bool(pill.people) == bool(newer)

    @rule(who=WHO, limit=LIMIT)
    def read_for_you(self, who: int, limit: int) -> None:
        viewer = self.actor(who)
        served: list[int] = []
        page, whys = for_you_page(self.user(viewer), limit=limit)
        while True:
            assert len(whys) == len(page.cards)
            assert all(whys)
            served += [self.clip_ids.index(card.clip_id) for card in page.cards]
            if page.next is None:
                break
            page, whys = for_you_page(self.user(viewer), cursor=page.next, limit=limit)
        assert len(served) == len(set(served))
        assert set(served) == self.world.for_you(viewer)

    @invariant()
    def follow_what_stays(self) -> None:
        """Cards that move or vanish, even for a moment, are no longer ones that a session must show."""
        for viewer, session in list(self.sessions.items()):
            if not self.world.people[viewer].active:
                del self.sessions[viewer]
                continue
            places = {card.clip: card.place for card in self.world.feed(viewer, session.as_of)}
            session.steady = {c: place for c, place in session.steady.items() if places.get(c) == place}

    # --- the end of every example

    def settle(self) -> None:
        """Deliver everything; then pushed, rebuilt and pulled feeds are the same, and the audit finds nothing."""
        viewers = [name for name in NAMES if self.world.people[name].active]
        while self.run_everything():
            pass
        assert not Activity.objects.exclude(fanout=Fanout.PULL).filter(delivered_at=None).exists()
        self.check_counts()
        for viewer in viewers:
            self.check_whole_feed(viewer, 3)
        assert list(audit.differences()) == []
        one, other = (self.chosen(viewers, len(self.world.log) + number) for number in (0, 1))
        upkeep.drop_stores(viewer_ids=[self.ids[name] for name in (one, other)])
        self.check_whole_feed(one, 2)
        FeedEntry.objects.all().delete()
        FeedState.objects.update(floor=0)
        Activity.objects.update(fanout=Fanout.PULL, delivered_at=None)
        self.check_whole_feed(other, 2)

    def run_everything(self) -> bool:
        """What workers and sweeper do in time. False once there was nothing to do."""
        self.bells.clear()
        self.sweep_after_a_while()
        work = [*self.bells, *(fanout.plan() or [])]
        for chunk_id in work:
            fanout.deliver(chunk_id=chunk_id)
        return bool(work)

    def check_counts(self) -> None:
        counts = dict(Clip.objects.values_list("pk", "repost_count"))
        for number, pk in enumerate(self.clip_ids):
            live = sum(note.clip == number and not note.undone for note, _ in self.reposts)
            assert counts[pk] == live


class _KilledError(Exception):
    """Stands for SIGKILL: the transaction is rolled back."""


def _written_then_killed(deliver: Any) -> Any:
    def wrapped(chunk: FanoutChunk) -> int:
        deliver(SqlFeedStore(), chunk)
        raise _KilledError

    return wrapped
