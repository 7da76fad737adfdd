"""Writing notifications, inside the transaction of what they tell of. Safe to repeat and to race."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Follow
from clips.models import Clip, Comment, CommentLike, Like, Mention, Send
from feeds import marks
from reposts.models import Repost

from .models import OWN_KINDS, Kind, Notification, NotificationGroup

GROUP_LIMIT = 500  # members: a read of one page weighs every member of the groups on it
# Done, undone and done again within a day is no news (nobody is pestered by a button); later it is.
NEWS_AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def notify(
    *,
    recipient_id: int,
    actor_id: int,
    kind: Kind,
    subject: int = 0,
    together: int = 0,
    clip_id: int | None = None,
    repost_id: int | None = None,
    comment_id: int | None = None,
    sent_id: int | None = None,
    news_again_after: timedelta = NEWS_AGAIN_AFTER,
) -> None:
    """Tell `recipient` what `actor` did. Nothing happens when they are the same person, but for their own clips.

    `subject` is by what a repetition is known; `together` what the members of a group share."""
    if recipient_id == actor_id and kind not in OWN_KINDS:
        return
    key = {"recipient_id": recipient_id, "actor_id": actor_id, "kind": kind, "subject": subject}
    told = Notification.objects.filter(**key)
    told.filter(created_at__lt=timezone.now() - news_again_after).delete()
    if not told.exists():
        group = _open_group(recipient_id=recipient_id, kind=kind, subject=together, clip_id=clip_id)
        # Of two that race, one writes: the other's row meets the unique key and is dropped.
        Notification.objects.bulk_create(
            [
                Notification(
                    **key, clip_id=clip_id, repost_id=repost_id, comment_id=comment_id, sent_id=sent_id, group=group
                )
            ],
            ignore_conflicts=True,
        )
        newest = told.values_list("pk", flat=True).first() or 0
        NotificationGroup.objects.filter(pk=group.pk).update(
            size=F("size") + 1, newest_id=Greatest(F("newest_id"), newest), is_open=group.size + 1 < GROUP_LIMIT
        )
    if repost_id is not None:
        told.exclude(repost=repost_id).update(repost=repost_id)
    transaction.on_commit(lambda: marks.touch(recipient_id))


def _open_group(*, recipient_id: int, kind: Kind, subject: int, clip_id: int | None) -> NotificationGroup:
    """The group that takes what comes now, locked. One that is read meanwhile is closed, and another is opened."""
    key = {"recipient_id": recipient_id, "kind": kind, "subject": subject, "day": timezone.now().date()}
    while True:
        group = NotificationGroup.objects.select_for_update().filter(**key, is_open=True).first()
        if group is not None:
            return group
        NotificationGroup.objects.bulk_create([NotificationGroup(**key, clip_id=clip_id)], ignore_conflicts=True)


# --- What is told of, kind by kind: called by `feeds.receivers` --------------------------------------------------


def tell_followed(follow: Follow, *, asked: bool) -> None:
    """Tell whom somebody follows now. Whoever accepted a request knows: then the one who asked is told."""
    if asked:
        notify(recipient_id=follow.follower_id, actor_id=follow.followee_id, kind=Kind.FOLLOW_ACCEPTED)
    else:
        notify(recipient_id=follow.followee_id, actor_id=follow.follower_id, kind=Kind.FOLLOWED)


def tell_follow_requested(follow: Follow) -> None:
    """A line of its own for each: there is a question to answer."""
    notify(
        recipient_id=follow.followee_id,
        actor_id=follow.follower_id,
        kind=Kind.FOLLOW_REQUESTED,
        together=follow.follower_id,
    )


def tell_liked(like: Like) -> None:
    notify(
        recipient_id=like.clip.author_id,
        actor_id=like.user_id,
        kind=Kind.LIKED,
        subject=like.clip_id,
        together=like.clip_id,
        clip_id=like.clip_id,
    )


def tell_commented(comment: Comment) -> None:
    """Tell whom a reply answers, and the clip's author; each once, as what concerns them most."""
    author_id = comment.clip.author_id
    answered_id = comment.parent.author_id if comment.parent else None
    if comment.parent is not None and answered_id is not None:
        _tell_of_comment(comment, answered_id, Kind.REPLIED, together=comment.parent.pk)
    # Mentions are told before: see `clips.tags.keeping`.
    if author_id != answered_id and not Mention.objects.filter(comment=comment, user=author_id).exists():
        _tell_of_comment(comment, author_id, Kind.COMMENTED, together=comment.clip_id)


def tell_comment_liked(like: CommentLike) -> None:
    comment = like.comment
    notify(
        recipient_id=comment.author_id,
        actor_id=like.user_id,
        kind=Kind.COMMENT_LIKED,
        subject=comment.pk,
        together=comment.pk,
        clip_id=comment.clip_id,
        comment_id=comment.pk,
    )


def tell_mentioned(mention: Mention) -> None:
    """Tell the mentioned, but not whom the comment answers: the reply is told of."""
    comment = mention.comment
    if comment is None:
        notify(
            recipient_id=mention.user_id,
            actor_id=mention.clip.author_id,
            kind=Kind.MENTIONED,
            subject=-mention.clip_id,
            together=-mention.clip_id,
            clip_id=mention.clip_id,
        )
    elif comment.parent is None or comment.parent.author_id != mention.user_id:
        _tell_of_comment(comment, mention.user_id, Kind.MENTIONED, together=comment.pk)


def _tell_of_comment(comment: Comment, recipient_id: int, kind: Kind, *, together: int) -> None:
    notify(
        recipient_id=recipient_id,
        actor_id=comment.author_id,
        kind=kind,
        subject=comment.pk,
        together=together,
        clip_id=comment.clip_id,
        comment_id=comment.pk,
    )


def tell_sent(send: Send) -> None:
    """A line of its own for each: it comes with a word."""
    notify(
        recipient_id=send.recipient_id,
        actor_id=send.sender_id,
        kind=Kind.SENT,
        subject=send.pk,
        together=send.pk,
        clip_id=send.clip_id,
        sent_id=send.pk,
    )


def tell_reposted(repost: Repost) -> None:
    """Tell the clip's author, and whom it was reposted from. Whether they may know is asked when they look."""
    told = [(repost.clip.author_id, Kind.REPOSTED)]
    if repost.via is not None:
        told.append((repost.via.user_id, Kind.REPOSTED_VIA))
    for recipient_id, kind in sorted(told):  # in one order everywhere: two transactions never wait for each other
        notify(
            recipient_id=recipient_id,
            actor_id=repost.user_id,
            kind=kind,
            subject=repost.clip_id,
            together=repost.clip_id,
            clip_id=repost.clip_id,
            repost_id=repost.pk,
        )


def tell_clip_done(clip: Clip, *, failed: bool) -> None:
    """Tell the author how the preparation ended. After a retry it is news again."""
    notify(
        recipient_id=clip.author_id,
        actor_id=clip.author_id,
        kind=Kind.CLIP_FAILED if failed else Kind.CLIP_READY,
        subject=clip.pk,
        together=clip.pk,
        clip_id=clip.pk,
        news_again_after=timedelta(0),
    )
