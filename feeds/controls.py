"""Every write on what a person leaves out of their feeds. Each holds from the next read on; each is safe to repeat.

Doing the same again renews it: its time begins anew and `until` is the new one. Who may not see a thing cannot say
anything about it; taking back is always possible.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import services as people
from accounts.exceptions import SelfEdge
from accounts.models import Follow, Mute, MuteScope, User
from accounts.text import clean_line
from accounts.words import fold
from clips.models import Clip
from clips.tags.text import hashtags
from reposts.models import Repost

from .exceptions import NoWords, OwnControl, TooManyWords, WordsTooLong
from .models import ControlKind, FeedControl
from .ranking import FEWER_LASTS

WORDS_LENGTH = 100  # characters as typed
TAGS_KEPT = 6  # of the clip that fewer are wanted of; 64 characters each at most
MOST_WORDS = 200  # each is looked for in every clip of a page


def _keep(viewer: User, kind: ControlKind, what: dict[str, Any], **values: Any) -> FeedControl:
    """Make the control or renew it."""
    control, _ = FeedControl.objects.update_or_create(
        viewer=viewer, kind=kind, **what, defaults={"created_at": timezone.now(), "until": None, **values}
    )
    return control


def _clip_of_another(viewer: User, clip_id: int) -> Clip:
    clip = Clip.objects.visible_to(viewer).get(pk=clip_id)
    if clip.author_id == viewer.pk:
        raise OwnControl
    return clip


def hide_clip(*, viewer: User, clip_id: int, until: datetime | None = None) -> FeedControl:
    """Leave one clip out. Raises: Clip.DoesNotExist when it is hidden from the viewer; OwnControl."""
    return _keep(viewer, ControlKind.CLIP, {"clip": _clip_of_another(viewer, clip_id)}, until=until)


def hide_clips_by(*, viewer: User, person: User, until: datetime | None = None) -> FeedControl:
    """Leave out what a person publishes, whoever passes it on; what they repost of others stays. Raises: SelfEdge."""
    if person.pk == viewer.pk:
        raise SelfEdge
    return _keep(viewer, ControlKind.CLIPS_BY, {"person": person}, until=until)


def hide_reposts_of(*, viewer: User, person: User, until: datetime | None = None) -> FeedControl:
    """Leave out reposts of a person's clips; what they publish stays, and others' clips do. Raises: SelfEdge."""
    if person.pk == viewer.pk:
        raise SelfEdge
    return _keep(viewer, ControlKind.REPOSTS_OF, {"person": person}, until=until)


def hide_reposts_by(*, viewer: User, person: User, until: datetime | None = None) -> Mute:
    """Leave out what a person reposts: a mute with the scope `reposts`. Raises: SelfEdge.

    Whoever is muted altogether stays so: this is never less than what was asked before."""
    whole = Mute.objects.active().filter(muter=viewer, muted=person, scope=MuteScope.ALL).first()
    if whole is not None:
        return whole
    mute = people.mute_user(muter=viewer, muted=person, scope=MuteScope.REPOSTS, until=until)
    mute.created_at = timezone.now()
    mute.save(update_fields=["created_at"])
    return mute


@transaction.atomic
def hide_words(*, viewer: User, text: str, until: datetime | None = None) -> FeedControl:
    """Leave out clips whose caption, and reposts whose comment, has these words one after another.

    Raises: NoWords, WordsTooLong, TooManyWords."""
    text = clean_line(text)
    key = fold(text)
    if not key:
        raise NoWords
    if len(text) > WORDS_LENGTH or len(key) > 4 * WORDS_LENGTH:
        raise WordsTooLong
    # The row of the person is the lock: two requests at once must not both be the last one allowed.
    User.objects.select_for_update(no_key=True).filter(pk=viewer.pk).values_list("pk").first()
    others = FeedControl.objects.active().filter(viewer=viewer, kind=ControlKind.WORDS).exclude(key=key)
    if others.count() >= MOST_WORDS:
        raise TooManyWords
    return _keep(viewer, ControlKind.WORDS, {"key": key}, text=text, until=until)


def fewer_like(*, viewer: User, clip_id: int, via_id: int | None = None) -> FeedControl:
    """Weigh clips like this one less in For You: same author, hashtags, or reposter (`via_id`, when it is visible).

    It fades by itself (`ranking.fewer_weight`). Raises: Clip.DoesNotExist, OwnControl."""
    clip = _clip_of_another(viewer, clip_id)
    via = (
        Repost.objects.visible_to(viewer).filter(pk=via_id, clip=clip).exclude(user=viewer).first() if via_id else None
    )
    return _keep(
        viewer,
        ControlKind.FEWER,
        {"clip": clip},
        via=via,
        text=" ".join(hashtags(clip.caption, limit=TAGS_KEPT)),
        until=timezone.now() + FEWER_LASTS,
    )


# --- Taking back ------------------------------------------------------------------------------------------------


def drop(*, viewer: User, kind: ControlKind, **what: Any) -> None:
    """Take a control back by what it is on (`clip_id`, `person`). Nothing happens when there is none."""
    FeedControl.objects.filter(viewer=viewer, kind=kind, **what).delete()


def show_words(*, viewer: User, text: str) -> None:
    """Take hidden words back, however they are typed."""
    FeedControl.objects.filter(viewer=viewer, kind=ControlKind.WORDS, key=fold(clean_line(text))).delete()


@transaction.atomic
def show_reposts_by(*, viewer: User, person: User) -> None:
    """Show a person's reposts again, whichever way they were left out. A mute of everything stays."""
    Mute.objects.filter(muter=viewer, muted=person, scope=MuteScope.REPOSTS).delete()
    Follow.objects.filter(follower=viewer, followee=person, show_reposts=False).update(show_reposts=True)


def undo(*, viewer: User, reference: str) -> bool:
    """Take back one line of `control_list`, by its reference. False when there is no such line (any more)."""
    sort, number = reference[:1], reference[1:]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return False
    pk = int(number)
    if sort == "c":
        return bool(FeedControl.objects.filter(viewer=viewer, pk=pk).delete()[0])
    if sort == "m":
        return bool(Mute.objects.filter(muter=viewer, pk=pk).delete()[0])
    if sort == "f":
        return bool(Follow.objects.filter(follower=viewer, pk=pk, show_reposts=False).update(show_reposts=True))
    return False
