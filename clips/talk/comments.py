"""Writing, changing, pinning, deleting and bringing back comments. Everything is safe to race.

Locks are taken in this order: the writer, the clip, the comment. `Clip.comment_count` and `Comment.reply_count`
change in the transaction in which a comment really came or went; see `counts`.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Follow, User

from ..exceptions import (
    CommentsClosed,
    CommentsLimited,
    EditTooLate,
    EmptyComment,
    LongComment,
    NotRestorable,
    NotYours,
    ReplyNotPinned,
    TooManyComments,
)
from ..models import COMMENT_LENGTH, Clip, Comment, CommentPolicy
from ..signals import commented
from ..tags.keeping import keep_comment
from ..text import clean_text

EDITABLE_FOR = timedelta(minutes=15)  # after that, what others answered to stays what it was
RESTORABLE_FOR = timedelta(hours=1)
PURGED_AFTER = timedelta(days=1)  # a deleted comment's text stays in the database no longer
SAME_WORDS = timedelta(seconds=15)  # the same words again so soon are the same comment, sent twice
A_MINUTE = 20  # comments of one person


def check_commentable(*, user: User, clip: Clip) -> None:
    """Raises: CommentsClosed or CommentsLimited when `user`, who sees `clip`, may not comment on it."""
    if clip.allow_comments == CommentPolicy.NOBODY:
        raise CommentsClosed
    if clip.allow_comments == CommentPolicy.EVERYONE or clip.author_id == user.pk:
        return
    if not Follow.objects.accepted().filter(follower=clip.author_id, followee=user).exists():
        raise CommentsLimited


def _cleaned(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise EmptyComment
    if len(text) > COMMENT_LENGTH:
        raise LongComment
    return text


def _lock_clip(clip_id: int) -> None:
    Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()


def post_comment(*, user: User, clip_id: int, text: str, parent_id: int | None = None) -> tuple[Comment, bool]:
    """Write a comment, or with `parent_id` a reply. Returns (comment, created).

    A reply to a reply hangs under the comment that began the thread. The same words at the same place within some
    seconds are the comment that is there already. Hashtags in comments are links but list nothing.
    Raises: Clip.DoesNotExist, Comment.DoesNotExist when clip or parent is hidden from `user`; TalkRefused.
    """
    clip = Clip.objects.visible_to(user).get(pk=clip_id)
    text = _cleaned(text)
    root = None
    if parent_id is not None:
        answered = Comment.objects.shown_to(user).select_related("parent").get(pk=parent_id, clip=clip)
        root = answered.parent or answered
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
        _lock_clip(clip_id)
        clip.refresh_from_db(fields=["allow_comments"])
        check_commentable(user=user, clip=clip)
        now = timezone.now()
        lately = Comment.objects.filter(author=user, created_at__gt=now - timedelta(minutes=1))
        again = lately.filter(
            clip=clip, parent=root, text=text, deleted_at=None, created_at__gt=now - SAME_WORDS
        ).first()
        if again is not None:
            return again, False
        if lately.count() >= A_MINUTE:
            raise TooManyComments
        if root is not None and not _count_reply(root.pk, +1):
            raise Comment.DoesNotExist  # deleted since it was looked up
        comment = Comment.objects.create(clip=clip, author=user, parent=root, text=text, created_at=now)
        Clip.objects.filter(pk=clip_id).update(comment_count=F("comment_count") + 1)
        keep_comment(comment)
        commented.send(Comment, comment=comment)
    return comment, True


def _count_reply(root_id: int, by: int) -> bool:
    """Change `reply_count` of a comment that stands. False when it does not."""
    return bool(Comment.objects.filter(pk=root_id, deleted_at=None).update(reply_count=F("reply_count") + by))


def edit_comment(*, user: User, comment_id: int, text: str) -> Comment:
    """Change one's own comment, for EDITABLE_FOR after it was written; it is marked as edited.

    Raises: Comment.DoesNotExist when it is hidden from `user`; TalkRefused."""
    text = _cleaned(text)
    with transaction.atomic():
        comment = Comment.objects.visible_to(user).select_related("clip", "author").get(pk=comment_id)
        Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).values_list("pk").first()
        if comment.author_id != user.pk:
            raise NotYours
        if timezone.now() > comment.created_at + EDITABLE_FOR:
            raise EditTooLate
        if text != comment.text:
            comment.text, comment.edited_at = text, timezone.now()
            comment.save(update_fields=["text", "edited_at"])
            keep_comment(comment)
    return comment


def _of_writer_or_host(user: User, comment_id: int) -> Comment:
    """A comment that `user` wrote, on whatever clip, or that stands on a clip of theirs.

    Raises: NotYours for another's that they can see, Comment.DoesNotExist else."""
    comment = Comment.objects.select_related("clip").get(pk=comment_id)
    if user.pk not in (comment.author_id, comment.clip.author_id):
        Comment.objects.visible_to(user).get(pk=comment_id)
        raise NotYours
    return comment


def delete_comment(*, user: User, comment_id: int) -> bool:
    """Its writer, or the author of the clip, deletes a comment; its replies go with it. Repeating it is no error.

    Returns whether it was there. Raises: Comment.DoesNotExist, NotYours."""
    comment = _of_writer_or_host(user, comment_id)
    return remove_comment(comment=comment, by=user)


@transaction.atomic
def remove_comment(*, comment: Comment, by: User) -> bool:
    """Take a comment away, whoever `by` is: the caller has checked that they may. Returns whether it was there."""
    _lock_clip(comment.clip_id)
    standing = Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk, deleted_at=None).first()
    if standing is None:
        return False
    moved = Comment.objects.filter(pk=comment.pk, deleted_at=None).update(
        deleted_at=timezone.now(), deleted_by=by, is_pinned=False
    )
    if moved:
        _count_out_or_in(standing, -1)
    return bool(moved)


def restore_comment(*, user: User, comment_id: int) -> bool:
    """Undo a deletion: by the one who deleted, for RESTORABLE_FOR. Returns whether it was deleted.

    Raises: Comment.DoesNotExist, NotYours, NotRestorable."""
    with transaction.atomic():
        comment = _of_writer_or_host(user, comment_id)
        _lock_clip(comment.clip_id)
        gone = Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).first()
        if gone is None or gone.deleted_at is None:
            return False
        if gone.deleted_by_id != user.pk or timezone.now() > gone.deleted_at + RESTORABLE_FOR:
            raise NotRestorable
        moved = Comment.objects.filter(pk=comment_id, deleted_at__isnull=False).update(deleted_at=None, deleted_by=None)
        if moved:
            _count_out_or_in(gone, +1)
        return bool(moved)


def _count_out_or_in(comment: Comment, sign: int) -> None:
    """The counts after a comment went (-1) or came back (+1). A comment takes its replies along."""
    if comment.parent_id is None:
        change = 1 + comment.reply_count
    else:
        # Below a deleted comment no reply stands, so it counts on the clip neither before nor after.
        change = int(Comment.objects.filter(pk=comment.parent_id, deleted_at=None).exists())
        Comment.objects.filter(pk=comment.parent_id).update(reply_count=F("reply_count") + sign)
    Clip.objects.filter(pk=comment.clip_id).update(comment_count=F("comment_count") + sign * change)


@transaction.atomic
def pin_comment(*, user: User, comment_id: int, pinned: bool = True) -> Comment:
    """The clip's author puts one comment above the others, in place of the one that was there, or takes it down.

    Raises: Comment.DoesNotExist when it is hidden from `user`; NotYours, ReplyNotPinned."""
    comment = Comment.objects.visible_to(user).select_related("clip").get(pk=comment_id)
    if comment.clip.author_id != user.pk:
        raise NotYours
    if comment.parent_id is not None:
        raise ReplyNotPinned
    _lock_clip(comment.clip_id)
    if pinned:
        Comment.objects.filter(clip=comment.clip_id, is_pinned=True).exclude(pk=comment_id).update(is_pinned=False)
    # Conditional: it may have been deleted since it was looked up, and what is deleted is not pinned.
    Comment.objects.filter(pk=comment_id, deleted_at=None).update(is_pinned=pinned)
    comment.is_pinned = pinned
    return comment


def purge_comments(*, limit: int = 500) -> int:
    """Erase what was deleted before PURGED_AFTER, replies of deleted comments with it. Returns how many were found.

    Changes no count: none of these counted any more."""
    old = Comment.objects.filter(deleted_at__lt=timezone.now() - PURGED_AFTER).order_by("deleted_at")
    ids = list(old.values_list("pk", flat=True)[:limit])
    if ids:
        Comment.objects.filter(pk__in=ids, deleted_at__isnull=False).delete()
    return len(ids)
