"""Reposts: made, changed, taken back, their comments taken off."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from clips.models import Clip
from reposts import services as reposts
from reposts.exceptions import NotTheAuthor, RepostRefused
from reposts.models import Repost

from ..oracle import RepostNote
from .base import COMMENT, NAMES, WHICH, WHO, Stage


class Reposts(Stage):
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
