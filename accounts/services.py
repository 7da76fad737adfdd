"""Every write on people and their edges. PUT-like verbs are safe to repeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import departures
from .exceptions import NotARequest, SelfEdge
from .models import Block, Departure, Follow, Mute, MuteScope, User
from .signals import blocked as blocked_signal
from .signals import follow_requested, followed, returned, went_dormant

PROFILE_FIELDS = {
    "raise_watched", "hide_reposted", "hide_watched", "hide_reposts_of_followed",
    "display_name", "bio", "avatar", "is_private", "reposts_tab", "language", "time_zone", "captions_on",
    "playback_percent", "sends_from",
}  # fmt: skip
SEEN_STEP = timedelta(minutes=10)  # how exact `last_seen_at` is: one write per person and step


def _other(actor: User, other: User) -> None:
    if actor.pk == other.pk:
        raise SelfEdge


@transaction.atomic
def follow_user(*, follower: User, followee: User, show_reposts: bool | None = None) -> Follow:
    """Follow, or ask to when `followee` is private. A repeated call only updates `show_reposts`.

    Raises: SelfEdge. The caller has looked `followee` up with `visible_to(follower)`.
    """
    _other(follower, followee)
    follow, created = Follow.objects.get_or_create(
        follower=follower,
        followee=followee,
        defaults={
            "accepted_at": None if followee.is_private else timezone.now(),
            "show_reposts": True if show_reposts is None else show_reposts,
            "is_dormant": _sleeps(follower.pk),
        },
    )
    if not created and show_reposts is not None and follow.show_reposts != show_reposts:
        follow.show_reposts = show_reposts
        follow.save(update_fields=["show_reposts"])
    if not created and follow.accepted_at is None and not followee.is_private:
        # The account opened up after the request was made: asking again is following.
        return _accept(follow)
    if created and follow.accepted_at:
        followed.send(Follow, follow=follow, asked=False)
    elif created:
        follow_requested.send(Follow, follow=follow)
    return follow


def unfollow_user(*, follower: User, followee: User) -> None:
    """Remove the edge or the request. Nothing happens when there is none."""
    Follow.objects.filter(follower=follower, followee=followee).delete()


def remove_follower(*, user: User, follower: User) -> None:
    """`user` makes `follower` stop following; the other side is not told."""
    unfollow_user(follower=follower, followee=user)


def _sleeps(user_id: int) -> bool:
    """Whether a person is dormant. Locks their row: an edge copies the flag, and one that is written while they
    wake must not keep the old value, since fan-out would pass it by for ever."""
    return bool(
        User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("is_dormant", flat=True).first()
    )


def _accept(follow: Follow) -> Follow:
    """Turn a request into an edge. One that was withdrawn or accepted meanwhile stays as it is."""
    now, dormant = timezone.now(), _sleeps(follow.follower_id)
    if Follow.objects.pending().filter(pk=follow.pk).update(accepted_at=now, is_dormant=dormant):
        follow.accepted_at, follow.is_dormant = now, dormant
        followed.send(Follow, follow=follow, asked=True)
    return follow


@transaction.atomic
def accept_follow_request(*, user: User, follower: User) -> Follow:
    """Raises: NotARequest when there is neither a request nor an edge. Accepting twice is one acceptance."""
    follow = Follow.objects.filter(follower=follower, followee=user).first()
    if follow is None:
        raise NotARequest
    return follow if follow.accepted_at else _accept(follow)


def refuse_follow_request(*, user: User, follower: User) -> None:
    """Drop the request, if it is still one. An accepted follower is removed by `remove_follower`."""
    Follow.objects.pending().filter(follower=follower, followee=user).delete()


@transaction.atomic
def block_user(*, blocker: User, blocked: User) -> Block:
    """Block: hides both from each other and ends every follow and request between them.

    Mutes stay: nobody gets out of another's mute by blocking and unblocking them."""
    _other(blocker, blocked)
    block, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    Follow.objects.filter(Q(follower=blocker, followee=blocked) | Q(follower=blocked, followee=blocker)).delete()
    if created:
        blocked_signal.send(Block, block=block)
    return block


def unblock_user(*, blocker: User, blocked: User) -> None:
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def mute_user(*, muter: User, muted: User, scope: str = MuteScope.ALL, until: datetime | None = None) -> Mute:
    """Mute everything or only the reposts, for ever or until a time. Muting again replaces scope and time."""
    _other(muter, muted)
    mute, _ = Mute.objects.update_or_create(
        muter=muter, muted=muted, defaults={"scope": MuteScope(scope), "until": until}
    )
    return mute


def unmute_user(*, muter: User, muted: User) -> None:
    Mute.objects.filter(muter=muter, muted=muted).delete()


@transaction.atomic
def update_profile(*, user: User, **changes: Any) -> User:
    """Change own profile and settings. Opening a private account accepts every waiting request.

    Allowed: what PROFILE_FIELDS names.
    """
    if unknown := set(changes) - PROFILE_FIELDS:
        raise TypeError(f"not a profile setting: {', '.join(sorted(unknown))}")
    opened = user.is_private and changes.get("is_private") is False
    for field, value in changes.items():
        setattr(user, field, value)
    user.full_clean(exclude={f.name for f in User._meta.fields} - set(changes))
    user.save(update_fields=list(changes))
    if opened:
        for follow in Follow.objects.pending().filter(followee=user).order_by("follower"):
            _accept(follow)
    return user


def note_seen(*, user: User) -> None:
    """Remember that the person is here; wake a dormant one. Cheap: writes at most once per SEEN_STEP."""
    now = timezone.now()
    if not user.is_dormant and now - user.last_seen_at < SEEN_STEP:
        return
    with transaction.atomic():
        # Asked of the row: the hourly task may have put the person to rest since `user` was read.
        woken = User.objects.filter(pk=user.pk, is_dormant=True).update(is_dormant=False)
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
        if woken:
            Follow.objects.filter(follower=user).update(is_dormant=False)
            returned.send(User, user=user)
    user.last_seen_at, user.is_dormant = now, False


def retire_dormant(*, limit: int = 500) -> int:
    """Mark people not seen for ACTIVE_DAYS as dormant, at most `limit`. Returns how many."""
    horizon = timezone.now() - timedelta(days=settings.ACTIVE_DAYS)
    with transaction.atomic():
        ids = list(
            User.objects.filter(is_dormant=False, last_seen_at__lt=horizon)
            .order_by("last_seen_at")
            .values_list("pk", flat=True)[:limit]
        )
        # The condition again: a person who came back in between stays awake.
        User.objects.filter(pk__in=ids, last_seen_at__lt=horizon).update(is_dormant=True)
        gone = list(User.objects.filter(pk__in=ids, is_dormant=True).values_list("pk", flat=True))
        Follow.objects.filter(follower__in=gone).update(is_dormant=True)
        if gone:
            went_dormant.send(User, user_ids=gone)
    return len(gone)


@transaction.atomic
def deactivate_user(*, user: User) -> None:
    """The team suspends an account: signed out everywhere, all that is theirs hidden. Nothing is deleted but API
    tokens. Of an account that its owner had hidden, see `departures.suspend`."""
    departures.suspend(user=user)
    departures.hide(user=user)


@transaction.atomic
def reactivate_user(*, user: User) -> None:
    """Let the person sign in again and show all that is theirs; a deletion that they asked for is called off.

    Raises: TooLateToReturn."""
    Departure.objects.filter(user=user).update(may_return=True)
    departures.come_back(user=user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
