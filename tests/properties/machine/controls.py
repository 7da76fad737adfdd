"""What people leave out of their feeds, and time, which ends some of it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from accounts import services as accounts
from accounts.exceptions import SelfEdge
from accounts.models import Mute
from clips.models import Clip
from feeds import controls
from feeds.exceptions import OwnControl
from feeds.models import ControlKind, FeedControl

from ..oracle import SAID_IN, MuteNote
from .base import DAYS, NAMES, WHICH, WHO, Stage

SETTINGS = ("raise_watched", "hide_reposted", "hide_watched", "hide_reposts_of_followed")
BY_PERSON = {"clips_by": controls.hide_clips_by, "reposts_of": controls.hide_reposts_of}


class Controls(Stage):
    def until(self, days: int | None) -> object:
        return None if days is None else timezone.now() + timedelta(days=days)

    @rule(who=WHO, name=st.sampled_from(SETTINGS), on=st.booleans())
    def change_feed_setting(self, who: int, name: str, on: bool) -> None:
        viewer = self.actor(who)
        accounts.update_profile(user=self.user(viewer), **{name: on})
        setattr(self.world.people[viewer], name, on)

    @rule(who=WHO, which=WHICH, days=DAYS)
    def hide_clip(self, who: int, which: int, days: int | None) -> None:
        viewer, clip = self.actor(who), self.clip(which)
        try:
            controls.hide_clip(viewer=self.user(viewer), clip_id=self.clip_ids[clip], until=self.until(days))
        except Clip.DoesNotExist:
            assert not self.world.may_see(viewer, clip)
        except OwnControl:
            assert self.world.clips[clip].author == viewer
        else:
            assert self.world.may_see(viewer, clip)
            self.world.controls[viewer, "clip", clip] = self.world.in_days(days)

    @rule(who=WHO, other=WHO, kind=st.sampled_from(sorted(BY_PERSON)), days=DAYS)
    def hide_by_person(self, who: int, other: int, kind: str, days: int | None) -> None:
        viewer, person = self.actor(who), NAMES[other]
        try:
            BY_PERSON[kind](viewer=self.user(viewer), person=self.user(person), until=self.until(days))
        except SelfEdge:
            assert person == viewer
        else:
            self.world.controls[viewer, kind, person] = self.world.in_days(days)

    @rule(one=WHO, other=WHO, days=DAYS)
    def hide_reposts_by(self, one: int, other: int, days: int | None) -> None:
        """A mute of reposts, which never makes less of a mute of everything."""
        viewer, person = self.pair(one, other)
        controls.hide_reposts_by(viewer=self.user(viewer), person=self.user(person), until=self.until(days))
        if not self.world.hushed(viewer, person, reposts=False):
            self.world.mutes[viewer, person] = MuteNote(everything=False, ends=self.world.in_days(days))

    @rule(one=WHO, other=WHO)
    def show_reposts_by(self, one: int, other: int) -> None:
        viewer, person = self.pair(one, other)
        controls.show_reposts_by(viewer=self.user(viewer), person=self.user(person))
        if (note := self.world.mutes.get((viewer, person))) and not note.everything:
            del self.world.mutes[viewer, person]
        if edge := self.world.edges.get((viewer, person)):
            edge.show_reposts = True

    @rule(who=WHO, words=st.sampled_from(sorted(SAID_IN)), days=DAYS)
    def hide_words(self, who: int, words: str, days: int | None) -> None:
        viewer = self.actor(who)
        controls.hide_words(viewer=self.user(viewer), text=words, until=self.until(days))
        self.world.controls[viewer, "words", words] = self.world.in_days(days)

    @rule(who=WHO, which=WHICH)
    def ask_for_fewer(self, who: int, which: int) -> None:
        """Changes the order of For You and nothing of what is in a feed."""
        viewer, clip = self.actor(who), self.clip(which)
        if self.world.may_see(viewer, clip) and self.world.clips[clip].author != viewer:
            controls.fewer_like(viewer=self.user(viewer), clip_id=self.clip_ids[clip])

    @precondition(lambda self: self.world.controls)
    @rule(which=WHICH, by_name=st.booleans())
    def take_back(self, which: int, by_name: bool) -> None:
        viewer, kind, what = found = self.chosen(self.world.controls, which)
        if by_name and kind == "words":
            controls.show_words(viewer=self.user(viewer), text=str(what).upper())
        elif by_name:
            on = {"clip_id": self.clip_ids[what]} if kind == "clip" else {"person": self.user(what)}
            controls.drop(viewer=self.user(viewer), kind=ControlKind(kind), **on)
        else:
            on = {"clip_id": self.clip_ids[what]} if kind == "clip" else {}
            on |= {"person": self.user(what)} if kind in BY_PERSON else {}
            on |= {"text": what} if kind == "words" else {}
            pk = FeedControl.objects.get(viewer=self.user(viewer), kind=kind, **on).pk
            other = next(name for name in NAMES if name != viewer)
            assert not controls.undo(viewer=self.user(other), reference=f"c{pk}")
            assert controls.undo(viewer=self.user(viewer), reference=f"c{pk}")
        del self.world.controls[found]

    @rule(days=st.sampled_from([1, 7, 30]))
    def days_pass(self, days: int) -> None:
        """Moves what is stored back instead of the clock, which is the database's own."""
        self.world.day += days
        for rows in (Mute.objects, FeedControl.objects):
            rows.filter(until__isnull=False).update(until=F("until") - timedelta(days=days))
