"""People as JSON. Plain dictionaries: the hot paths (feeds) make some fifty of them a page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request

from accounts.avatars import avatar_url
from accounts.models import User
from accounts.selectors import Person, Relation, edge_counts, person, relation


def origin(request: Request) -> str:
    """Scheme and host of this server, without a slash at the end."""
    return request.build_absolute_uri("/")[:-1]


def person_json(who: Person, base: str) -> dict[str, Any]:
    return {
        "id": who.id,
        "username": who.username,
        "display_name": who.display_name,
        "avatar": base + avatar_url(who.avatar) if who.avatar else None,
    }


def relation_json(how: Relation) -> dict[str, Any]:
    mute = how.mute
    return {
        "is_self": how.is_self,
        "follows": how.follows,
        "requested": how.requested,
        "followed_by": how.followed_by,
        "show_reposts": how.show_reposts,
        "blocks": how.blocks,
        "mute": {"scope": mute.scope, "until": mute.until} if mute else None,
    }


def _shown_to_all(user: User, base: str) -> dict[str, Any]:
    counts = edge_counts(user)
    return {
        **person_json(person(user), base),
        "bio": user.bio,
        "is_private": user.is_private,
        "counts": {"followers": counts.followers, "following": counts.following},
        "joined_at": user.date_joined,
    }


def profile_json(viewer: User | AnonymousUser, user: User, base: str) -> dict[str, Any]:
    """A profile that `viewer` may open. `relation` is null for people who are not signed in."""
    how = relation_json(relation(viewer, user)) if viewer.is_authenticated else None
    return {**_shown_to_all(user, base), "relation": how}


def me_json(user: User, base: str) -> dict[str, Any]:
    """One's own profile with what only oneself sees."""
    return {
        **_shown_to_all(user, base),
        "birth_date": user.birth_date,
        "reposts_tab": user.reposts_tab,
        "raise_watched": user.raise_watched,
        "sends_from": user.sends_from,
        "language": user.language,
        "time_zone": user.time_zone,
        "captions_on": user.captions_on,
        "playback_percent": user.playback_percent,
    }
