"""Who came to a clip through whose repost: noted once, when the watch first counts."""

from __future__ import annotations

from accounts.models import User
from clips.models import Clip

from .models import Arrival, Repost


def note_arrival(*, viewer: User, clip: Clip, via_id: int | None) -> Arrival | None:
    """Remember that the repost `via_id` brought `clip` to `viewer`. None when no repost did, or it is not one that
    they could have seen: the number comes from a player and may be anything. Repeating it changes nothing."""
    if via_id is None:
        return None
    repost = Repost.objects.visible_to(viewer).filter(clip=clip, pk=via_id).exclude(user=viewer).first()
    if repost is None:
        return None
    arrival, _ = Arrival.objects.get_or_create(viewer=viewer, clip=clip, defaults={"repost": repost})
    return arrival
