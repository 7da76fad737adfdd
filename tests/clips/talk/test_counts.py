"""Counts against rows: drift is found, named and put right; an erased person leaves no count behind."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from clips import life
from clips.models import Clip, Comment, Like
from clips.talk import counts, likes
from tests.factories import ClipFactory, CommentFactory, LikeFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_drift_is_reported_and_put_right(capsys):
    clip = LikeFactory().clip
    root = CommentFactory(clip=clip)
    CommentFactory(parent=root)
    call_command("recount_talk")
    assert "agree" in capsys.readouterr().out
    Clip.objects.update(like_count=5, comment_count=0)
    Comment.objects.filter(pk=root.pk).update(like_count=2, reply_count=7)
    expected = {
        f"clip {clip.pk} like_count: 5 stated, 1 counted",
        f"clip {clip.pk} comment_count: 0 stated, 2 counted",
        f"comment {root.pk} like_count: 2 stated, 0 counted",
        f"comment {root.pk} reply_count: 7 stated, 1 counted",
    }
    for arguments in ([], ["--fix"]):
        with pytest.raises(CommandError, match="4 differences"):
            call_command("recount_talk", *arguments)
        assert set(capsys.readouterr().out.splitlines()) == expected
    assert counts.audit(fix=False) == []


def test_a_person_who_is_erased_leaves_no_count_behind():
    leaver, other = UserFactory(), UserFactory()
    clip = ClipFactory()
    for user in (leaver, other):
        likes.like_clip(user=user, clip_id=clip.pk)
    theirs, root = CommentFactory(clip=clip, author=leaver), CommentFactory(clip=clip, author=other)
    CommentFactory(parent=theirs, author=other)
    CommentFactory(parent=root, author=leaver)
    likes.like_comment(user=leaver, comment_id=root.pk)
    list(life.erase_talk(leaver))
    leaver.delete()
    assert counts.audit(fix=False) == []
    clip.refresh_from_db()
    root.refresh_from_db()
    assert (clip.like_count, clip.comment_count) == (1, 1)
    assert (root.like_count, root.reply_count) == (0, 0)
    assert Like.objects.get().user == other
