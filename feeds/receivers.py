"""What the feeds do when lower apps announce something. The only receivers in the project.

| signal | announced by | what happens here, in the same transaction |
| --- | --- | --- |
| clip_published | clips.processing | a line in the log |
| reposted | reposts.services | a line in the log |
| clip_watched | clips.services | the clip keeps its place from now on |
| followed, returned | accounts.services | the viewer's store is stale |
| went_dormant | accounts.services | their stores are dropped |
"""

from __future__ import annotations

from typing import Any

from accounts.models import Follow, User
from accounts.signals import followed, returned, went_dormant
from clips.models import Clip
from clips.signals import clip_published, clip_watched
from reposts.models import Repost
from reposts.signals import reposted

from . import log, upkeep
from .models import SeenClip


def on_clip_published(sender: Any, *, clip: Clip, **kwargs: Any) -> None:
    log.append_published(clip=clip)


def on_reposted(sender: Any, *, repost: Repost, **kwargs: Any) -> None:
    log.append_reposted(repost=repost)


def on_clip_watched(sender: Any, *, user: User, clip: Clip, **kwargs: Any) -> None:
    SeenClip.objects.get_or_create(viewer=user, clip=clip, defaults={"activity_id": log.newest_id()})


def on_followed(sender: Any, *, follow: Follow, **kwargs: Any) -> None:
    upkeep.mark_stale(viewer_id=follow.follower_id)


def on_returned(sender: Any, *, user: User, **kwargs: Any) -> None:
    upkeep.mark_stale(viewer_id=user.pk)


def on_went_dormant(sender: Any, *, user_ids: list[int], **kwargs: Any) -> None:
    upkeep.drop_stores(viewer_ids=user_ids)


def connect() -> None:
    """Called once, when the app is ready."""
    clip_published.connect(on_clip_published, dispatch_uid="feeds.clip_published")
    reposted.connect(on_reposted, dispatch_uid="feeds.reposted")
    clip_watched.connect(on_clip_watched, dispatch_uid="feeds.clip_watched")
    followed.connect(on_followed, dispatch_uid="feeds.followed")
    returned.connect(on_returned, dispatch_uid="feeds.returned")
    went_dormant.connect(on_went_dormant, dispatch_uid="feeds.went_dormant")
