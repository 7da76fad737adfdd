"""Who follows, blocks and mutes whom, and what accounts become."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from accounts import services as accounts
from accounts.models import Follow, User
from feeds import upkeep

from ..oracle import Edge, MuteNote
from .base import CAPTION, COMMENT, DAYS, NAMES, PAIRS, WHICH, WHO, Stage


class People(Stage):
    @initialize(
        strangers=st.sets(st.sampled_from(PAIRS), min_size=6, max_size=22),
        private=st.sets(st.sampled_from(NAMES), max_size=1),
        authors=st.lists(st.tuples(WHO, CAPTION), min_size=3, max_size=6),
        taps=st.lists(st.tuples(WHO, WHICH, COMMENT), min_size=2, max_size=6),
        all_have_read=st.booleans(),
    )
    def begin(
        self,
        strangers: set[tuple[str, str]],
        private: set[str],
        authors: list[tuple[int, str]],
        taps: list[tuple[int, int, str | None]],
        all_have_read: bool,
    ) -> None:
        """Many follow many, so that there are hubs, splits and cards with several reasons."""
        edges = [pair for pair in PAIRS if pair not in strangers]
        self.world.edges = {pair: Edge(accepted=True) for pair in edges}
        Follow.objects.bulk_create(
            Follow(follower=self.user(one), followee=self.user(other), accepted_at=timezone.now())
            for one, other in edges
        )
        for author, caption in authors:
            self.publish_now(NAMES[author], caption=caption)
        for who, which, comment in taps:
            self.repost(who, which, comment, None, None)
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

    @rule(one=WHO, other=WHO, scope=st.sampled_from(["all", "reposts"]), days=DAYS | st.just(-1))
    def mute(self, one: int, other: int, scope: str, days: int | None) -> None:
        muter, muted = self.pair(one, other)
        until = None if days is None else timezone.now() + timedelta(days=days)
        accounts.mute_user(muter=self.user(muter), muted=self.user(muted), scope=scope, until=until)
        self.world.mutes[muter, muted] = MuteNote(everything=scope == "all", ends=self.world.in_days(days))

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
