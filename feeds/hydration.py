"""From places to what a page shows: clips, reasons, the viewer's own state, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Follow, User
from accounts.prepared import Prepared
from accounts.text import isolated
from clips.selectors import ClipView, clip_views
from reposts.selectors import OwnRepost, own_reposts

from .assembly import Card, Reason

FACES = 3  # reposters whose faces a card shows


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A card ready for a template or the API.

    `reasons` are newest first; `reposters` are those of them that are reposts; `why` is one plain sentence.
    `via_id` is the repost to credit when the viewer passes the clip on from here (None: from the clip itself).
    """

    clip: ClipView
    reasons: list[Reason]
    why: str
    own_repost: OwnRepost | None
    follows_author: bool
    asked_author: bool  # to follow them: a private account has not answered yet
    place: int

    @property
    def reposters(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.kind == "repost"]

    @property
    def via_id(self) -> int | None:
        reposters = self.reposters
        return reposters[0].repost_id if reposters else None

    @property
    def peek(self) -> Reason | None:
        """The newest repost that says something: its comment stands on the card itself."""
        return next((reason for reason in self.reposters if reason.comment), None)

    @property
    def faces(self) -> list[Reason]:
        return self.reposters[:FACES]


def reposted_by(people: Sequence[str]) -> str:
    """`Ana reposted` / `Ana and Ben reposted` / `Ana, Ben and 3 others reposted`. One name at least."""
    first, second = map(isolated, (people[0], people[1] if len(people) > 1 else ""))
    if len(people) == 1:
        return _("%(first)s reposted") % {"first": first}
    if len(people) == 2:
        return _("%(first)s and %(second)s reposted") % {"first": first, "second": second}
    others = len(people) - 2
    return ngettext(
        "%(first)s, %(second)s and %(others)d other reposted",
        "%(first)s, %(second)s and %(others)d others reposted",
        others,
    ) % {"first": first, "second": second, "others": others}


def why_following(card: Card) -> str:
    """The sentence above a card of the Following feed."""
    reposters = [reason.user.name for reason in card.reasons if reason.kind == "repost"]
    if reposters:
        return reposted_by(reposters)
    return _("You follow %(name)s") % {"name": isolated(card.reasons[0].user.name)}


_EDGES = Prepared(
    lambda viewer, ids: Follow.objects.filter(follower=viewer, followee__in=ids).values_list("followee", "accepted_at")
)


def hydrate(viewer: User | AnonymousUser, cards: Sequence[Card], whys: Sequence[str] | None = None) -> list[FeedItem]:
    """Items for cards whose visibility was decided, in their order: 4 queries, 2 when not signed in."""
    ids = [card.clip_id for card in cards]
    views = clip_views(viewer, ids)
    own = own_reposts(viewer, ids)
    accepted: dict[int, bool] = {}  # authors with whom there is an edge; False: only asked
    if viewer.is_authenticated and views:
        authors = {view.author.id for view in views.values()}
        accepted = {pk: at is not None for pk, at in _EDGES.rows(viewer.pk, authors)}
    return [
        FeedItem(
            clip=views[card.clip_id],
            reasons=card.reasons,
            why=whys[number] if whys is not None else why_following(card),
            own_repost=own.get(card.clip_id),
            follows_author=accepted.get(views[card.clip_id].author.id) is True,
            asked_author=accepted.get(views[card.clip_id].author.id) is False,
            place=card.place,
        )
        for number, card in enumerate(cards)
        if card.clip_id in views
    ]
