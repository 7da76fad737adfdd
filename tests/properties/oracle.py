"""What a Following feed must show, said once more from the design (3.1, 3.2) in plain Python.

Nothing of the project is imported. A `World` holds who follows, blocks and mutes whom, the clips, the reposts and
the log; time is the number of lines in the log. People and clips go by names and numbers of the test's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

# What people write here, and in which of it a hidden phrase is to be found: a table written by hand, not a matcher.
CAPTIONS = ("", "a cat at the window", "ＣＡＴ nap!", "concatenate", "我的猫很可爱", "Straße bei Nacht", "so\ngood 🎄")
COMMENTS = ("", "so good", "no", "Cats? No: CAT.", "STRASSE 🎄")
SAID_IN = {
    "Cat": {"a cat at the window", "ＣＡＴ nap!", "Cats? No: CAT."},
    "so good": {"so\ngood 🎄", "so good"},
    "猫": {"我的猫很可爱"},
    "strasse": {"Straße bei Nacht", "STRASSE 🎄"},
    "🎄": {"so\ngood 🎄", "STRASSE 🎄"},
    "NO": {"no", "Cats? No: CAT."},
    "nap cat": set[str](),
}


@dataclass
class Person:
    private: bool = False
    active: bool = True
    raise_watched: bool = False
    hide_reposted: bool = True
    hide_watched: bool = False
    hide_reposts_of_followed: bool = False


@dataclass
class Edge:
    accepted: bool
    show_reposts: bool = True


@dataclass
class MuteNote:
    everything: bool  # else only the reposts
    ends: int | None  # the day on which it is over


@dataclass
class ClipNote:
    author: str
    for_followers: bool = False
    policy: str = "yes"  # "with_comment", "no"
    caption: str = ""
    gone: bool = False  # deleted by the author
    removed: bool = False  # by a moderator


@dataclass
class RepostNote:
    user: str
    clip: int
    comment: str
    mutuals_only: bool
    detached: bool = False
    undone: bool = False


@dataclass
class Line:
    """One line of the log. `repost` is None for a publication."""

    number: int
    actor: str
    clip: int
    repost: RepostNote | None


class Why(NamedTuple):
    """A reason as the viewer reads it."""

    kind: str
    who: str
    comment: str


class ExpectedCard(NamedTuple):
    clip: int
    place: int
    why: tuple[Why, ...]


@dataclass
class World:
    people: dict[str, Person]
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    mutes: dict[tuple[str, str], MuteNote] = field(default_factory=dict)
    # Who leaves out what: (viewer, kind, clip or person or words) → the day on which that is over, None for never.
    controls: dict[tuple[str, str, int | str], int | None] = field(default_factory=dict)
    day: int = 0
    clips: dict[int, ClipNote] = field(default_factory=dict)
    log: list[Line] = field(default_factory=list)
    watched: dict[tuple[str, int], int] = field(default_factory=dict)  # → length of the log then

    # --- time

    def in_days(self, days: int | None) -> int | None:
        return None if days is None else self.day + days

    def is_over(self, ends: int | None) -> bool:
        return ends is not None and ends <= self.day

    # --- who may see what

    def follows(self, one: str, other: str) -> bool:
        edge = self.edges.get((one, other))
        return edge is not None and edge.accepted

    def apart(self, one: str, other: str) -> bool:
        """A block stands between them."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def hushed(self, viewer: str, other: str, *, reposts: bool) -> bool:
        note = self.mutes.get((viewer, other))
        return note is not None and not self.is_over(note.ends) and (note.everything or reposts)

    def may_see(self, viewer: str, clip: int) -> bool:
        """Whether the clip's page opens for the viewer."""
        note = self.clips[clip]
        author = self.people[note.author]
        if note.gone or note.removed or not author.active:
            return False
        if viewer == note.author:
            return True
        if self.apart(viewer, note.author):
            return False
        limited = note.for_followers or author.private
        return not limited or self.follows(viewer, note.author)

    def stands(self, repost: RepostNote) -> bool:
        """Neither taken back nor forbidden by what the clip's author wants today."""
        if repost.undone or not self.people[repost.user].active:
            return False
        policy = self.clips[repost.clip].policy
        if policy == "with_comment":
            return repost.comment != "" and not repost.detached
        return policy == "yes"

    def may_see_repost(self, viewer: str, repost: RepostNote) -> bool:
        if not self.stands(repost) or not self.may_see(viewer, repost.clip):
            return False
        if viewer == repost.user:
            return True
        if self.apart(viewer, repost.user):
            return False
        if self.follows(viewer, repost.user) and (not repost.mutuals_only or self.follows(repost.user, viewer)):
            return True
        is_author = viewer == self.clips[repost.clip].author
        return is_author and not repost.mutuals_only and not self.people[repost.user].private

    # --- what they do not want to see

    def leaves_out(self, viewer: str, kind: str, what: int | str) -> bool:
        found = (viewer, kind, what)
        return found in self.controls and not self.is_over(self.controls[found])

    def reads_hidden_words(self, viewer: str, text: str) -> bool:
        return any(self.leaves_out(viewer, "words", words) and text in texts for words, texts in SAID_IN.items())

    def wants(self, viewer: str, clip: int) -> bool:
        """Whether the clip may come into any feed of the viewer, whoever passes it on."""
        note, choices = self.clips[clip], self.people[viewer]
        return not (
            viewer == note.author
            or self.hushed(viewer, note.author, reposts=False)
            or self.leaves_out(viewer, "clip", clip)
            or self.leaves_out(viewer, "clips_by", note.author)
            or self.reads_hidden_words(viewer, note.caption)
            or (choices.hide_reposted and self.standing_repost(viewer, clip) is not None)
            or (choices.hide_watched and (viewer, clip) in self.watched)
        )

    # --- the feed

    def counts(self, viewer: str, line: Line) -> bool:
        """Whether this line of the log is a reason in the viewer's feed."""
        author = self.clips[line.clip].author
        edge = self.edges.get((viewer, line.actor))
        if edge is None or not edge.accepted or not self.may_see(viewer, line.clip):
            return False
        if not self.wants(viewer, line.clip):
            return False
        if line.repost is None:
            return not self.hushed(viewer, line.actor, reposts=False)
        return (
            edge.show_reposts
            and not self.hushed(viewer, line.actor, reposts=True)
            and not self.leaves_out(viewer, "reposts_of", author)
            and (line.repost.detached or not self.reads_hidden_words(viewer, line.repost.comment))
            and not (self.people[viewer].hide_reposts_of_followed and self.follows(viewer, author))
            and self.may_see_repost(viewer, line.repost)
        )

    def place(self, viewer: str, clip: int, lines: list[Line], as_of: int) -> int | None:
        """Where a card with these reasons stands for a reader whose session began at `as_of`.

        At its newest reason of that time. But what was watched stays where it stood then, or if it came to the feed
        only afterwards, where it came in first."""
        numbers = sorted(line.number for line in lines)
        seen = self.watched.get((viewer, clip))
        if seen is not None and not self.people[viewer].raise_watched:
            then = [number for number in numbers if number <= seen and number <= as_of]
            numbers = then or numbers[:1]
        shown = [number for number in numbers if number <= as_of]
        return shown[-1] if shown else None

    def feed(self, viewer: str, as_of: int | None = None) -> list[ExpectedCard]:
        """The whole feed, top first: one card a clip, each with all its reasons, newest first."""
        as_of = len(self.log) if as_of is None else as_of
        cards = []
        for clip in self.clips:
            lines = [line for line in reversed(self.log) if line.clip == clip and self.counts(viewer, line)]
            place = self.place(viewer, clip, lines, as_of)
            if place is not None:
                cards.append(ExpectedCard(clip, place, tuple(self.why(line) for line in lines)))
        return sorted(cards, key=lambda card: -card.place)

    @staticmethod
    def why(line: Line) -> Why:
        if line.repost is None:
            return Why("publish", line.actor, "")
        return Why("repost", line.actor, "" if line.repost.detached else line.repost.comment)

    def refusal(self, user: str, clip: int, comment: str) -> str | None:
        """Why `user` may not repost the clip with this comment; None when they may."""
        note = self.clips[clip]
        if not self.may_see(user, clip):
            return "hidden"
        if note.author == user:
            return "own_clip"
        if note.policy == "no":
            return "reposts_off"
        if note.policy == "with_comment" and not comment:
            return "comment_required"
        return None

    def for_you(self, viewer: str) -> set[int]:
        """Which clips For You holds, in whatever order: public ones that the viewer wants, and what their followees
        reposted."""
        by_friends = {card.clip for card in self.feed(viewer) if any(why.kind == "repost" for why in card.why)}
        return by_friends | {
            clip
            for clip, note in self.clips.items()
            if self.may_see(viewer, clip)
            and self.wants(viewer, clip)
            and not note.for_followers
            and not self.people[note.author].private
        }

    # --- what happens

    def append(self, actor: str, clip: int, repost: RepostNote | None) -> None:
        self.log.append(Line(len(self.log) + 1, actor, clip, repost))

    def standing_repost(self, user: str, clip: int) -> RepostNote | None:
        """The one repost of the clip that `user` has not taken back."""
        for line in reversed(self.log):
            if line.clip == clip and line.repost and line.repost.user == user and not line.repost.undone:
                return line.repost
        return None

    def part(self, one: str, other: str) -> None:
        """A block ends what was between them."""
        self.blocks.add((one, other))
        self.edges.pop((one, other), None)
        self.edges.pop((other, one), None)

    def open_account(self, name: str) -> None:
        self.people[name].private = False
        for (_, followee), edge in self.edges.items():
            if followee == name:
                edge.accepted = True
