"""When a clip goes out: at once, by hand (a draft), or at a time.

The row is the schedule: `plan` and `publish_at` say what the author wants. A clip is published by exactly one
conditional update, in the transaction that announces it, whoever gets there first: the worker that prepared it, the
author, or the beat task that looks for what is due. So a killed worker or a lost tick only delays, and nothing is
published twice. See docs/decisions/0008.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from .exceptions import AlreadyPublished, BadSchedule, TooManyHeld
from .models import Clip, ClipState, Plan
from .signals import clip_published
from .tags.keeping import keep_caption

SOONEST = timedelta(minutes=5)  # ahead: a nearer time is "now", or a slip of the hand
LATEST = timedelta(days=60)
MOST_HELD = 200  # drafts and scheduled clips of one person: their files lie here unseen
DUE_AT_ONCE = 100  # clips a tick of beat reads; it goes on until none is left
SLACK = timedelta(minutes=1)  # a form shows whole minutes, and filling it in takes some


def check_plan(plan: str, at: datetime | None) -> datetime | None:
    """The time to store for a plan. Raises: BadSchedule."""
    if plan != Plan.AT:
        if at is not None:
            raise BadSchedule(_("Only a scheduled clip has a time of publication."))
        return None
    if at is None:
        raise BadSchedule(_("Say when the clip is to be published."))
    now = timezone.now()
    if at < now + SOONEST - SLACK:
        raise BadSchedule(_("Choose a time at least 5 minutes from now."))
    if at > now + LATEST + SLACK:
        raise BadSchedule(_("Choose a time within the next 60 days."))
    return at


def check_room(author: User) -> None:
    """Raises: TooManyHeld when `author` keeps as many unpublished clips as one may."""
    unpublished = Clip.objects.owned_by(author).exclude(plan=Plan.NOW)
    if unpublished.count() >= MOST_HELD:
        raise TooManyHeld


def outcome(now: datetime) -> dict[str, Any]:
    """What an update sets when the video is prepared: published, or held as the row itself says at that moment."""
    waits = Q(plan=Plan.DRAFT) | Q(plan=Plan.AT, publish_at__gt=now)
    return {
        "state": Case(When(waits, then=Value(ClipState.HELD)), default=Value(ClipState.READY)),
        "published_at": Case(When(waits, then=Value(None)), default=Value(now), output_field=DateTimeField(null=True)),
        "plan": Case(When(waits, then=F("plan")), default=Value(Plan.NOW)),
        "publish_at": Case(
            When(waits, then=F("publish_at")), default=Value(None), output_field=DateTimeField(null=True)
        ),
    }


@transaction.atomic
def _publish(clip_id: int, **conditions: Any) -> bool:
    """Publish a held clip that meets `conditions` and announce it. False when somebody else did, or it is gone."""
    moved = (
        Clip.objects.held()
        .filter(pk=clip_id, **conditions)
        .update(state=ClipState.READY, published_at=timezone.now(), plan=Plan.NOW, publish_at=None)
    )
    if moved:
        clip = Clip.objects.select_related("author").get(pk=clip_id)
        keep_caption(clip)
        clip_published.send(Clip, clip=clip)
    return bool(moved)


def plan_clip(*, clip: Clip, plan: str, at: datetime | None = None) -> Clip:
    """Publish now, keep as a draft, or schedule a clip that is not published. Returns it as it is then.

    "Now" for a published clip changes nothing, so the request can be repeated. While a clip is being prepared, or
    after that failed, the plan waits with it.
    Raises: BadSchedule; AlreadyPublished for a draft or a time that comes too late."""
    at = check_plan(plan, at)
    own = Clip.objects.filter(pk=clip.pk, deleted_at=None)
    if plan != Plan.NOW and clip.plan == Plan.NOW and clip.state != ClipState.READY:
        check_room(clip.author)
    if plan == Plan.NOW:
        # In this order: if the worker holds it in between, the plan that it reads is the new one already.
        own.exclude(state__in=(ClipState.READY, ClipState.HELD)).update(plan=Plan.NOW, publish_at=None)
        _publish(clip.pk)
    elif not own.exclude(state=ClipState.READY).update(plan=Plan(plan), publish_at=at):
        raise AlreadyPublished
    clip.refresh_from_db()
    return clip


def publish_due() -> int:
    """Publish every clip whose time has come, the longest due first, each in a transaction of its own.

    Returns how many. Run by beat; running it twice, late, or at the same time as another publishes nothing twice."""
    published = 0
    while True:
        now = timezone.now()
        due = Clip.objects.due(now).order_by("publish_at", "pk")
        ids = list(due.values_list("pk", flat=True)[:DUE_AT_ONCE])
        # The conditions again: the author may have moved or deleted it since.
        done = sum(_publish(pk, plan=Plan.AT, publish_at__lte=now) for pk in ids)
        published += done
        if len(ids) < DUE_AT_ONCE or not done:
            return published
