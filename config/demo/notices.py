"""Notifications of what was told as past: set back to when it happened, grouped by those days, the older ones read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Follow
from config.demo import plan
from feeds.models import Notification, NotificationGroup, NotificationSettings
from feeds.notifications.models import Digest
from feeds.notifications.services import change_settings

UNREAD = timedelta(hours=14)  # what happened since is new to everybody
UNSEEN = timedelta(hours=8)  # … and not even seen on the list


def newest() -> int:
    return Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def set_back(above: int, at: datetime) -> None:
    """The notifications that an event wrote (ids above `above`) are as old as the event."""
    Notification.objects.filter(pk__gt=above).update(created_at=at)


def set_back_follows() -> None:
    """Those between two people are as old as the edge."""
    times: dict[tuple[int, int], tuple[datetime, datetime | None]] = {}
    for by, to, made, accepted in Follow.objects.values_list("follower", "followee", "created_at", "accepted_at"):
        times[by, to] = (made, accepted)
    rows = list(Notification.objects.filter(clip=None))
    for row in rows:
        follower, followee = row.actor_id, row.recipient_id
        if row.kind == "follow_accepted":
            follower, followee = followee, follower
        made, accepted = times.get((follower, followee), (row.created_at, None))
        row.created_at = accepted or made
    Notification.objects.bulk_update(rows, ["created_at"], batch_size=500)


def arrange(now: datetime) -> None:
    """Write all of them again in the order of their times, in groups of their days. Before anybody looks."""
    rows = list(Notification.objects.select_related("group").order_by("created_at", "pk"))
    groups: dict[tuple[int, str, int, date], NotificationGroup] = {}
    members: list[tuple[Notification, NotificationGroup]] = []
    for row in rows:
        key = (row.recipient_id, row.kind, row.group.subject, row.created_at.date())
        if key not in groups:
            named: dict[str, Any] = dict(zip(("recipient_id", "kind", "subject", "day"), key, strict=True))
            groups[key] = NotificationGroup(**named, clip_id=row.group.clip_id)
        members.append((row, groups[key]))
    Notification.objects.all().delete()
    NotificationGroup.objects.all().delete()
    NotificationGroup.objects.bulk_create(groups.values(), batch_size=500)
    for row, group in members:
        row.pk, row.group = None, group
    Notification.objects.bulk_create([row for row, _ in members], batch_size=500)
    for row, group in members:
        group.size += 1
        group.newest_id = row.pk
        group.read_at = row.created_at + timedelta(hours=1)
        group.is_open = False
        if row.created_at > now - UNREAD:
            group.read_at, group.is_open = None, True
    NotificationGroup.objects.bulk_update(groups.values(), ["size", "newest_id", "read_at", "is_open"], batch_size=500)
    for user_id in {row.recipient_id for row, _ in members}:
        seen = [row.pk for row, _ in members if row.recipient_id == user_id and row.created_at < now - UNSEEN]
        NotificationSettings.objects.update_or_create(user_id=user_id, defaults={"seen_id": max(seen, default=0)})
    for handle in plan.VISITORS[:1]:
        for chosen in NotificationSettings.objects.filter(user__username=handle).select_related("user"):
            change_settings(user=chosen.user, digest=Digest.WEEKLY)
