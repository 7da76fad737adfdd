"""Every write on notifications but the notifications themselves (`writing`): marks and settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from feeds import marks

from .models import Digest, Kind, Notification, NotificationGroup, NotificationSettings

PERIODS = {Digest.DAILY: timedelta(days=1), Digest.WEEKLY: timedelta(days=7)}
KEPT = timedelta(days=90)  # how long notifications are kept
_BATCH = 2_000  # rows of one statement


def mark_read(*, user: User, group_ids: Collection[int] | None = None, up_to: int | None = None) -> int:
    """Mark lines as read: these, or all that have nothing newer than the notification `up_to`. Returns how many.

    A line that got a new member since the reader saw it stays unread with `up_to`. Safe to repeat."""
    groups = NotificationGroup.objects.filter(recipient=user).unread()
    if group_ids is not None:
        groups = groups.filter(pk__in=group_ids)
    if up_to is not None:
        groups = groups.filter(newest_id__lte=up_to)
    with transaction.atomic():
        count = groups.update(read_at=timezone.now(), is_open=False)
        transaction.on_commit(lambda: marks.touch(user.pk))
    return count


@transaction.atomic
def mark_seen(*, user: User, up_to: int) -> None:
    """The list was opened when `up_to` was the newest notification on it: the badge starts again from there."""
    # Never above what there is: else nothing would count as new for a long time.
    newest = Notification.objects.filter(recipient=user, pk__lte=up_to).aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return
    NotificationSettings.objects.get_or_create(user=user)
    NotificationSettings.objects.filter(user=user, seen_id__lt=newest).update(seen_id=newest)
    transaction.on_commit(lambda: marks.touch(user.pk))


@transaction.atomic
def change_settings(*, user: User, off: Iterable[str] | None = None, digest: str | None = None) -> NotificationSettings:
    """Switch kinds off (the others are on) and choose the digest. None keeps what is there.

    Raises: ValueError for an unknown kind or digest."""
    NotificationSettings.objects.get_or_create(user=user)
    chosen = NotificationSettings.objects.select_for_update().get(user=user)
    changes: dict[str, Any] = {}
    if off is not None:
        without = {Kind(kind) for kind in off}
        changes["off"] = [kind.value for kind in Kind if kind in without]
    if digest is not None and digest != chosen.digest:
        changes |= _digest_from_now(Digest(digest), user)
    for name, value in changes.items():
        setattr(chosen, name, value)
    if changes:
        chosen.save(update_fields=list(changes))
        transaction.on_commit(lambda: marks.touch(user.pk))
    return chosen


def _digest_from_now(digest: Digest, user: User) -> dict[str, Any]:
    """The first mail comes after one whole period and tells of what came in it."""
    if digest == Digest.OFF:
        return {"digest": digest, "digest_due_at": None}
    newest = Notification.objects.filter(recipient=user).aggregate(newest=Max("pk"))["newest"]
    return {"digest": digest, "digest_due_at": timezone.now() + PERIODS[digest], "digest_up_to": newest or 0}


def forget_old() -> int:
    """Daily: delete notifications older than KEPT and the groups that are left empty. Returns how many."""
    horizon = timezone.now() - KEPT
    gone = 0
    while ids := list(Notification.objects.filter(created_at__lt=horizon).values_list("pk", flat=True)[:_BATCH]):
        gone += Notification.objects.filter(pk__in=ids).delete()[0]
    # Groups of days past take no new members.
    empty = NotificationGroup.objects.filter(day__lt=horizon.date(), members=None)
    while groups := list(empty.values_list("pk", flat=True)[:_BATCH]):
        NotificationGroup.objects.filter(pk__in=groups).delete()
    return gone
