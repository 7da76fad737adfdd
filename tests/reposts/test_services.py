"""Passing on and taking back: once, counted, credited, and refused with a reason."""

import pytest

from accounts.services import block_user, unfollow_user
from clips.models import Clip
from feeds.models import Activity
from reposts.exceptions import (
    CommentRequired,
    CommentTooLong,
    NotTheAuthor,
    OwnClip,
    RepostsSwitchedOff,
)
from reposts.models import COMMENT_LENGTH, Repost
from reposts.services import audience_sizes, detach_comment, repost_clip, undo_repost
from reposts.signals import repost_undone, reposted
from tests.factories import BlockFactory, ClipFactory, FollowFactory, RepostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip():
    return ClipFactory(author=UserFactory(username="alice"))


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def heard():
    news: list[str] = []

    def on_reposted(sender, repost, **kw):
        news.append(f"{repost.user} reposted")

    def on_undone(sender, repost, **kw):
        news.append(f"{repost.user} took it back")

    reposted.connect(on_reposted)
    repost_undone.connect(on_undone)
    yield news
    reposted.disconnect(on_reposted)
    repost_undone.disconnect(on_undone)


def count(clip):
    clip.refresh_from_db()
    return clip.repost_count


def test_one_tap_reposts_to_followers_without_a_comment(clip, bob, heard):
    repost, created = repost_clip(user=bob, clip_id=clip.pk)
    assert created
    assert (repost.comment, repost.audience, repost.via, repost.depth) == ("", "followers", None, 0)
    assert count(clip) == 1
    assert heard == ["@bob reposted"]


def test_reposting_again_changes_what_is_said_and_nothing_else(clip, bob, heard):
    first, _ = repost_clip(user=bob, clip_id=clip.pk, comment="so good", audience="mutuals")
    for wanted, expected in [
        ({}, ("so good", "mutuals")),
        ({"comment": "better"}, ("better", "mutuals")),
        ({"audience": "followers"}, ("better", "followers")),
        ({"comment": ""}, ("", "followers")),
    ]:
        again, created = repost_clip(user=bob, clip_id=clip.pk, **wanted)
        assert (again, created) == (first, False)
        assert (again.comment, again.audience) == expected
    assert count(clip) == Activity.objects.count() == 1
    assert heard == ["@bob reposted"]


def test_taking_back_and_passing_on_again_makes_a_new_repost(clip, bob, heard):
    first, _ = repost_clip(user=bob, clip_id=clip.pk, comment="so good")
    assert undo_repost(user=bob, clip_id=clip.pk)
    assert not undo_repost(user=bob, clip_id=clip.pk)
    assert count(clip) == 0
    second, created = repost_clip(user=bob, clip_id=clip.pk)
    assert created
    assert (second.pk != first.pk, second.comment, count(clip)) == (True, "", 1)
    assert heard == ["@bob reposted", "@bob took it back", "@bob reposted"]


def test_a_repost_can_be_taken_back_when_the_clip_is_hidden(clip, bob):
    repost_clip(user=bob, clip_id=clip.pk)
    block_user(blocker=clip.author, blocked=bob)
    assert undo_repost(user=bob, clip_id=clip.pk)
    assert count(clip) == 0


@pytest.mark.parametrize(
    ("policy", "comment", "refusal"),
    [
        ("no", "so good", RepostsSwitchedOff),
        ("with_comment", None, CommentRequired),
        ("with_comment", "  \u200b\u200d\n", CommentRequired),
        ("yes", "x" * (COMMENT_LENGTH + 1), CommentTooLong),
    ],
)
def test_refusals_say_why_and_leave_nothing(clip, bob, policy, comment, refusal):
    Clip.objects.update(allow_reposts=policy)
    with pytest.raises(refusal) as refused:
        repost_clip(user=bob, clip_id=clip.pk, comment=comment)
    assert refused.value.code == refusal.code
    assert refused.value.detail
    assert not Repost.objects.exists()
    assert not Activity.objects.exists()
    assert count(clip) == 0


def test_a_comment_of_280_characters_in_any_script_fits(clip, bob):
    text = "こんにちは👩‍👩‍👧"
    text = text * (COMMENT_LENGTH // len(text))
    assert repost_clip(user=bob, clip_id=clip.pk, comment=f" {text}\u202e ")[0].comment == text


def test_nobody_reposts_their_own_clip_or_a_hidden_one(clip, bob):
    with pytest.raises(OwnClip):
        repost_clip(user=clip.author, clip_id=clip.pk)
    Clip.objects.update(visibility="followers")
    with pytest.raises(Clip.DoesNotExist):
        repost_clip(user=bob, clip_id=clip.pk)
    with pytest.raises(Clip.DoesNotExist):
        repost_clip(user=bob, clip_id=10**9)
    assert not Repost.objects.exists()


def test_a_live_repost_obeys_a_policy_that_came_later(clip, bob):
    repost_clip(user=bob, clip_id=clip.pk, comment="so good")
    Clip.objects.update(allow_reposts="with_comment")
    with pytest.raises(CommentRequired):
        repost_clip(user=bob, clip_id=clip.pk, comment="")
    assert Repost.objects.get().comment == "so good"
    assert repost_clip(user=bob, clip_id=clip.pk, audience="mutuals")[0].audience == "mutuals"


# --- whom it came through


def chain_of(clip, length):
    """`length` people, each of whom follows the one before and passes on what they got from them."""
    people = UserFactory.create_batch(length)
    reposts = []
    for number, user in enumerate(people):
        via = reposts[-1].pk if reposts else None
        if number:
            FollowFactory(follower=user, followee=people[number - 1])
        reposts.append(repost_clip(user=user, clip_id=clip.pk, via_id=via)[0])
    return reposts


def test_a_chain_knows_its_parents_and_depth(clip):
    reposts = chain_of(clip, 3)
    assert [repost.depth for repost in reposts] == [0, 1, 2]
    assert [repost.via for repost in reposts] == [None, reposts[0], reposts[1]]


def test_the_first_credit_stays(clip, bob):
    first, second = (repost_clip(user=friend, clip_id=clip.pk)[0] for friend in UserFactory.create_batch(2))
    for repost in (first, second):
        FollowFactory(follower=bob, followee=repost.user)
    repost_clip(user=bob, clip_id=clip.pk, via_id=first.pk)
    assert repost_clip(user=bob, clip_id=clip.pk, via_id=second.pk)[0].via == first


@pytest.mark.parametrize("case", ["unknown", "not followed", "of another clip", "undone", "own", "blocked"])
def test_a_credit_that_does_not_hold_is_dropped(clip, bob, case):
    friend = UserFactory()
    FollowFactory(follower=bob, followee=friend)
    parent, _ = repost_clip(user=friend, clip_id=clip.pk)
    via_id = parent.pk
    if case == "unknown":
        via_id = 10**12
    elif case == "not followed":
        unfollow_user(follower=bob, followee=friend)
    elif case == "of another clip":
        via_id = repost_clip(user=friend, clip_id=ClipFactory().pk)[0].pk
    elif case == "undone":
        undo_repost(user=friend, clip_id=clip.pk)
    elif case == "own":
        via_id = repost_clip(user=bob, clip_id=clip.pk)[0].pk
        undo_repost(user=bob, clip_id=clip.pk)
    else:
        BlockFactory(blocker=friend, blocked=bob)
    repost, created = repost_clip(user=bob, clip_id=clip.pk, via_id=via_id)
    assert created
    assert (repost.via, repost.depth) == (None, 0)


# --- the author's hand


def test_the_author_detaches_a_comment_and_the_repost_stays(clip, bob):
    repost, _ = repost_clip(user=bob, clip_id=clip.pk, comment="ugly")
    detached = detach_comment(author=clip.author, repost_id=repost.pk)
    assert (detached.shown_comment, detached.comment) == ("", "ugly")
    assert detach_comment(author=clip.author, repost_id=repost.pk).comment_detached_at == detached.comment_detached_at
    assert count(clip) == 1


def test_detaching_twice_is_detaching_once_where_comments_are_required(clip, bob):
    Clip.objects.update(allow_reposts="with_comment")
    repost, _ = repost_clip(user=bob, clip_id=clip.pk, comment="ugly")
    for _ in range(2):
        assert detach_comment(author=clip.author, repost_id=repost.pk).comment_detached_at


def test_the_same_words_stay_detached_and_new_words_show(clip, bob):
    repost, _ = repost_clip(user=bob, clip_id=clip.pk, comment="ugly")
    detach_comment(author=clip.author, repost_id=repost.pk)
    assert repost_clip(user=bob, clip_id=clip.pk, comment="ugly")[0].shown_comment == ""
    assert repost_clip(user=bob, clip_id=clip.pk, comment="sorry")[0].shown_comment == "sorry"


def test_only_the_author_detaches_and_only_what_they_may_see(clip, bob):
    repost, _ = repost_clip(user=bob, clip_id=clip.pk, comment="ugly")
    follower = FollowFactory(followee=bob).follower
    with pytest.raises(NotTheAuthor):
        detach_comment(author=follower, repost_id=repost.pk)
    with pytest.raises(Repost.DoesNotExist):
        detach_comment(author=UserFactory(), repost_id=repost.pk)
    between = RepostFactory(clip=clip, audience="mutuals", comment="between us")
    with pytest.raises(Repost.DoesNotExist):
        detach_comment(author=clip.author, repost_id=between.pk)
    assert not Repost.objects.filter(comment_detached_at__isnull=False).exists()


# --- how many it reaches


def test_the_audience_is_counted_before_the_tap(clip, bob, django_assert_num_queries):
    fan, mutual, blocked, away, asked = UserFactory.create_batch(5)
    for follower in (fan, mutual, blocked, away, clip.author):
        FollowFactory(follower=follower, followee=bob)
    FollowFactory(follower=asked, followee=bob, accepted_at=None)
    FollowFactory(follower=bob, followee=mutual)
    BlockFactory(blocker=blocked, blocked=clip.author)
    away.is_active = False
    away.save()
    with django_assert_num_queries(2):
        sizes = audience_sizes(user=bob, clip=clip)
    assert (sizes.followers, sizes.mutuals) == (2, 1)
    Clip.objects.update(visibility="followers")
    clip.refresh_from_db()
    assert audience_sizes(user=bob, clip=clip).followers == 0
    FollowFactory(follower=fan, followee=clip.author)
    assert audience_sizes(user=bob, clip=clip).followers == 1
