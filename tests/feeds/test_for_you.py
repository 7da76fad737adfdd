"""For You: whose reposts come first, what it leaves out, that it says why, and what it costs."""

import math
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Follow, User
from accounts.services import block_user, mute_user
from clips.models import Clip
from clips.services import record_watch
from clips.tags.keeping import keep_caption
from feeds.controls import fewer_like
from feeds.cursor import Cursor
from feeds.for_you import for_you_page, ranked_clips
from feeds.log import newest_id
from feeds.models import Activity, FeedControl
from feeds.ranking import FEWER_LASTS
from reposts.models import Repost
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish, publish_repost

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def published(author=None, **clip):
    clip = ClipFactory(author=author or UserFactory(), **clip)
    publish(clip)
    return clip


def friend_of(viewer, *, mutual=False, **user):
    friend = UserFactory(**user)
    FollowFactory(follower=viewer, followee=friend)
    if mutual:
        FollowFactory(follower=friend, followee=viewer)
    return friend


def shown(viewer, limit=50):
    page, whys = for_you_page(viewer, limit=limit)
    return dict(zip([card.clip_id for card in page.cards], whys, strict=True))


def test_mutuals_before_followees_before_strangers(bob):
    stranger, followee, mutual = published(), published(), published()
    repost_clip(user=friend_of(bob, display_name="Ana"), clip_id=followee.pk)
    repost_clip(user=friend_of(bob, mutual=True, display_name="Ben"), clip_id=mutual.pk)
    assert list(shown(bob).items()) == [
        (mutual.pk, "Ben reposted · you follow each other"),
        (followee.pk, "Ana reposted · you follow them"),
        (stranger.pk, "New on Reprise"),
    ]


def test_what_is_much_watched_comes_before_what_is_only_new(bob):
    watched, new = published(), published()
    Clip.objects.filter(pk=watched.pk).update(watch_count=40)
    assert list(shown(bob).items()) == [(watched.pk, "Popular right now"), (new.pk, "New on Reprise")]


def test_the_old_sinks_and_so_does_what_was_watched(bob):
    fresh, seen = published(), published()
    old = published(published_at=timezone.now() - timedelta(days=7))
    record_watch(viewer=bob, clip=seen, ms=9_000)
    assert list(shown(bob)) == [fresh.pk, seen.pk, old.pk]


@pytest.mark.parametrize(
    "hide",
    [
        lambda bob, clip: Clip.objects.filter(pk=clip.pk).update(visibility="followers"),
        lambda bob, clip: Clip.objects.filter(pk=clip.pk).update(removed_at=timezone.now()),
        lambda bob, clip: User.objects.filter(pk=clip.author_id).update(is_private=True),
        lambda bob, clip: User.objects.filter(pk=clip.author_id).update(is_active=False),
        lambda bob, clip: block_user(blocker=clip.author, blocked=bob),
        lambda bob, clip: mute_user(muter=bob, muted=clip.author),
        lambda bob, clip: Clip.objects.filter(pk=clip.pk).update(author=bob),
    ],
    ids=["followers only", "removed", "private author", "deactivated author", "blocked", "muted author", "own"],
)
def test_what_is_not_for_bob_is_left_out(bob, hide):
    clip, other = published(), published()
    repost_clip(user=friend_of(bob), clip_id=clip.pk)
    hide(bob, clip)
    assert list(shown(bob)) == [other.pk]


@pytest.mark.parametrize(("kind", "weight"), [("author", 0.2), ("hashtag", 0.5), ("reposter", 0.5), ("nothing", 1.0)])
def test_fewer_like_this_weighs_what_is_alike(bob, kind, weight):
    """A clip that shares one thing with what bob wants fewer of; 14 days later it fades, after 154 it is gone."""
    ben = friend_of(bob)
    disliked, other = published(caption="my #sea"), published(caption="my #cat")
    repost, _ = repost_clip(user=ben, clip_id=disliked.pk)
    alike = {
        "author": lambda: published(disliked.author, caption="#cat"),
        "hashtag": lambda: published(caption="the #SEA"),
        "reposter": lambda: published(),
        "nothing": lambda: published(),
    }[kind]()
    if kind == "reposter":
        repost_clip(user=ben, clip_id=alike.pk)
    for clip in (disliked, other, alike):
        keep_caption(clip)

    def found(clip):
        ranked = ranked_clips(bob, as_of=newest_id(), now=timezone.now())
        return next(one.terms for one in ranked if one.card.clip_id == clip.pk)

    fewer_like(viewer=bob, clip_id=disliked.pk, via_id=repost.pk)
    assert math.prod(one.weight for one in found(alike).fewer) == pytest.approx(weight)
    assert found(other).fewer == []
    for days, expected in ((14, weight), (84, (1 + weight) / 2), (154, 1.0)):
        ago = timezone.now() - timedelta(days=days)
        FeedControl.objects.update(created_at=ago, until=ago + FEWER_LASTS)
        assert math.prod(one.weight for one in found(alike).fewer) == pytest.approx(expected, abs=0.001)
    assert found(alike).fewer == []


def test_fewer_changes_the_order(bob):
    disliked = published()
    last, first = published(disliked.author), published()
    Clip.objects.filter(pk=last.pk).update(watch_count=4)
    assert list(shown(bob)) == [last.pk, first.pk, disliked.pk]
    fewer_like(viewer=bob, clip_id=disliked.pk)
    assert list(shown(bob)) == [first.pk, last.pk, disliked.pk]


def test_an_undone_repost_is_no_reason_any_more(bob):
    clip, friend = published(), friend_of(bob)
    repost_clip(user=friend, clip_id=clip.pk)
    undo_repost(user=friend, clip_id=clip.pk)
    assert shown(bob) == {clip.pk: "New on Reprise"}


def test_strangers_see_what_is_public(bob):
    public, _ = published(), published(visibility="followers")
    assert shown(AnonymousUser()) == {public.pk: "New on Reprise"}


@pytest.mark.parametrize("anonymous", [False, True])
def test_no_clip_comes_twice_and_none_is_lost_while_more_arrives(bob, anonymous):
    viewer = AnonymousUser() if anonymous else bob
    expected = {published().pk for _ in range(7)}
    served, cursor = [], None
    while True:
        page, _ = for_you_page(viewer, cursor=cursor, limit=3)
        served += [card.clip_id for card in page.cards]
        published()
        Clip.objects.filter(pk=served[0]).update(watch_count=len(served))
        if page.next is None:
            break
        cursor = Cursor.decode(page.next.encode())
    assert len(served) == 7
    assert set(served) == expected


def test_asking_for_fewer_costs_two_queries_however_often(bob, django_assert_num_queries):
    for _ in range(20):
        fewer_like(viewer=bob, clip_id=published().pk)
    with django_assert_num_queries(9):  # as below, without reasons; the authors and hashtags of the candidates
        for_you_page(bob, limit=10)


@pytest.mark.parametrize(("followees", "reposters", "cards"), [(1, 1, 1), (20, 20, 5), (200, 20, 60)])
def test_a_page_costs_eight_queries(bob, followees, reposters, cards, django_assert_num_queries):
    """The end of the log, fresh and trending clips, recent reposts, mutuals, reasons, watched, asked to be fewer."""
    users = User.objects.bulk_create(User(username=f"crowd{number}", password="!") for number in range(followees))
    now = timezone.now()
    Follow.objects.bulk_create(Follow(follower=bob, followee=user, accepted_at=now) for user in users)
    for _ in range(cards):
        clip = published()
        for user in users[:reposters]:
            publish_repost(Repost.objects.create(user=user, clip=clip))
    assert Activity.objects.count() == cards * (reposters + 1)
    with django_assert_num_queries(8):
        page, whys = for_you_page(bob, limit=10)
    assert len(page.cards) == len(whys) == min(cards, 10)
