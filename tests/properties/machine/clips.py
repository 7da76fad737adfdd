"""Clips: published, changed, watched, gone."""

from __future__ import annotations

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from clips import services as clips
from clips.models import Clip

from .base import CAPTION, POLICY, WHICH, WHO, Stage


class Clips(Stage):
    @rule(who=WHO, for_followers=st.booleans(), policy=POLICY, caption=CAPTION)
    def publish(self, who: int, for_followers: bool, policy: str, caption: str) -> None:
        self.publish_now(self.actor(who), for_followers=for_followers, policy=policy, caption=caption)

    @rule(which=WHICH, for_followers=st.booleans(), policy=POLICY, caption=CAPTION)
    def change_clip(self, which: int, for_followers: bool, policy: str, caption: str) -> None:
        note = self.world.clips[self.clip(which)]
        note.for_followers, note.policy, note.caption = for_followers, policy, caption
        clips.update_clip(
            clip=Clip.objects.get(pk=self.clip_ids[self.clip(which)]),
            visibility="followers" if for_followers else "public",
            allow_reposts=policy,
            caption=caption,
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
