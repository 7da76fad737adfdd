"""Liking and taking it back, of clips and of comments. Safe to repeat and to race.

A count changes by one in the transaction in which a row really came or went, under a lock on the row that carries
the count; so the count is the number of rows whatever runs at the same time. See `counts` and decision 0007.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User

from ..models import Clip, Comment, CommentLike, Like
from ..signals import comment_liked, liked


def like_clip(*, user: User, clip_id: int) -> bool:
    """`user` likes a clip. Returns whether that is new. Raises: Clip.DoesNotExist when it is hidden from them."""
    clip = Clip.objects.visible_to(user).get(pk=clip_id)
    with transaction.atomic():
        Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()
        like, created = Like.objects.get_or_create(user=user, clip=clip)
        if created:
            Clip.objects.filter(pk=clip_id).update(like_count=F("like_count") + 1)
            liked.send(Like, like=like)
    return created


@transaction.atomic
def unlike_clip(*, user: User, clip_id: int) -> bool:
    """Take a like back, also of a clip that one cannot see any more. Returns whether there was one."""
    Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()
    gone, _ = Like.objects.filter(user=user, clip_id=clip_id).delete()
    if not gone:
        return False
    Clip.objects.filter(pk=clip_id).update(like_count=F("like_count") - 1)
    return True


def like_comment(*, user: User, comment_id: int) -> bool:
    """`user` likes a comment. Returns whether that is new. Raises: Comment.DoesNotExist when it is hidden from them."""
    comment = Comment.objects.visible_to(user).select_related("clip").get(pk=comment_id)
    with transaction.atomic():
        Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).values_list("pk").first()
        like, created = CommentLike.objects.get_or_create(user=user, comment=comment)
        if created:
            Comment.objects.filter(pk=comment_id).update(like_count=F("like_count") + 1)
            comment_liked.send(CommentLike, like=like)
    return created


@transaction.atomic
def unlike_comment(*, user: User, comment_id: int) -> bool:
    """Take the like of a comment back, whatever became of it. Returns whether there was one."""
    Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).values_list("pk").first()
    gone, _ = CommentLike.objects.filter(user=user, comment_id=comment_id).delete()
    if not gone:
        return False
    Comment.objects.filter(pk=comment_id).update(like_count=F("like_count") - 1)
    return True
