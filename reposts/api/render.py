"""Reposts, and clips with the caller's own repost, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.api.people import person_json
from accounts.models import User
from clips.api.render import clip_json
from clips.selectors import ClipView, clip_views
from reposts.models import Repost
from reposts.selectors import OwnRepost, RepostLine, own_reposts


def own_state(view: ClipView, reposted: OwnRepost | None) -> dict[str, Any]:
    """What the caller did with a clip."""
    repost = own_repost_json(reposted) if reposted else None
    return {"is_author": view.is_own, "liked": view.is_liked, "reposted": repost}


def own_repost_json(repost: OwnRepost) -> dict[str, Any]:
    return {
        "id": repost.id,
        "comment": repost.comment,
        "audience": repost.audience,
        "comment_detached": repost.comment_detached,
    }


def clips_json(viewer: User | AnonymousUser, ids: Sequence[int], base: str) -> dict[int, dict[str, Any]]:
    """Ready clips with the viewer's own state, by id: 3 queries. Asks no rule: the ids come from a `visible_to`."""
    own = own_reposts(viewer, ids)
    views = clip_views(viewer, ids)
    return {pk: clip_json(view, base, own=own_state(view, own.get(pk))) for pk, view in views.items()}


def repost_json(repost: Repost) -> dict[str, Any]:
    """One's own repost."""
    return {
        "id": repost.pk,
        "comment": repost.comment,
        "audience": repost.audience,
        "comment_detached": repost.comment_detached_at is not None,
        "clip": repost.clip_id,
        "via": repost.via_id,
        "at": repost.created_at,
    }


def line_json(line: RepostLine, base: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "user": person_json(line.user, base),
        "comment": line.comment,
        "audience": line.audience,
        "at": line.at,
        "via": line.via_id,
    }
