"""The demo's community worked out from its people and their stories: who follows whom, who passed on, who watched.

Pure and the same at every run, so that seeding and the pulse agree on what has happened and what is still to come.
"""

from __future__ import annotations

import random
from functools import cache

from config.demo.people import BLOCKS, FRIENDS, MUTES, RESIDENTS, WITHOUT_REPOSTS
from config.demo.story import CROWDS, REMARKS, TALES, Pass, Tale
from config.demo.voices import THREADS, VOICES, Line

VISITORS = ("ana", "ben", "chloe")  # whom one signs in as: they do nothing by themselves
HANDLES = tuple(resident.handle for resident in RESIDENTS)
AWAY = {resident.handle for resident in RESIDENTS if resident.away_days}
PRIVATE = {resident.handle for resident in RESIDENTS if resident.private}
TAIL = 1.6  # how unequal the draw is: 1 would follow `pull` as it stands
_BLOCKED = {frozenset(pair) for pair in BLOCKS}

Edge = tuple[str, str]  # (follower, followee)


@cache
def follows() -> dict[Edge, bool]:
    """Every accepted follow, with whether it shows reposts.

    1. what friendships and stories imply; 2. each person follows up to 2 x `keen` more, drawn by `pull`: a few have most of the followers."""
    rng = random.Random("follows")
    edges: dict[Edge, bool] = {}
    for one, other in FRIENDS:
        edges[one, other] = edges[other, one] = True
    for tale in TALES:
        for step in tale.passes:
            edges[step.who, step.via or tale.author] = True
            if step.audience == "mutuals":
                edges[tale.author, step.who] = True
    for edge in WITHOUT_REPOSTS:
        edges[edge] = False
    open_to_all = [resident for resident in RESIDENTS if not resident.private]
    pulls = [resident.pull**TAIL for resident in open_to_all]
    for resident in RESIDENTS:
        for followee in rng.choices(open_to_all, pulls, k=resident.keen * 2):
            edge = (resident.handle, followee.handle)
            if resident is not followee and frozenset(edge) not in _BLOCKED:
                edges.setdefault(edge, True)
    return edges


@cache
def passes(tale: Tale) -> tuple[Pass, ...]:
    """The tale's own passes and its crowd, in the order of their times."""
    rng = random.Random(f"crowd of {tale.scene}")
    told = list(tale.passes)
    busy = {step.who for step in told} | {tale.author} | AWAY | PRIVATE | {"wren", *VISITORS}
    edges = follows()
    for number in range(CROWDS.get(tale.scene, 0)):
        # A later step than the one it came through, and spread over the rest of the time.
        after = round(max(step.after for step in told[: len(tale.passes)]) * (0.4 + 0.12 * number), 2)
        sources = [
            step.who
            for step in told
            if step.after < after and step.undone is None and step.audience == "followers" and not step.detached
        ]
        choices = [
            (who, source)
            for source in sources
            for who in HANDLES
            if (who, source) in edges and who not in busy and frozenset((who, tale.author)) not in _BLOCKED
        ]
        if not choices or after >= tale.ago:
            break
        who, source = rng.choice(choices)
        busy.add(who)
        comment = rng.choice(REMARKS) if rng.random() < 0.4 or tale.policy == "with_comment" else ""
        told.append(Pass(who, after, comment, via=source))
    return tuple(sorted(told, key=lambda step: step.after))


@cache
def watches(tale: Tale) -> tuple[tuple[str, float, float], ...]:
    """(viewer, hours after publication, share watched). Visitors have seen little: there is much left for them."""
    rng = random.Random(f"watches of {tale.scene}")
    muted = {(muter, whom) for muter, whom, *_ in MUTES}
    closed = tale.visibility == "followers" or tale.author in PRIVATE
    seen = []
    for viewer in HANDLES:
        friend = (viewer, tale.author) in follows()
        keen = 0.1 if viewer in VISITORS else 0.4 if friend else 0 if closed else 0.15
        strangers = (viewer, tale.author) in muted or frozenset((viewer, tale.author)) in _BLOCKED
        if viewer == tale.author or viewer in AWAY or strangers or rng.random() > keen:
            continue
        after = min(rng.expovariate(1 / 8), tale.ago * 0.95)  # most within a working day
        seen.append((viewer, round(after, 3), round(rng.triangular(0.1, 1.0, 1.0), 2)))
    return tuple(sorted(seen, key=lambda line: line[1]))


@cache
def likes(tale: Tale) -> tuple[tuple[str, float], ...]:
    """(who, hours after publication). Most who watch a clip of somebody with pull like it, few else: a heavy tail."""
    rng = random.Random(f"likes of {tale.scene}")
    pull = next(resident.pull for resident in RESIDENTS if resident.handle == tale.author)
    luck = rng.paretovariate(1.4)  # what no author controls
    share = min(0.95, 0.1 + 0.035 * pull + 0.12 * luck)
    crowd = {step.who: step.after for step in passes(tale) if step.undone is None}
    crowd |= {viewer: after for viewer, after, _ in watches(tale)}
    return tuple(
        sorted(
            ((who, after) for who, after in crowd.items() if who not in VISITORS and rng.random() < share),
            key=lambda line: line[1],
        )
    )


@cache
def lines(tale: Tale) -> tuple[Line, ...]:
    """The conversation that is told under the clip, and after it words of others who watched. Replies come after
    what they answer; `under` counts in this tuple."""
    rng = random.Random(f"lines of {tale.scene}")
    told = THREADS.get(tale.scene, ())
    said = {line.who for line in told}
    others = [
        (who, after) for who, after, _ in watches(tale) if who in VOICES and who not in said and who != tale.author
    ]
    chosen = sorted(rng.sample(others, k=min(len(others), rng.randint(1, 5))), key=lambda one: one[1])
    quiet = tuple(
        Line(
            who,
            round(min(after + 0.05, tale.ago * 0.97), 3),
            rng.choice(VOICES[who]),
            hearts=rng.choice((0, 0, 0, 1, 2)),
        )
        for who, after in chosen
    )
    return (*told, *quiet)


def may_talk(who: str, tale: Tale) -> bool:
    """Whether this person can see the clip at all, as the demo's people and edges are."""
    if who == tale.author:
        return True
    if frozenset((who, tale.author)) in _BLOCKED:
        return False
    closed = tale.visibility == "followers" or tale.author in PRIVATE
    return not closed or (who, tale.author) in follows()


def likers_of(tale: Tale, number: int) -> list[str]:
    """Everybody who might like this line, in an order of its own."""
    writer = lines(tale)[number].who
    crowd = [handle for handle in HANDLES if handle != writer and handle not in AWAY and handle not in VISITORS]
    random.Random(f"hearts of {tale.scene} {number}").shuffle(crowd)
    # The author reads what is said under their clip, and often says so with a heart.
    return [tale.author, *crowd] if tale.author not in (writer, *VISITORS) else crowd
