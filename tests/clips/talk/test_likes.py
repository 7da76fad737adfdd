"""Likes of clips and comments: counted once, announced once, taken back by whoever gave them."""

from __future__ import annotations

import pytest

from clips.models import Clip, Comment, CommentLike, Like
from clips.signals import comment_liked, liked
from clips.talk import likes
from tests.factories import BlockFactory, ClipFactory, CommentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def announced():
    """The likes that were announced."""
    heard = []

    def hear(sender, *, like, **kwargs):
        heard.append(like)

    liked.connect(hear)
    comment_liked.connect(hear)
    yield heard
    liked.disconnect(hear)
    comment_liked.disconnect(hear)


def count(row):
    row.refresh_from_db()
    return row.like_count


def test_liking_twice_is_one_like(announced):
    clip, user = ClipFactory(), UserFactory()
    assert likes.like_clip(user=user, clip_id=clip.pk) is True
    assert likes.like_clip(user=user, clip_id=clip.pk) is False
    assert count(clip) == 1
    assert announced == [Like.objects.get()]


def test_taking_back_twice_is_one_undo():
    clip, user = ClipFactory(), UserFactory()
    likes.like_clip(user=user, clip_id=clip.pk)
    assert likes.unlike_clip(user=user, clip_id=clip.pk) is True
    assert likes.unlike_clip(user=user, clip_id=clip.pk) is False
    assert count(clip) == 0
    assert not Like.objects.exists()


def test_what_is_hidden_cannot_be_liked_but_a_like_of_it_taken_back(announced):
    clip, user = ClipFactory(), UserFactory()
    likes.like_clip(user=user, clip_id=clip.pk)
    BlockFactory(blocker=clip.author, blocked=user)
    with pytest.raises(Clip.DoesNotExist):
        likes.like_clip(user=user, clip_id=clip.pk)
    assert likes.unlike_clip(user=user, clip_id=clip.pk)
    with pytest.raises(Clip.DoesNotExist):
        likes.like_clip(user=user, clip_id=clip.pk)
    assert count(clip) == 0
    assert len(announced) == 1


def test_comments_are_liked_the_same_way(announced):
    comment, user = CommentFactory(), UserFactory()
    assert likes.like_comment(user=user, comment_id=comment.pk) is True
    assert likes.like_comment(user=user, comment_id=comment.pk) is False
    assert count(comment) == 1
    assert announced == [CommentLike.objects.get()]
    assert likes.unlike_comment(user=user, comment_id=comment.pk) is True
    assert likes.unlike_comment(user=user, comment_id=comment.pk) is False
    assert count(comment) == 0


def test_a_hidden_comment_cannot_be_liked():
    comment, user = CommentFactory(), UserFactory()
    BlockFactory(blocker=comment.author, blocked=user)
    with pytest.raises(Comment.DoesNotExist):
        likes.like_comment(user=user, comment_id=comment.pk)
    assert count(comment) == 0
