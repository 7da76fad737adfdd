"""Composed reads on clips that return ready data, in a fixed number of queries however many clips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.urls import get_script_prefix, reverse

from accounts.models import User
from accounts.prepared import Prepared, moment
from accounts.selectors import Person

from .models import Clip, Like, Rendition


@dataclass(frozen=True, slots=True)
class Source:
    """One rendition: an MP4 at `url`, its size in pixels and bytes. The smallest comes first."""

    url: str
    short_edge: int
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ClipView:
    """A clip as pages and the API show it. The caller has checked that the viewer may see it."""

    id: int
    author: Person
    caption: str
    alt_text: str
    visibility: str
    allow_reposts: str
    allow_comments: str
    duration_ms: int
    width: int
    height: int
    has_audio: bool
    poster_url: str
    placeholder: str
    sources: list[Source]
    repost_count: int
    watch_count: int
    like_count: int
    comment_count: int
    is_liked: bool  # by the viewer
    published_at: datetime | None  # None until the clip is ready
    author_is_private: bool
    is_own: bool
    captions: tuple[str, ...] = ()  # BCP 47 tags of its caption tracks


_FIELDS = (
    "pk",
    "author_id",
    "author__username",
    "author__display_name",
    "author__avatar",
    "caption",
    "alt_text",
    "visibility",
    "allow_reposts",
    "allow_comments",
    "duration_ms",
    "width",
    "height",
    "has_audio",
    "placeholder",
    "repost_count",
    "watch_count",
    "like_count",
    "comment_count",
    "published_at",
    "author__is_private",
    "caption_languages",
    "is_liked",
)


# The viewer's like is one probe of a unique index a clip: a query of its own would cost more.
_CLIPS = Prepared(
    lambda viewer, ids: (
        Clip.objects.filter(pk__in=ids)
        .annotate(is_liked=Exists(Like.objects.filter(user=viewer, clip=OuterRef("pk"))))
        .values_list(*_FIELDS)
    )
)
_RENDITIONS = Prepared(
    lambda viewer, ids: (
        Rendition.objects.filter(clip_id__in=ids)
        .order_by("short_edge")
        .values_list("clip_id", "short_edge", "width", "height", "bytes")
    )
)


@cache
def _media_prefix(script_prefix: str) -> str:
    """What every media address begins with. Reversing costs more than all else that a card's addresses need."""
    return reverse("clips:media", args=[0, "x"]).removesuffix("0/x")


def media_url(clip_id: int, file: str) -> str:
    """Address of a clip's file, such as `720.mp4` or `poster.webp`; the rule is asked at every request."""
    return f"{_media_prefix(get_script_prefix())}{clip_id}/{file}"


def clip_views(viewer: User | AnonymousUser, clip_ids: Iterable[int]) -> dict[int, ClipView]:
    """The views of these clips by id, in two queries. Asks no rule: the ids come from a `visible_to`."""
    ids = list(clip_ids)
    if not ids:
        return {}
    sources: dict[int, list[Source]] = {pk: [] for pk in ids}
    for clip_id, edge, width, height, size in _RENDITIONS.rows(0, ids):
        sources[clip_id].append(Source(media_url(clip_id, f"{edge}.mp4"), edge, width, height, size))
    views = {}
    for row in _CLIPS.rows(viewer.pk or 0, ids):
        pk, author_id, username, display_name, avatar, *rest = row
        (caption, alt, visibility, policy, talk, duration, width, height, audio, placeholder) = rest[:10]
        reposts, watches, like_count, comment_count, published_at, private, languages, is_liked = rest[10:]
        views[pk] = ClipView(
            id=pk,
            author=Person(author_id, username, display_name, avatar),
            caption=caption,
            alt_text=alt,
            visibility=visibility,
            allow_reposts=policy,
            allow_comments=talk,
            duration_ms=duration,
            width=width,
            height=height,
            has_audio=bool(audio),
            poster_url=media_url(pk, "poster.webp"),
            placeholder=placeholder,
            sources=sources[pk],
            repost_count=reposts,
            watch_count=watches,
            like_count=like_count,
            comment_count=comment_count,
            is_liked=bool(is_liked),
            published_at=moment(published_at) if published_at else None,
            author_is_private=bool(private),
            is_own=author_id == viewer.pk,
            captions=tuple(languages.split()),
        )
    return views
