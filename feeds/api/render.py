"""Feed cards as JSON: plain dictionaries from hydrated items, no serializer on this path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.api.people import person_json
from accounts.models import User
from clips.api.render import clip_json
from feeds.control_list import Line
from feeds.forms import Watched
from feeds.hydration import FeedItem
from feeds.why import Edge, Explanation, Obstacle
from feeds.why_text import edge_lines, obstacle_line, summary, term_lines
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


def control_json(line: Line, base: str) -> dict[str, Any]:
    return {
        "id": line.reference,
        "kind": line.kind,
        "since": line.since,
        "until": line.until,
        "user": person_json(line.person, base) if line.person else None,
        "clip": line.clip_id,
        "poster": base + line.clip.poster_url if line.clip else None,
        "text": line.text,
        "weights": _weights(line, base) if line.kind == "fewer" else None,
    }


def _weights(line: Line, base: str) -> dict[str, Any]:
    return {
        "author": round(line.weight_author, 4),
        "others": round(line.weight_other, 4),
        "hashtags": list(line.tags),
        "reposter": person_json(line.reposter, base) if line.reposter else None,
    }


def settings_json(user: User) -> dict[str, Any]:
    return {
        "watched": Watched.of(user),
        "hide_reposted": user.hide_reposted,
        "hide_reposts_of_followed": user.hide_reposts_of_followed,
    }


def why_json(found: Explanation, base: str, *, signed_in: bool) -> dict[str, Any]:
    """A sheet as JSON. `signed_in`: whether the reader could change anything."""
    clip = found.clip
    controls = f"{base}/api/v1/me/feed-controls"
    actions: list[dict[str, Any]] = []
    if signed_in and not clip.is_own:
        actions = [
            _action("hide_clip", "PUT", f"{controls}/clips/{clip.id}"),
            _action("fewer", "PUT", f"{controls}/fewer/{clip.id}", via=found.via_id),
            _action("hide_clips_by", "PUT", f"{controls}/clips-by/{clip.author.username}"),
        ]
    return {
        "feed": found.feed,
        "clip": clip.id,
        "author": person_json(clip.author, base),
        "in_feed": found.in_feed,
        "summary": summary(found),
        "placed_at": found.placed_at,
        "reasons": [_edge_json(edge, found, base) for edge in found.edges],
        "more_reasons": found.more_edges,
        "ranking": _ranking_json(found) if found.terms else None,
        "kept_out_by": [_obstacle_json(one, controls, base) for one in found.obstacles],
        "left_out": [_obstacle_json(one, controls, base) for one in found.left_out],
        "actions": actions,
    }


def _action(code: str, method: str, url: str, **body: Any) -> dict[str, Any]:
    return {"code": code, "method": method, "url": url, "body": {k: v for k, v in body.items() if v is not None}}


def _edge_json(edge: Edge, found: Explanation, base: str) -> dict[str, Any]:
    controls, name = f"{base}/api/v1/me/feed-controls", edge.person.username
    if edge.kind == "repost":
        actions = [
            _action("hide_reposts_by", "PUT", f"{controls}/reposts-by/{name}"),
            _action("hide_reposts_of", "PUT", f"{controls}/reposts-of/{found.clip.author.username}"),
        ]
    else:
        actions = [_action("hide_clips_by", "PUT", f"{controls}/clips-by/{name}")]
    return {
        "kind": edge.kind,
        "user": person_json(edge.person, base),
        "at": edge.at,
        "comment": edge.comment,
        "repost_id": edge.repost_id,
        "audience": edge.audience or None,
        "via": person_json(edge.via, base) if edge.via else None,
        "follows_since": edge.follows_since,
        "brought": edge.brought,
        "text": " ".join(edge_lines(edge)),
        "actions": [*actions, _action("unfollow", "DELETE", f"{base}/api/v1/users/{name}/follow")],
    }


def _ranking_json(found: Explanation) -> dict[str, Any]:
    assert found.terms is not None
    return {
        "position": found.position,
        "candidates": found.candidates,
        "score": round(found.terms.score, 6),
        "terms": [
            {"code": line.code, "factor": round(line.factor, 6), "text": line.text} for line in term_lines(found.terms)
        ],
    }


def _obstacle_json(one: Obstacle, controls: str, base: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "user": person_json(one.person, base) if one.person else None,
        "at": one.at,
        "until": one.until,
        "text": obstacle_line(one),
        "undo": _action("undo", "DELETE", f"{controls}/{one.reference}") if one.reference else None,
    }
