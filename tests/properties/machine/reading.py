"""Pages of the feeds compared with the oracle, and what is checked at the end of every example."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from clips.models import Clip
from feeds import audit, fanout, upkeep
from feeds.assembly import Page, following_page, new_cards
from feeds.cursor import Cursor
from feeds.for_you import for_you_page
from feeds.models import Activity, Fanout, FeedEntry, FeedState

from ..oracle import ExpectedCard, Why
from .base import LIMIT, NAMES, WHICH, WHO, Session
from .delivery import Delivery


class Reading(Delivery):
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
