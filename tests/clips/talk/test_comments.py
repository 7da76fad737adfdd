"""Writing, changing, deleting, bringing back and pinning comments: who may, what it counts, what is announced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from clips import exceptions as refusals
from clips.models import Clip, Comment, CommentPolicy, Mention
from clips.services import update_clip
from clips.signals import commented, mentioned
from clips.talk import comments, counts
from tests.factories import BlockFactory, ClipFactory, CommentFactory, FollowFactory, MuteFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def clip(alice):
    return ClipFactory(author=alice)


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def announced():
    """What was announced: comments, and the names of people who were mentioned."""
    heard = []

    def hear_comment(sender, *, comment, **kwargs):
        heard.append(comment)

    def hear_mention(sender, *, mention, **kwargs):
        heard.append(mention.user.username)

    commented.connect(hear_comment)
    mentioned.connect(hear_mention)
    yield heard
    commented.disconnect(hear_comment)
    mentioned.disconnect(hear_mention)


def say(user, clip, text="So calm.", parent=None):
    comment, created = comments.post_comment(
        user=user, clip_id=clip.pk, text=text, parent_id=parent.pk if parent else None
    )
    assert created
    return comment


def stated(clip):
    """The count on the clip, after every count was compared with its rows."""
    assert counts.audit(fix=False) == []
    clip.refresh_from_db()
    return clip.comment_count


def test_a_comment_is_kept_clean_counted_and_announced(clip, bob, announced):
    comment = say(bob, clip, "  ‮caf\u0065\u0301 \u0000\n\n\n\nऔर चाय ")
    assert comment.text == "café\n\nऔर चाय"
    assert announced == [comment]
    assert stated(clip) == 1


def test_a_reply_to_a_reply_hangs_under_the_same_comment(clip, alice, bob, announced):
    root = say(bob, clip)
    first = say(alice, clip, "Thank you!", root)
    second = say(bob, clip, "No, thank you.", first)
    assert first.parent == second.parent == root
    root.refresh_from_db()
    assert root.reply_count == 2
    assert stated(clip) == 3
    assert announced == [root, first, second]


def test_the_same_words_sent_twice_are_one_comment(clip, bob, announced):
    comment = say(bob, clip, "first")
    again, created = comments.post_comment(user=bob, clip_id=clip.pk, text="first ")
    assert (again, created) == (comment, False)
    assert stated(clip) == 1
    assert announced == [comment]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", "comment_empty"), (" \u200b\u2800\n", "comment_empty"), ("x" * 501, "comment_too_long")],
)
def test_text_that_is_not_taken(clip, bob, text, refusal):
    with pytest.raises(refusals.TalkRefused) as caught:
        say(bob, clip, text)
    assert caught.value.code == refusal
    assert stated(clip) == 0


def test_500_characters_are_counted_after_cleaning(clip, bob):
    assert len(say(bob, clip, "🪼" * 500 + "   ").text) == 500


def test_who_may_comment_is_the_authors_choice(clip, alice, bob):
    followed = UserFactory()
    FollowFactory(follower=alice, followee=followed)
    FollowFactory(follower=bob, followee=alice)
    update_clip(clip=clip, allow_comments=CommentPolicy.FOLLOWING)
    say(followed, clip)
    say(alice, clip)
    with pytest.raises(refusals.CommentsLimited):
        say(bob, clip)
    update_clip(clip=clip, allow_comments=CommentPolicy.NOBODY)
    for user in (followed, alice):
        with pytest.raises(refusals.CommentsClosed):
            say(user, clip, "one more")
    assert stated(clip) == 2


def test_hidden_clips_and_comments_cannot_be_answered(clip, alice, bob):
    other = UserFactory()
    root = say(other, clip)
    BlockFactory(blocker=other, blocked=bob)
    with pytest.raises(Comment.DoesNotExist):
        say(bob, clip, "hello?", root)
    elsewhere = CommentFactory()
    with pytest.raises(Comment.DoesNotExist):
        say(bob, clip, "hello?", elsewhere)
    BlockFactory(blocker=alice, blocked=bob)
    with pytest.raises(Clip.DoesNotExist):
        say(bob, clip)
    assert stated(clip) == 1


def test_nobody_writes_more_than_so_many_a_minute(clip, bob):
    for number in range(comments.A_MINUTE):
        say(bob, clip, f"number {number}")
    with pytest.raises(refusals.TooManyComments):
        say(bob, clip, "one more")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    say(bob, clip, "one more")


def test_an_edit_is_marked_and_possible_for_a_while(clip, bob, alice):
    comment = say(bob, clip, "teh sea")
    assert comments.edit_comment(user=bob, comment_id=comment.pk, text="teh sea").edited_at is None
    assert comments.edit_comment(user=bob, comment_id=comment.pk, text="the sea").edited_at is not None
    with pytest.raises(refusals.NotYours):
        comments.edit_comment(user=alice, comment_id=comment.pk, text="mine")
    Comment.objects.update(created_at=timezone.now() - comments.EDITABLE_FOR - timedelta(seconds=1))
    with pytest.raises(refusals.EditTooLate):
        comments.edit_comment(user=bob, comment_id=comment.pk, text="a lake")
    comment.refresh_from_db()
    assert comment.text == "the sea"


def test_mentions_follow_the_text_and_are_announced_once(clip, bob, alice, announced):
    blocking, carol = UserFactory(username="blocking"), UserFactory(username="carol")
    BlockFactory(blocker=blocking, blocked=bob)
    comment = say(bob, clip, "@alice @Alice @blocking @nobody_here @bob")
    assert announced == ["alice", comment]
    comments.edit_comment(user=bob, comment_id=comment.pk, text="@alice @carol")
    comments.edit_comment(user=bob, comment_id=comment.pk, text="@carol")
    assert announced == ["alice", comment, "carol"]
    assert list(Mention.objects.values_list("user", "comment", "clip")) == [(carol.pk, comment.pk, clip.pk)]


def test_its_writer_and_the_clips_author_delete_a_comment(clip, alice, bob):
    other = UserFactory()
    first, second = say(bob, clip, "one"), say(bob, clip, "two")
    with pytest.raises(refusals.NotYours):
        comments.delete_comment(user=other, comment_id=first.pk)
    assert comments.delete_comment(user=bob, comment_id=first.pk) is True
    assert comments.delete_comment(user=bob, comment_id=first.pk) is False
    assert comments.delete_comment(user=alice, comment_id=second.pk) is True
    assert stated(clip) == 0


def test_of_a_comment_that_one_cannot_see_one_learns_nothing(clip, bob):
    other = UserFactory()
    comment = say(bob, clip)
    BlockFactory(blocker=bob, blocked=other)
    with pytest.raises(Comment.DoesNotExist):
        comments.delete_comment(user=other, comment_id=comment.pk)


def test_the_author_deletes_also_what_a_mute_hides_from_them(clip, alice, bob):
    comment = say(bob, clip)
    MuteFactory(muter=alice, muted=bob)
    assert comments.delete_comment(user=alice, comment_id=comment.pk)


def test_a_comment_takes_its_replies_along_and_brings_them_back(clip, alice, bob):
    root = say(bob, clip, "one")
    reply = say(alice, clip, "two", root)
    say(alice, clip, "three", root)
    say(alice, clip, "four")
    comments.delete_comment(user=alice, comment_id=reply.pk)
    assert stated(clip) == 3
    comments.delete_comment(user=bob, comment_id=root.pk)
    assert stated(clip) == 1
    assert not Comment.objects.standing().filter(parent=root).exists()
    # Below a deleted comment a reply comes back without standing.
    assert comments.restore_comment(user=alice, comment_id=reply.pk)
    assert stated(clip) == 1
    assert comments.restore_comment(user=bob, comment_id=root.pk)
    assert comments.restore_comment(user=bob, comment_id=root.pk) is False
    assert stated(clip) == 4


def test_only_the_one_who_deleted_brings_back_and_only_for_a_while(clip, alice, bob):
    comment = say(bob, clip)
    comments.delete_comment(user=alice, comment_id=comment.pk)
    with pytest.raises(refusals.NotRestorable):
        comments.restore_comment(user=bob, comment_id=comment.pk)
    Comment.objects.update(deleted_at=timezone.now() - comments.RESTORABLE_FOR - timedelta(seconds=1))
    with pytest.raises(refusals.NotRestorable):
        comments.restore_comment(user=alice, comment_id=comment.pk)
    assert stated(clip) == 0


def test_no_reply_to_what_was_deleted_meanwhile(clip, alice, bob):
    root = say(bob, clip)
    comments.delete_comment(user=bob, comment_id=root.pk)
    with pytest.raises(Comment.DoesNotExist):
        say(alice, clip, "too late", root)
    assert stated(clip) == 0


def test_the_author_pins_one_comment_at_a_time(clip, alice, bob):
    first, second = say(bob, clip, "one"), say(bob, clip, "two")
    reply = say(bob, clip, "three", first)
    comments.pin_comment(user=alice, comment_id=first.pk)
    comments.pin_comment(user=alice, comment_id=second.pk)
    assert list(Comment.objects.filter(is_pinned=True)) == [second]
    with pytest.raises(refusals.NotYours):
        comments.pin_comment(user=bob, comment_id=first.pk)
    with pytest.raises(refusals.ReplyNotPinned):
        comments.pin_comment(user=alice, comment_id=reply.pk)
    comments.pin_comment(user=alice, comment_id=second.pk, pinned=False)
    assert not Comment.objects.filter(is_pinned=True).exists()


def test_a_deleted_comment_is_not_pinned_any_more(clip, alice, bob):
    comment = say(bob, clip)
    comments.pin_comment(user=alice, comment_id=comment.pk)
    comments.delete_comment(user=bob, comment_id=comment.pk)
    other = say(bob, clip, "another")
    comments.pin_comment(user=alice, comment_id=other.pk)
    comments.restore_comment(user=bob, comment_id=comment.pk)
    assert list(Comment.objects.filter(is_pinned=True)) == [other]


def test_what_was_deleted_is_erased_after_a_day(clip, alice, bob):
    root, kept = say(bob, clip, "one"), say(bob, clip, "two")
    say(alice, clip, "under one", root)
    comments.delete_comment(user=bob, comment_id=root.pk)
    assert comments.purge_comments() == 0
    Comment.objects.filter(pk=root.pk).update(deleted_at=timezone.now() - comments.PURGED_AFTER - timedelta(seconds=1))
    assert comments.purge_comments() == 1
    assert list(Comment.objects.all()) == [kept]
    assert stated(clip) == 1
