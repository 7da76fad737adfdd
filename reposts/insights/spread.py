"""How far one clip went by reposts, and who carried it. Five queries, however many reposts there are.

Named are only people whose repost the author may see by the rule for reposts (public accounts and people the author
follows, nobody in a block). All others are in numbers, and so are their viewers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from clips.models import Clip

from ..models import Arrival, Repost
from ..selectors import RepostLine, repost_lines
from .figures import Figure

MOST_REPOSTS = 50_000  # read of one clip; beyond, the newest are left out and the page says so
MOST_AMPLIFIERS = 10
HOPS = 6  # shown one by one; the rest together


@dataclass(frozen=True, slots=True)
class Amplifier:
    """A person who passed the clip on, and what came of it.

    `reach` is how many people watched the clip through that repost or one that came of it, `onward` how many reposts
    came of it."""

    repost: RepostLine
    reach: Figure
    onward: Figure


@dataclass(frozen=True, slots=True)
class Hop:
    """Reposts at one distance from the clip: 1 is straight from it. `is_last`: this one and all beyond.

    `seen` are reposts that the author may see, `others` further ones."""

    number: int
    seen: int
    others: int
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """`unplaced` are reposts by people whom the author does not see, too few at any one distance to say which."""

    reposts: int
    hops: list[Hop]
    unplaced: Figure
    deepest: int
    viewers: Figure  # who watched through somebody's repost
    amplifiers: list[Amplifier]
    is_cut: bool

    @property
    def most(self) -> int:
        return max((hop.seen + hop.others for hop in self.hops), default=0)


def spread(clip: Clip) -> Spread:
    every = Repost.objects.filter(clip=clip).order_by("pk").values_list("pk", "via_id", "depth", "undone_at")
    rows = list(every[: MOST_REPOSTS + 1])
    is_cut = len(rows) > MOST_REPOSTS
    arrived = dict(
        Arrival.objects.filter(clip=clip)
        .exclude(viewer=clip.author_id)
        .values_list("repost")
        .annotate(number=Count("pk"))
        .order_by()
    )
    visible = set(Repost.objects.visible_to(clip.author).filter(clip=clip).values_list("pk", flat=True)[:MOST_REPOSTS])
    # From the leaves to the root: a repost comes after the one that it came through.
    reach: Counter[int] = Counter(arrived)
    onward: Counter[int] = Counter()
    for pk, via, _depth, undone in reversed(rows):
        if via is not None:
            reach[via] += reach[pk]
            onward[via] += onward[pk] + (undone is None)
    live = [(pk, depth) for pk, _via, depth, undone in rows if undone is None]
    hops, unplaced = _hops(live, visible)
    return Spread(
        reposts=len(live),
        hops=hops,
        unplaced=unplaced,
        deepest=max((depth + 1 for _pk, depth in live), default=0),
        viewers=Figure.of(sum(arrived.values())),
        amplifiers=_amplifiers(visible, reach, onward),
        is_cut=is_cut,
    )


def _hops(live: list[tuple[int, int]], visible: set[int]) -> tuple[list[Hop], Figure]:
    """The hops, and how many unseen reposts are too few at their distance to be placed."""
    seen: Counter[int] = Counter()
    others: Counter[int] = Counter()
    for pk, depth in live:
        (seen if pk in visible else others)[min(depth, HOPS - 1)] += 1
    few = [hop for hop in others if Figure.of(others[hop]).is_few]
    unplaced = sum(others.pop(hop) for hop in few)
    if 0 < unplaced < 3 and others:
        # The next smallest joins, else what is missing would follow from the total.
        unplaced += others.pop(min(others, key=lambda hop: others[hop]))
    last = max([*seen, *others], default=-1)
    hops = [Hop(hop + 1, seen[hop], others[hop], hop == HOPS - 1) for hop in range(last + 1)]
    return hops, Figure.of(unplaced)


def _amplifiers(visible: set[int], reach: Counter[int], onward: Counter[int]) -> list[Amplifier]:
    """Those who brought the most viewers, then the most reposts; the earlier of equals."""
    ranked = sorted((pk for pk in visible if reach[pk] or onward[pk]), key=lambda pk: (-reach[pk], -onward[pk], pk))
    top = ranked[:MOST_AMPLIFIERS]
    if not top:
        return []
    lines = {line.id: line for line in repost_lines(Repost.objects.filter(pk__in=top))}
    return [Amplifier(lines[pk], Figure.of(reach[pk]), Figure.of(onward[pk])) for pk in top if pk in lines]
