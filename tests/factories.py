"""Test data: people, the edges between them, clips and reposts. Rows only, unless a test asks for real files."""

from __future__ import annotations

import functools
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import av
import factory
import numpy as np
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.models import Block, Follow, Mute, User
from clips import files
from clips.models import Clip, ClipState, Comment, Like, Plan, Rendition
from clips.talk import counts
from feeds import log
from feeds.models import Activity
from reposts.models import Repost
from reposts.services import recount_reposts

PASSWORD = "demo-pass-1"
# What a real clip carries: a 1 x 1 GIF is the shortest picture there is.
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class UserFactory(DjangoModelFactory):
    """An active person who can sign in with `PASSWORD`. `UserFactory(username="alice")`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.LazyAttribute(lambda user: user.username.title())
    birth_date = date(1990, 5, 17)
    password = factory.django.Password(PASSWORD)


class FollowFactory(DjangoModelFactory):
    """An accepted follow; `accepted_at=None` makes it a request."""

    class Meta:
        model = Follow

    follower = factory.SubFactory(UserFactory)
    followee = factory.SubFactory(UserFactory)
    accepted_at = factory.LazyFunction(timezone.now)


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    blocker = factory.SubFactory(UserFactory)
    blocked = factory.SubFactory(UserFactory)


class MuteFactory(DjangoModelFactory):
    """A mute of everything for ever; give `scope` or `until` for less."""

    class Meta:
        model = Mute

    muter = factory.SubFactory(UserFactory)
    muted = factory.SubFactory(UserFactory)


class ClipFactory(DjangoModelFactory):
    """A published clip with one rendition. It is not in the log: see `publish`.

    - `ClipFactory(with_files=True)` also writes a playable 720.mp4, a poster and the private original;
    - `ClipFactory(draft=True)` and `ClipFactory(scheduled=True)` are prepared, not published;
    - `ClipFactory(processing=True)` and `ClipFactory(failed=True)` are not published.
    """

    class Meta:
        model = Clip
        skip_postgeneration_save = True

    class Params:
        processing = factory.Trait(state=ClipState.PROCESSING, progress=40, published_at=None, poster="")
        draft = factory.Trait(state=ClipState.HELD, plan=Plan.DRAFT, published_at=None)
        scheduled = factory.Trait(
            state=ClipState.HELD,
            plan=Plan.AT,
            published_at=None,
            publish_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)),
        )
        failed = factory.Trait(
            state=ClipState.FAILED,
            progress=0,
            published_at=None,
            poster="",
            failure_code="damaged",
            failure_detail="The file is damaged and cannot be read as a video.",
        )
        folder = factory.LazyFunction(files.new_key)

    author = factory.SubFactory(UserFactory)
    caption = factory.Sequence(lambda n: f"Clip number {n}")
    alt_text = "A square of colour"
    state = ClipState.READY
    progress = 100
    published_at = factory.LazyFunction(timezone.now)
    duration_ms = 9_000
    width = 720
    height = 1280
    has_audio = True
    placeholder = PLACEHOLDER
    original = factory.LazyAttribute(lambda clip: f"originals/{clip.folder}/source")
    poster = factory.LazyAttribute(lambda clip: f"clips/{clip.folder}/poster.webp")

    @factory.post_generation
    def with_files(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """One rendition row for a published clip; its bytes too when asked for."""
        clip: Clip = self  # type: ignore[assignment]
        if not create or not clip.is_prepared:
            return
        path = f"{clip.poster.rpartition('/')[0]}/720.mp4"
        video = tiny_mp4() if extracted else b""
        Rendition.objects.create(
            clip=clip, short_edge=720, width=720, height=1280, bytes=len(video) or 1_000_000, path=path
        )
        if extracted:
            for name, content in ((path, video), (clip.poster, tiny_webp()), (clip.original, video)):
                target = files.absolute(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


class RepostFactory(DjangoModelFactory):
    """A live repost to followers. It is not in the log: see `publish_repost`."""

    class Meta:
        model = Repost
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    clip = factory.SubFactory(ClipFactory)

    @factory.post_generation
    def counted(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        repost: Repost = self  # type: ignore[assignment]
        if create:
            recount_reposts(clip_id=repost.clip_id)


class LikeFactory(DjangoModelFactory):
    """A like of a clip, counted. Nobody was told."""

    class Meta:
        model = Like
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    clip = factory.SubFactory(ClipFactory)

    @factory.post_generation
    def counted(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        like: Like = self  # type: ignore[assignment]
        if create:
            counts.recount("clip", [like.clip_id])


class CommentFactory(DjangoModelFactory):
    """A comment, counted; `parent=` makes it a reply on the same clip. Nobody was told, nothing is indexed."""

    class Meta:
        model = Comment
        skip_postgeneration_save = True

    author = factory.SubFactory(UserFactory)
    parent = None
    clip = factory.Maybe("parent", factory.SelfAttribute("parent.clip"), factory.SubFactory(ClipFactory))
    text = factory.Sequence(lambda n: f"Comment number {n}")

    @factory.post_generation
    def counted(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        comment: Comment = self  # type: ignore[assignment]
        if create:
            counts.recount("clip", [comment.clip_id])
            counts.recount("comment", [comment.parent_id] if comment.parent_id else [])


def publish(clip: Clip) -> Activity:
    """Put a clip into the log, as the media worker does at the end of its work."""
    return log.append_published(clip=clip)


def publish_repost(repost: Repost) -> Activity:
    """Put a repost into the log, as `repost_clip` does."""
    return log.append_reposted(repost=repost)


@functools.cache
def tiny_mp4() -> bytes:
    """Half a second of H.264 at 90 x 160, faststart: some 2 kB that a browser plays."""
    # A real file: moving the index to the front reopens what was written.
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "tiny.mp4"
        with av.open(str(target), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = 90, 160, "yuv420p"
            for step in range(5):
                pixels = np.full((160, 90, 3), (40 * step, 120, 200 - 30 * step), dtype=np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(stream.encode())
        return target.read_bytes()


@functools.cache
def tiny_webp() -> bytes:
    """A poster of 9 x 16 pixels."""
    out = io.BytesIO()
    Image.new("RGB", (9, 16), (40, 120, 200)).save(out, "WEBP")
    return out.getvalue()


def befriend(one: User, other: User) -> None:
    """Make two people mutuals."""
    FollowFactory(follower=one, followee=other)
    FollowFactory(follower=other, followee=one)
