"""Likes and comments at the same time, in real threads: whatever the order, the counts are the rows."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest

from accounts.models import User
from clips.exceptions import NotRestorable, TooManyComments
from clips.models import Clip, Comment, Like
from clips.talk import comments, counts, likes
from tests.factories import ClipFactory, CommentFactory, UserFactory

from .threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def people(count: int) -> list[User]:
    return User.objects.bulk_create(User(username=f"p{number}", password="!") for number in range(count))


def state(clip: Clip) -> tuple[int, int]:
    """Likes and comments as stated, after every count was compared with its rows."""
    assert counts.audit(fix=False) == []
    clip.refresh_from_db()
    return clip.like_count, clip.comment_count


def test_one_person_who_taps_like_three_times_at_once_likes_once():
    clip, user = ClipFactory(), UserFactory()
    for _ in range(5):
        tap = partial(likes.like_clip, user=user, clip_id=clip.pk)
        assert sorted(at_once(tap, tap, tap)) == [False, False, True]
        assert state(clip) == (1, 0)
        back = partial(likes.unlike_clip, user=user, clip_id=clip.pk)
        assert sorted(at_once(back, back)) == [False, True]
        assert state(clip) == (0, 0)


def test_many_likes_and_undos_of_one_clip_and_comment_at_once():
    clip = ClipFactory()
    comment = CommentFactory(clip=clip)
    crowd = people(4)
    for _ in range(3):
        calls = []
        for user in crowd:
            calls += [
                partial(likes.like_clip, user=user, clip_id=clip.pk),
                partial(likes.unlike_clip, user=user, clip_id=clip.pk),
                partial(likes.like_comment, user=user, comment_id=comment.pk),
            ]
        at_once(*calls)
        assert state(clip)[0] == Like.objects.count()
        comment.refresh_from_db()
        assert comment.like_count == 4


def test_replies_deletion_and_return_of_a_comment_at_once():
    clip = ClipFactory()
    for _ in range(4):
        root = CommentFactory(clip=clip)
        replier = UserFactory()

        def reply(number: int, root: Comment = root, replier: User = replier) -> None:
            with suppress(Comment.DoesNotExist):  # deleted first
                comments.post_comment(user=replier, clip_id=clip.pk, text=f"reply {number}", parent_id=root.pk)

        def restore(root: Comment = root) -> None:
            with suppress(NotRestorable):
                comments.restore_comment(user=root.author, comment_id=root.pk)

        at_once(
            partial(reply, 1),
            partial(reply, 2),
            partial(comments.delete_comment, user=root.author, comment_id=root.pk),
            restore,
            partial(comments.delete_comment, user=clip.author, comment_id=root.pk),
        )
        state(clip)


def test_a_comment_sent_twice_at_once_is_one():
    clip, user = ClipFactory(), UserFactory()
    send = partial(comments.post_comment, user=user, clip_id=clip.pk, text="once")
    results = at_once(send, send, send)
    assert sorted(created for _, created in results) == [False, False, True]
    assert state(clip) == (0, 1)


def test_parallel_requests_do_not_get_past_the_limit():
    clips, user = [ClipFactory() for _ in range(4)], UserFactory()

    def flood(clip: Clip) -> int:
        written = 0
        for number in range(8):
            with suppress(TooManyComments):
                comments.post_comment(user=user, clip_id=clip.pk, text=f"{number}")
                written += 1
        return written

    assert sum(at_once(*(partial(flood, clip) for clip in clips))) == comments.A_MINUTE


def test_two_pins_at_once_leave_one():
    clip = ClipFactory()
    rows = [CommentFactory(clip=clip) for _ in range(3)]
    for _ in range(4):
        at_once(*(partial(comments.pin_comment, user=clip.author, comment_id=row.pk) for row in rows))
        assert Comment.objects.filter(clip=clip, is_pinned=True).count() == 1
