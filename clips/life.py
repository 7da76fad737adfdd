"""What this app knows about a person, for export and erasure: their clips with every file, and what they watched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import erasure, sections
from accounts.models import User
from accounts.sections import StoredFile

from . import files, processing, services
from .models import CaptionTrack, Clip, Comment, CommentLike, Conversation, Hashtag, Like, Mention, Send, Watch
from .sends import sending
from .talk import counts

_ENDINGS = (".mp4", ".m4v", ".mov", ".webm", ".mkv")
# Of a clip's columns, all that an export does not tell: where our files lie, and the state of the work on it.
_NOT_TOLD = {"author", "original", "poster", "placeholder", "progress", "attempts", "lease_until", "deleted_at"}


def _recount_watches(clip_ids: list[int]) -> None:
    for clip_id in clip_ids:
        services.recount_watches(clip_id=clip_id)


def erase_talk(user: User) -> Iterator[None]:
    """The person's likes and comments, with the replies under those: a reply without what it replies to says
    nothing. Then what others said and felt about the person's clips, and mentions of the person.

    What others wrote elsewhere stays theirs, a handle typed in it included."""
    clips, comments = partial(counts.recount, "clip"), partial(counts.recount, "comment")
    yield from erasure.delete_counted(Like.objects.filter(user=user), "clip_id", clips)
    yield from erasure.delete_counted(CommentLike.objects.filter(user=user), "comment_id", comments)
    own = Comment.objects.filter(author=user)
    while found := list(own.order_by("pk").values_list("pk", "clip_id", "parent_id")[: erasure.BATCH]):
        with transaction.atomic():
            Comment.objects.filter(pk__in=[pk for pk, _clip, _parent in found]).delete()
            clips(sorted({clip for _pk, clip, _parent in found}))
            comments(sorted({parent for _pk, _clip, parent in found if parent is not None}))
        yield
    Comment.objects.filter(deleted_by=user).update(deleted_by=None)
    for rows in (
        Mention.objects.filter(user=user),
        Like.objects.filter(clip__author=user),
        Comment.objects.filter(clip__author=user, parent__isnull=False),
        Comment.objects.filter(clip__author=user),
    ):
        yield from erasure.delete_all(rows)


def erase_sends(user: User) -> Iterator[None]:
    """What the person sent and was sent, on both sides; then where others sent each other the person's clips."""
    yield from erasure.delete_all(Conversation.objects.filter(owner=user))
    yield from erasure.delete_all(Conversation.objects.filter(other=user))
    yield from erasure.delete_all(Send.objects.filter(sender=user))
    yield from erasure.delete_all(Send.objects.filter(recipient=user))
    of_clips = Send.objects.filter(clip__author=user).select_related("sender", "recipient").order_by("pk")
    while found := list(of_clips[: erasure.BATCH]):
        with transaction.atomic():
            Send.objects.filter(pk__in=[send.pk for send in found]).delete()
            sides = {(send.sender_id, send.recipient_id): (send.sender, send.recipient) for send in found}
            for _ids, (sender, recipient) in sorted(sides.items()):
                sending.settle(sender, recipient)
                sending.settle(recipient, sender)
        yield


def erase_watches(user: User) -> Iterator[None]:
    """What the person watched; the counts of those clips are taken anew. Then who watched the person's clips."""
    yield from erasure.delete_counted(Watch.objects.filter(viewer=user), "clip_id", _recount_watches)
    yield from erasure.delete_all(Watch.objects.filter(clip__author=user))


def erase_clips(user: User) -> Iterator[None]:
    """Files before rows: the names of the files are in the rows. A worker that converts one finds it gone."""
    while clip := Clip.objects.filter(author=user).order_by("pk").first():
        Clip.objects.filter(pk=clip.pk, deleted_at=None).update(deleted_at=timezone.now())
        processing.erase_files(clip_id=clip.pk)
        tags = list(clip.hashtags.values_list("hashtag", flat=True))
        with transaction.atomic():
            clip.delete()
            Hashtag.objects.filter(pk__in=tags, uses__isnull=True).delete()  # a word that nobody else used
        yield


# --- What an export tells ------------------------------------------------------------------------------


def seen(user: User, column: str) -> Exists:
    """Condition: `user` may see the clip that `column` names now."""
    return Exists(Clip.objects.visible_to(user).filter(pk=OuterRef(column)))


def clip_ref(clip: Clip, is_seen: bool) -> dict[str, Any]:
    """A clip as an export names it: what one may see of it now, else the bare id. `author` must be joined."""
    if not is_seen:
        return {"id": clip.pk}
    return {"id": clip.pk, "path": clip.get_absolute_url(), "author": clip.author.username, "caption": clip.caption}


def _video_name(clip: Clip) -> str:
    """Where the uploaded video lies in the ZIP. Only the ending of its own name is used, and only a known one."""
    ending = Path(clip.original_name).suffix.lower()
    return f"clips/{clip.pk}{ending if ending in _ENDINGS else '.mp4'}"


def _own(user: User) -> QuerySet[Clip]:
    return Clip.objects.filter(author=user, deleted_at=None).order_by("pk")


def tell_clips(user: User) -> Iterator[dict[str, Any]]:
    """Every clip that the person has not deleted, in whatever state, with the place of its video in the ZIP."""
    told = [field.attname for field in Clip._meta.concrete_fields if field.name not in _NOT_TOLD]
    for clip in _own(user).iterator(chunk_size=500):
        yield {
            **{name: getattr(clip, name) for name in told},
            "path": clip.get_absolute_url(),
            "video": _video_name(clip) if clip.original else None,
        }


def clip_files(user: User) -> Iterator[StoredFile]:
    """The videos as they were uploaded."""
    for clip in _own(user).exclude(original="").iterator(chunk_size=500):
        yield StoredFile(_video_name(clip), files.absolute(clip.original))


def tell_watches(user: User) -> Iterator[dict[str, Any]]:
    rows = Watch.objects.filter(viewer=user).select_related("clip__author").annotate(is_seen=seen(user, "clip_id"))
    for watch in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {
            "clip": clip_ref(watch.clip, watch.is_seen),
            "furthest_ms": watch.furthest_ms,
            "watched_at": watch.watched_at,
            "updated_at": watch.updated_at,
        }


def tell_captions(user: User) -> Iterator[dict[str, Any]]:
    tracks = CaptionTrack.objects.filter(clip__author=user, clip__deleted_at=None).order_by("clip", "language")
    for track in tracks.iterator(chunk_size=200):
        yield {"clip_id": track.clip_id, "language": track.language, "vtt": track.vtt}


def tell_likes(user: User) -> Iterator[dict[str, Any]]:
    rows = Like.objects.filter(user=user).select_related("clip__author").annotate(is_seen=seen(user, "clip_id"))
    for like in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {"clip": clip_ref(like.clip, like.is_seen), "at": like.created_at}


def tell_comment_likes(user: User) -> Iterator[dict[str, Any]]:
    """Which comments, by their bare id: their words are their writers'."""
    for like in CommentLike.objects.filter(user=user).order_by("pk").iterator(chunk_size=1_000):
        yield {"comment_id": like.comment_id, "at": like.created_at}


def tell_comments(user: User) -> Iterator[dict[str, Any]]:
    rows = Comment.objects.filter(author=user).select_related("clip__author").annotate(is_seen=seen(user, "clip_id"))
    for comment in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {
            "id": comment.pk,
            "clip": clip_ref(comment.clip, comment.is_seen),
            "parent_id": comment.parent_id,
            "text": comment.text,
            "is_pinned": comment.is_pinned,
            "at": comment.created_at,
            "edited_at": comment.edited_at,
            "deleted_at": comment.deleted_at,
        }


def tell_sent(user: User) -> Iterator[dict[str, Any]]:
    """What the person sent, also what they took off their own list."""
    rows = Send.objects.filter(sender=user).select_related("clip__author", "recipient")
    rows = rows.annotate(is_seen=seen(user, "clip_id"), person_is_seen=sections.seen(user, "recipient_id"))
    for send in rows.order_by("pk").iterator(chunk_size=1_000):
        yield {
            "clip": clip_ref(send.clip, send.is_seen),
            "to": sections.person_ref(send.recipient, send.person_is_seen),
            "text": send.text,
            "at": send.created_at,
            "hidden": send.hidden_for_sender,
        }


def tell_received(user: User) -> Iterator[dict[str, Any]]:
    """What the person was sent and keeps, of people whom they may see; with their own reaction."""
    rows = Send.objects.received_by(user).select_related("clip__author", "sender")
    for send in rows.annotate(is_seen=seen(user, "clip_id")).order_by("pk").iterator(chunk_size=1_000):
        yield {
            "clip": clip_ref(send.clip, send.is_seen),
            "from": sections.person_ref(send.sender, True),
            "text": send.text,
            "at": send.created_at,
            "read_at": send.read_at,
            "reaction": send.reaction,
            "reacted_at": send.reacted_at,
        }


def register() -> None:
    """Called once, when the app is ready."""
    sections.register("clips", _("Clips"), tell_clips, columns=["clips.Clip.author"], files=clip_files)
    sections.register("watches", _("Clips you watched"), tell_watches, columns=["clips.Watch.viewer"])
    sections.register("captions", _("Captions of your clips"), tell_captions, columns=[])
    sections.register("likes", _("Clips you like"), tell_likes, columns=["clips.Like.user"])
    sections.register("comment-likes", _("Comments you like"), tell_comment_likes, columns=["clips.CommentLike.user"])
    sections.register("comments", _("Comments"), tell_comments, columns=["clips.Comment.author"])
    sections.register("sent", _("Clips you sent"), tell_sent, columns=["clips.Send.sender"])
    sections.register("received", _("Clips sent to you"), tell_received, columns=["clips.Send.recipient"])
    sections.leave_out(
        {
            "clips.Conversation.owner": "repeats what was sent",
            "clips.Conversation.other": "repeats what was sent",
            "clips.Mention.user": "what others wrote",
            "clips.Comment.deleted_by": "repeats what the comment says of itself",
        }
    )
    erasure.register(
        "talk",
        erase_talk,
        columns=[
            *("clips.Like.user", "clips.CommentLike.user", "clips.Comment.author", "clips.Comment.deleted_by"),
            "clips.Mention.user",
        ],
    )
    erasure.register(
        "sends",
        erase_sends,
        columns=[
            *("clips.Send.sender", "clips.Send.recipient"),
            *("clips.Conversation.owner", "clips.Conversation.other"),
        ],
    )
    erasure.register("watches", erase_watches, columns=["clips.Watch.viewer"])
    erasure.register("clips", erase_clips, columns=["clips.Clip.author"])
