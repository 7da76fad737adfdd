"""What this app knows about a person, for export and erasure: their lines in the log, their store, what they saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import erasure, sections
from accounts.models import User
from clips.life import clip_ref
from clips.life import seen as clip_is_seen
from clips.models import Clip, ClipHashtag, Hashtag

from .models import Activity, FeedControl, FeedEntry, SeenClip
from .notifications.models import Notification, NotificationGroup, NotificationSettings
from .search import index
from .search.models import Kind, RecentSearch, SearchPause
from .upkeep import drop_stores

_VIEWERS = 200  # stores looked through in one statement, some 160,000 entries


def erase_store(user: User) -> Iterator[None]:
    """The person's own feed, what they saw, and who saw their clips."""
    drop_stores(viewer_ids=[user.pk])
    yield from erasure.delete_all(SeenClip.objects.filter(Q(viewer=user) | Q(clip__author=user)))


def erase_search(user: User) -> Iterator[None]:
    """What the person searched for, and the words by which they, their clips and tags of theirs alone are found."""
    yield from erasure.delete_all(RecentSearch.objects.filter(user=user))
    SearchPause.objects.filter(user=user).delete()
    tags = Hashtag.objects.filter(uses__clip__author=user)
    alone = tags.exclude(Exists(ClipHashtag.objects.filter(hashtag=OuterRef("pk")).exclude(clip__author=user)))
    for kind, ids in (
        (Kind.PERSON, [user.pk]),
        (Kind.CLIP, list(Clip.objects.filter(author=user).values_list("pk", flat=True))),
        (Kind.TAG, list(alone.values_list("pk", flat=True).distinct())),
    ):
        for start in range(0, len(ids), erasure.BATCH):
            index.forget(kind, ids[start : start + erasure.BATCH])
    index.purge()


def erase_controls(user: User) -> Iterator[None]:
    """What the person left out of their feeds, and what others left out of theirs because of the person."""
    yield from erasure.delete_all(FeedControl.objects.filter(viewer=user))
    yield from erasure.delete_all(FeedControl.objects.filter(person=user))


def tell_controls(user: User) -> Iterator[dict[str, Any]]:
    """Everything that the person left out of their feeds, also what is over."""
    rows = FeedControl.objects.filter(viewer=user).select_related("clip__author", "person")
    rows = rows.annotate(clip_is_seen=clip_is_seen(user, "clip_id"), person_is_seen=sections.seen(user, "person_id"))
    for control in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {
            "kind": control.kind,
            "clip": clip_ref(control.clip, control.clip_is_seen) if control.clip else None,
            "person": sections.person_ref(control.person, control.person_is_seen) if control.person else None,
            "text": control.text,
            "at": control.created_at,
            "until": control.until,
        }


def tell_searches(user: User) -> Iterator[dict[str, Any]]:
    for search in RecentSearch.objects.filter(user=user).order_by("pk").iterator():
        yield {"query": search.query, "at": search.searched_at}


def tell_search_settings(user: User) -> Iterator[dict[str, Any]]:
    for pause in SearchPause.objects.filter(user=user):
        yield {"memory_paused_since": pause.since}


def erase_notifications(user: User) -> Iterator[None]:
    """To the person and about them, and lines of others' lists that are empty then."""
    yield from erasure.delete_all(NotificationGroup.objects.filter(recipient=user))
    about = Notification.objects.filter(actor=user).order_by("pk")
    while found := dict(about.values_list("pk", "group_id")[: erasure.BATCH]):
        with transaction.atomic():
            Notification.objects.filter(pk__in=list(found)).delete()
            NotificationGroup.objects.filter(pk__in=set(found.values()), members__isnull=True).delete()
        yield
    NotificationSettings.objects.filter(user=user).delete()


def tell_notification_settings(user: User) -> Iterator[dict[str, Any]]:
    for chosen in NotificationSettings.objects.filter(user=user):
        yield {"off": chosen.off, "digest": chosen.digest, "last_digest_at": chosen.digest_sent_at}


def erase_lines(user: User) -> Iterator[None]:
    """The log's lines by the person and about their clips, after what all stores hold of them.

    Every store is looked through, since whoever has an entry may have stopped following meanwhile."""
    lines = Activity.objects.filter(Q(actor=user) | Q(clip__author=user))
    lines.filter(delivered_at=None).update(delivered_at=timezone.now())  # no worker delivers them any more
    if lines.exists():
        last = 0
        while viewers := list(User.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_VIEWERS]):
            entries = FeedEntry.objects.filter(viewer_id__gt=last, viewer_id__lte=viewers[-1])
            cut, _models = entries.filter(activity_id__in=lines.values("pk")).delete()
            last = viewers[-1]
            if cut:
                yield
    yield from erasure.delete_all(lines)


def register() -> None:
    """Called once, when the app is ready."""
    sections.register(
        "notification-settings",
        _("Notification settings"),
        tell_notification_settings,
        columns=["feeds.NotificationSettings.user"],
    )
    sections.register("feed-controls", _("Feed controls"), tell_controls, columns=["feeds.FeedControl.viewer"])
    sections.register("searches", _("Searches"), tell_searches, columns=["feeds.RecentSearch.user"])
    sections.register("search-settings", _("Search settings"), tell_search_settings, columns=["feeds.SearchPause.user"])
    sections.leave_out(
        {
            "feeds.FeedControl.person": "who leaves somebody out is not told",
            "feeds.Notification.recipient": "what others did",
            "feeds.Notification.actor": "repeats follows, reposts and the like",
            "feeds.NotificationGroup.recipient": "what others did",
            "feeds.Activity.actor": "the log repeats clips and reposts",
            "feeds.FeedState.viewer": "our own notes on a store",
            "feeds.SeenClip.viewer": "repeats watches",
        }
    )
    erasure.register("feed", erase_store, columns=["feeds.FeedState.viewer", "feeds.SeenClip.viewer"])
    erasure.register("search", erase_search, columns=["feeds.RecentSearch.user", "feeds.SearchPause.user"])
    erasure.register("feed controls", erase_controls, columns=["feeds.FeedControl.viewer", "feeds.FeedControl.person"])
    erasure.register(
        "notifications",
        erase_notifications,
        columns=[
            *("feeds.Notification.recipient", "feeds.Notification.actor", "feeds.NotificationGroup.recipient"),
            "feeds.NotificationSettings.user",
        ],
    )
    erasure.register("lines of the log", erase_lines, columns=["feeds.Activity.actor"])
