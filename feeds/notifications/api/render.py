"""Notifications as JSON."""

from __future__ import annotations

from typing import Any

from accounts.api.people import person_json
from clips.api.render import MEDIA_PATH
from feeds.notifications.models import Kind, NotificationSettings
from feeds.notifications.selectors import Line, Subject
from feeds.notifications.wording import sentence


def line_json(line: Line, base: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind.value,
        "text": sentence(line),
        "people": [person_json(person, base) for person in line.people],
        "count": line.count,
        "clip": _clip_json(line.clip, base) if line.clip else None,
        "quote": line.quote,
        "at": line.at,
        "newest": line.newest_id,
        "read": line.is_read,
    }


def _clip_json(clip: Subject, base: str) -> dict[str, Any]:
    return {
        "id": clip.id,
        "caption": clip.caption,
        "poster": f"{base}{MEDIA_PATH}/{clip.id}/media/poster.webp" if clip.poster_url else None,
        "failure": clip.failure,
    }


def settings_json(chosen: NotificationSettings, address: str) -> dict[str, Any]:
    return {
        "kinds": {kind.value: kind not in chosen.off for kind in Kind},
        "digest": chosen.digest,
        "digest_address": address or None,
    }
