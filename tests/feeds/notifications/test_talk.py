"""Notifications of likes, comments, replies and mentions: to whom, in which words, and when they are gone."""

from __future__ import annotations

import pytest

from accounts import services as people
from clips.models import Mention, Send
from clips.talk import comments, likes
from feeds.models import Notification
from feeds.notifications import writing
from feeds.notifications.models import Kind
from feeds.notifications.selectors import lines_page
from feeds.notifications.wording import address, sentence
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def told(user) -> list[tuple[str, str]]:
    """Sentence and quote of each line, newest first."""
    return [(sentence(line), line.quote) for line in lines_page(user).lines]


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def ben():
    return UserFactory(username="ben", display_name="Ben")


@pytest.fixture
def clip(alice):
    clip = ClipFactory(author=alice)
    publish(clip)
    return clip


def test_a_like_is_told_and_gone_when_taken_back(alice, ben, clip):
    likes.like_clip(user=ben, clip_id=clip.pk)
    assert told(alice) == [("Ben likes your clip", "")]
    likes.unlike_clip(user=ben, clip_id=clip.pk)
    assert told(alice) == []
    likes.like_clip(user=ben, clip_id=clip.pk)
    assert told(alice) == [("Ben likes your clip", "")]
    assert Notification.objects.count() == 1


def test_likes_of_one_clip_are_one_line(alice, ben, clip):
    for user in (*UserFactory.create_batch(4), ben):
        likes.like_clip(user=user, clip_id=clip.pk)
    assert told(alice) == [("Ben and 4 others like your clip", "")]


def test_a_comment_is_told_to_the_author_with_its_words(alice, ben, clip):
    comments.post_comment(user=ben, clip_id=clip.pk, text="So good")
    assert told(alice) == [("Ben commented on your clip", "So good")]
    assert f"#comment-{clip.comments.get().pk}" in address(lines_page(alice).lines[0])


def test_a_clip_that_was_sent_leads_to_the_inbox(alice, ben, clip, client):
    send = Send.objects.create(sender=ben, recipient=alice, clip=ClipFactory(), text="for you")
    writing.tell_sent(send)
    assert told(alice) == [("Ben sent you a clip", "for you")]
    client.force_login(alice)
    assert client.get(address(lines_page(alice).lines[0])).status_code == 200


def test_a_line_about_a_comment_leads_to_it(alice, ben, clip, client):
    comments.post_comment(user=ben, clip_id=clip.pk, text="So good")
    client.force_login(alice)
    assert "So good" in client.get(address(lines_page(alice).lines[0])).content.decode()


def test_an_edited_comment_is_told_as_it_is_now(alice, ben, clip):
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="So goof")
    comments.edit_comment(user=ben, comment_id=comment.pk, text="So good")
    assert told(alice) == [("Ben commented on your clip", "So good")]


def test_a_deleted_comment_is_told_no_more(alice, ben, clip):
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="Hm")
    comments.delete_comment(user=ben, comment_id=comment.pk)
    assert told(alice) == []


def test_a_reply_is_told_to_the_answered_and_to_the_author(alice, ben, clip):
    carol = UserFactory(display_name="Carol")
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="Where?")
    comments.post_comment(user=carol, clip_id=clip.pk, text="At the lake", parent_id=comment.pk)
    assert told(ben) == [("Carol replied to your comment", "At the lake")]
    assert told(alice) == [("Carol and Ben commented on your clip", "At the lake")]
    comments.delete_comment(user=ben, comment_id=comment.pk)  # its replies go with it
    assert told(alice) == told(ben) == []


def test_an_answer_by_the_author_is_a_reply_and_nothing_else(alice, ben, clip):
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="Where?")
    comments.post_comment(user=alice, clip_id=clip.pk, text="@ben at the lake", parent_id=comment.pk)
    assert told(ben) == [("Alice replied to your comment", "@ben at the lake")]
    assert told(alice) == [("Ben commented on your clip", "Where?")]


def test_a_mention_in_a_comment_is_told_once(alice, ben, clip):
    carol = UserFactory(username="carol", display_name="Carol")
    comments.post_comment(user=carol, clip_id=clip.pk, text="@ben @alice look")
    assert told(ben) == [("Carol mentioned you in a comment", "@ben @alice look")]
    assert told(alice) == [("Carol mentioned you in a comment", "@ben @alice look")]


def test_a_mention_that_is_edited_out_is_told_no_more(alice, ben, clip):
    carol = UserFactory(display_name="Carol")
    comment, _ = comments.post_comment(user=carol, clip_id=clip.pk, text="@ben look")
    comments.edit_comment(user=carol, comment_id=comment.pk, text="look")
    assert told(ben) == []


def test_a_like_of_a_comment_is_told_with_what_is_liked(ben, clip):
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="So good")
    carol = UserFactory(display_name="Carol")
    likes.like_comment(user=carol, comment_id=comment.pk)
    assert told(ben) == [("Carol likes your comment", "So good")]
    likes.unlike_comment(user=carol, comment_id=comment.pk)
    assert told(ben) == []


def test_a_mention_in_a_caption_is_told_to_whom_may_see_the_clip(ben):
    private = UserFactory(display_name="Priya", is_private=True)
    clip = ClipFactory(author=private, caption="with @ben")
    mention = Mention.objects.create(user=ben, clip=clip)
    writing.tell_mentioned(mention)
    assert told(ben) == []
    FollowFactory(follower=ben, followee=private)
    assert told(ben) == [("Priya mentions you in a clip", "")]


def test_a_mention_in_a_clip_and_one_in_the_comment_with_its_number_are_two(ben, clip):
    writer = UserFactory()
    comment, _ = comments.post_comment(user=writer, clip_id=clip.pk, text="@ben hi")
    twin = ClipFactory(pk=comment.pk, author=writer) if comment.pk != clip.pk else clip
    Notification.objects.all().delete()
    writing.notify(recipient_id=ben.pk, actor_id=writer.pk, kind=Kind.MENTIONED, subject=-twin.pk, clip_id=twin.pk)
    writing.tell_mentioned(Mention.objects.get(comment=comment))
    assert Notification.objects.filter(recipient=ben, kind=Kind.MENTIONED).count() == 2


def test_whoever_is_blocked_or_muted_is_not_told_of(alice, ben, clip):
    likes.like_clip(user=ben, clip_id=clip.pk)
    comment, _ = comments.post_comment(user=ben, clip_id=clip.pk, text="Hm")
    carol = UserFactory(display_name="Carol")
    comments.post_comment(user=carol, clip_id=clip.pk, text="Oh", parent_id=comment.pk)
    people.block_user(blocker=alice, blocked=ben)
    assert told(alice) == []  # the reply hangs below what is hidden
    people.unblock_user(blocker=alice, blocked=ben)
    people.mute_user(muter=alice, muted=carol)
    assert [line for line, _ in told(alice)] == ["Ben commented on your clip", "Ben likes your clip"]
