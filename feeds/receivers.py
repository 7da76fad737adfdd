"""What the feeds do when lower apps announce something. The only receivers in the project.

| signal | announced by | what happens here, in the same transaction |
| --- | --- | --- |
| clip_published | clips.processing, clips.publication | a line in the log, a notification, the caption is searchable |
| clip_failed | clips.processing | a notification |
| clip_progressed | clips.processing, clips.services | the author's page looks again |
| liked, commented, comment_liked, mentioned, clip_sent | clips.talk, clips.tags, clips.sends | a notification |
| reposted | reposts.services | a line in the log, notifications |
| repost_undone | reposts.services | open pages look again |
| clip_watched | clips.services | the clip keeps its place from now on; whose repost brought it is noted |
| followed | accounts.services | the viewer's store is stale, a notification |
| follow_requested | accounts.services | a notification |
| blocked | accounts.services | both look again |
| returned | accounts.services | the viewer's store is stale |
| went_dormant | accounts.services | their stores are dropped |
| handle_changed | accounts.handles | the search finds the new handle |
| tagged | clips.tags | the search finds new hashtags |
| post_save of User and Clip | whoever saves one | the search finds the new name, handle or caption |
| post_delete of User and Clip | whoever deletes one | the search forgets it |
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from accounts.models import Block, Follow, User
from accounts.signals import blocked, follow_requested, followed, handle_changed, returned, went_dormant
from clips.models import Clip, Comment, CommentLike, Like, Mention, Send
from clips.signals import (
    clip_failed,
    clip_progressed,
    clip_published,
    clip_sent,
    clip_watched,
    comment_liked,
    commented,
    liked,
    mentioned,
    tagged,
)
from reposts.arrivals import note_arrival
from reposts.models import Repost
from reposts.signals import repost_undone, reposted

from . import log, marks, upkeep
from .models import SeenClip
from .notifications import writing
from .search import upkeep as search
from .search.models import Kind


def on_clip_published(sender: Any, *, clip: Clip, **kwargs: Any) -> None:
    log.append_published(clip=clip)
    writing.tell_clip_done(clip, failed=False)
    search.keep_clip(clip)


def on_clip_failed(sender: Any, *, clip: Clip, **kwargs: Any) -> None:
    writing.tell_clip_done(clip, failed=True)


def on_clip_progressed(sender: Any, *, clip: Clip, **kwargs: Any) -> None:
    transaction.on_commit(lambda: marks.touch(clip.author_id))


def on_reposted(sender: Any, *, repost: Repost, **kwargs: Any) -> None:
    log.append_reposted(repost=repost)
    writing.tell_reposted(repost)


def on_repost_undone(sender: Any, *, repost: Repost, **kwargs: Any) -> None:
    transaction.on_commit(marks.touch_log)


def on_clip_watched(sender: Any, *, user: User, clip: Clip, via_id: int | None = None, **kwargs: Any) -> None:
    note_arrival(viewer=user, clip=clip, via_id=via_id)
    SeenClip.objects.get_or_create(viewer=user, clip=clip, defaults={"activity_id": log.newest_id()})


def on_followed(sender: Any, *, follow: Follow, asked: bool, **kwargs: Any) -> None:
    upkeep.mark_stale(viewer_id=follow.follower_id)
    writing.tell_followed(follow, asked=asked)
    transaction.on_commit(lambda: marks.touch(follow.follower_id))


def on_follow_requested(sender: Any, *, follow: Follow, **kwargs: Any) -> None:
    writing.tell_follow_requested(follow)


def on_blocked(sender: Any, *, block: Block, **kwargs: Any) -> None:
    transaction.on_commit(lambda: marks.touch(block.blocker_id, block.blocked_id))


def on_returned(sender: Any, *, user: User, **kwargs: Any) -> None:
    upkeep.mark_stale(viewer_id=user.pk)


def on_went_dormant(sender: Any, *, user_ids: list[int], **kwargs: Any) -> None:
    upkeep.drop_stores(viewer_ids=user_ids)


def on_tagged(sender: Any, *, hashtag_ids: list[int], **kwargs: Any) -> None:
    search.keep_tags(hashtag_ids)


def on_handle_changed(sender: Any, *, user: User, **kwargs: Any) -> None:
    search.keep_person(user)


def on_person_saved(sender: Any, *, instance: User, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if update_fields is None or update_fields & {"username", "display_name"}:
        search.keep_person(instance)


def on_clip_saved(sender: Any, *, instance: Clip, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if update_fields is None or "caption" in update_fields:
        search.keep_clip(instance)


def on_person_deleted(sender: Any, *, instance: User, **kwargs: Any) -> None:
    search.forget(Kind.PERSON, instance.pk)


def on_clip_row_deleted(sender: Any, *, instance: Clip, **kwargs: Any) -> None:
    search.forget(Kind.CLIP, instance.pk)


def on_liked(sender: Any, *, like: Like, **kwargs: Any) -> None:
    writing.tell_liked(like)


def on_commented(sender: Any, *, comment: Comment, **kwargs: Any) -> None:
    writing.tell_commented(comment)


def on_comment_liked(sender: Any, *, like: CommentLike, **kwargs: Any) -> None:
    writing.tell_comment_liked(like)


def on_mentioned(sender: Any, *, mention: Mention, **kwargs: Any) -> None:
    writing.tell_mentioned(mention)


def on_clip_sent(sender: Any, *, send: Send, **kwargs: Any) -> None:
    writing.tell_sent(send)


def connect() -> None:
    """Called once, when the app is ready."""
    clip_published.connect(on_clip_published, dispatch_uid="feeds.clip_published")
    clip_failed.connect(on_clip_failed, dispatch_uid="feeds.clip_failed")
    clip_progressed.connect(on_clip_progressed, dispatch_uid="feeds.clip_progressed")
    liked.connect(on_liked, dispatch_uid="feeds.liked")
    commented.connect(on_commented, dispatch_uid="feeds.commented")
    comment_liked.connect(on_comment_liked, dispatch_uid="feeds.comment_liked")
    mentioned.connect(on_mentioned, dispatch_uid="feeds.mentioned")
    clip_sent.connect(on_clip_sent, dispatch_uid="feeds.clip_sent")
    reposted.connect(on_reposted, dispatch_uid="feeds.reposted")
    repost_undone.connect(on_repost_undone, dispatch_uid="feeds.repost_undone")
    clip_watched.connect(on_clip_watched, dispatch_uid="feeds.clip_watched")
    followed.connect(on_followed, dispatch_uid="feeds.followed")
    follow_requested.connect(on_follow_requested, dispatch_uid="feeds.follow_requested")
    blocked.connect(on_blocked, dispatch_uid="feeds.blocked")
    returned.connect(on_returned, dispatch_uid="feeds.returned")
    went_dormant.connect(on_went_dormant, dispatch_uid="feeds.went_dormant")
    handle_changed.connect(on_handle_changed, dispatch_uid="feeds.search.handle_changed")
    tagged.connect(on_tagged, dispatch_uid="feeds.search.tagged")
    post_save.connect(on_person_saved, sender=User, dispatch_uid="feeds.search.person_saved")
    post_save.connect(on_clip_saved, sender=Clip, dispatch_uid="feeds.search.clip_saved")
    post_delete.connect(on_person_deleted, sender=User, dispatch_uid="feeds.search.person_deleted")
    post_delete.connect(on_clip_row_deleted, sender=Clip, dispatch_uid="feeds.search.clip_deleted")
