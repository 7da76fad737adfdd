"""Feed cards as JSON: plain dictionaries from hydrated items, no serializer on this path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.api.people import person_json
from clips.api.render import clip_json
from feeds.hydration import FeedItem
from reposts.api.render import own_state


def card_json(item: FeedItem, base: str) -> dict[str, Any]:
    return {
        "clip": clip_json(item.clip, base, own=own_state(item.clip, item.own_repost)),
        "reasons": [
            {
                "kind": reason.kind,
                "user": person_json(reason.user, base),
                "comment": reason.comment,
                "at": reason.at,
                "repost_id": reason.repost_id,
            }
            for reason in item.reasons
        ],
        "why": item.why,
        "via": item.via_id,
        "follows_author": item.follows_author,
        "place": item.place,
        "products": [],
    }


def cards_json(items: Iterable[FeedItem], base: str) -> list[dict[str, Any]]:
    return [card_json(item, base) for item in items]
