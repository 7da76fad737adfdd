"""A clip as JSON. A plain dictionary: feeds make up to fifty a page."""

from __future__ import annotations

from typing import Any

from accounts.api.people import person_json
from clips.captions import languages
from clips.models import Clip, ClipState, Plan
from clips.selectors import ClipView

MEDIA_PATH = "/api/v1/clips"  # the API's own door to the bytes: it takes tokens, which `/media/` does not


def clip_json(view: ClipView, base: str, *, own: dict[str, Any], clip: Clip | None = None) -> dict[str, Any]:
    """`view` as the API shows it. `base` is the origin of the addresses, `own` what the caller did with the clip.

    `clip` is given for a clip that may not be ready: its author's own."""
    state = clip.state if clip else ClipState.READY
    ready = state in (ClipState.READY, ClipState.HELD)
    media = f"{base}{MEDIA_PATH}/{view.id}/media/"
    return {
        "id": view.id,
        "state": state,
        "progress": clip.progress if clip and not ready else 100,
        "failure": failure_json(clip) if clip else None,
        "publish": clip.plan if clip else Plan.NOW,
        "publish_at": clip.publish_at if clip else None,
        "author": person_json(view.author, base),
        "caption": view.caption,
        "alt_text": view.alt_text,
        "visibility": view.visibility,
        "allow_reposts": view.allow_reposts,
        "allow_comments": view.allow_comments,
        "duration_ms": view.duration_ms,
        "width": view.width,
        "height": view.height,
        "has_audio": view.has_audio,
        "poster": f"{media}poster.webp" if ready else None,
        "placeholder": view.placeholder,
        "sources": [
            {
                "url": f"{media}{source.short_edge}.mp4",
                "short_edge": source.short_edge,
                "width": source.width,
                "height": source.height,
                "bytes": source.bytes,
            }
            for source in view.sources
        ],
        "captions": [
            {
                "language": language,
                "label": languages.label(language),
                "url": f"{base}{MEDIA_PATH}/{view.id}/captions/{language}",
            }
            for language in view.captions
        ],
        "counts": {
            "reposts": view.repost_count,
            "watches": view.watch_count,
            "likes": view.like_count,
            "comments": view.comment_count,
        },
        "own": own,
        "published_at": view.published_at,
    }


def failure_json(clip: Clip) -> dict[str, str] | None:
    """Why the processing of a clip failed; None unless it did."""
    if clip.state != ClipState.FAILED:
        return None
    return {"code": clip.failure_code, "detail": clip.failure_detail}


def status_json(clip: Clip) -> dict[str, Any]:
    """Where an upload stands."""
    return {
        "id": clip.pk,
        "state": clip.state,
        "progress": clip.progress,
        "failure": failure_json(clip),
        "publish": clip.plan,
        "publish_at": clip.publish_at,
    }
