"""What a Following feed contains, rule by rule. Bob follows alice and dana; dana reposts what alice publishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import MuteScope
from accounts.services import block_user, mute_user, unfollow_user
from feeds.models import Activity
from reposts.models import Repost, RepostAudience
from reposts.services import repost_clip, undo_repost
from tests.factories import BlockFactory, ClipFactory, FollowFactory, UserFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


class Scene:
    """alice published a clip, dana reposted it, bob follows both; and dana follows alice."""

    def __init__(self):
        self.alice, self.bob, self.dana = (UserFactory(username=name) for name in ("alice", "bob", "dana"))
        self.edge = FollowFactory(follower=self.bob, followee=self.alice)
        self.to_dana = FollowFactory(follower=self.bob, followee=self.dana)
        FollowFactory(follower=self.dana, followee=self.alice)
        self.clip = ClipFactory(author=self.alice)
        publish(self.clip)
        self.repost, _ = repost_clip(user=self.dana, clip_id=self.clip.pk, comment="so good")

    def change(self, thing, **values):
        for name, value in values.items():
            setattr(thing, name, value)
        thing.save()

    def kinds(self, viewer=None):
        return sorted(Activity.objects.feed_of(viewer or self.bob).values_list("kind", flat=True))


@pytest.fixture
def scene():
    return Scene()


BOTH, PUBLISHED, REPOSTED, NOTHING = ["publish", "repost"], ["publish"], ["repost"], []
NOW = timezone.now()


def mute(who, **how):
    return lambda s: mute_user(muter=s.bob, muted=getattr(s, who), **how)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda s: None, BOTH, id="as it is"),
        # edges
        pytest.param(lambda s: unfollow_user(follower=s.bob, followee=s.alice), REPOSTED, id="alice unfollowed"),
        pytest.param(lambda s: unfollow_user(follower=s.bob, followee=s.dana), PUBLISHED, id="dana unfollowed"),
        pytest.param(lambda s: s.change(s.to_dana, accepted_at=None), PUBLISHED, id="only a request to dana"),
        pytest.param(lambda s: s.change(s.to_dana, show_reposts=False), PUBLISHED, id="no reposts of dana wanted"),
        pytest.param(lambda s: s.change(s.edge, show_reposts=False), BOTH, id="no reposts of alice wanted"),
        # mutes
        pytest.param(mute("alice"), NOTHING, id="author muted: reposts of her clips too"),
        pytest.param(mute("alice", scope=MuteScope.REPOSTS), BOTH, id="author's reposts muted"),
        pytest.param(mute("dana"), PUBLISHED, id="reposter muted"),
        pytest.param(mute("dana", scope=MuteScope.REPOSTS), PUBLISHED, id="reposter's reposts muted"),
        pytest.param(mute("dana", until=NOW - timedelta(minutes=1)), BOTH, id="mute is over"),
        pytest.param(mute("dana", until=NOW + timedelta(days=1)), PUBLISHED, id="mute until tomorrow"),
        # blocks, of both directions
        pytest.param(lambda s: block_user(blocker=s.bob, blocked=s.alice), NOTHING, id="bob blocks the author"),
        pytest.param(lambda s: BlockFactory(blocker=s.alice, blocked=s.bob), NOTHING, id="the author blocks bob"),
        pytest.param(lambda s: BlockFactory(blocker=s.dana, blocked=s.bob), PUBLISHED, id="the reposter blocks bob"),
        pytest.param(lambda s: BlockFactory(blocker=s.bob, blocked=s.dana), PUBLISHED, id="bob blocks the reposter"),
        # the clip
        pytest.param(lambda s: s.change(s.clip, deleted_at=NOW), NOTHING, id="deleted"),
        pytest.param(lambda s: s.change(s.clip, removed_at=NOW), NOTHING, id="removed"),
        pytest.param(lambda s: s.change(s.clip, state="processing"), NOTHING, id="in processing again"),
        pytest.param(lambda s: s.change(s.clip, visibility="followers"), BOTH, id="for followers, and bob is one"),
        pytest.param(
            lambda s: [s.change(s.clip, visibility="followers"), unfollow_user(follower=s.bob, followee=s.alice)],
            NOTHING,
            id="for followers, and bob is none",
        ),
        pytest.param(
            lambda s: [s.change(s.alice, is_private=True), unfollow_user(follower=s.bob, followee=s.alice)],
            NOTHING,
            id="private author whom bob does not follow",
        ),
        # the repost
        pytest.param(lambda s: undo_repost(user=s.dana, clip_id=s.clip.pk), PUBLISHED, id="undone"),
        pytest.param(lambda s: s.change(s.clip, allow_reposts="no"), PUBLISHED, id="reposts switched off"),
        pytest.param(
            lambda s: s.change(s.clip, allow_reposts="with_comment"), BOTH, id="comments required, it has one"
        ),
        pytest.param(
            lambda s: [s.change(s.clip, allow_reposts="with_comment"), s.change(s.repost, comment="")],
            PUBLISHED,
            id="comments required, it has none",
        ),
        pytest.param(
            lambda s: [s.change(s.clip, allow_reposts="with_comment"), s.change(s.repost, comment_detached_at=NOW)],
            PUBLISHED,
            id="comments required, its was detached",
        ),
        pytest.param(
            lambda s: s.change(s.repost, audience=RepostAudience.MUTUALS), PUBLISHED, id="to mutuals, bob is none"
        ),
        pytest.param(
            lambda s: [
                s.change(s.repost, audience=RepostAudience.MUTUALS),
                FollowFactory(follower=s.dana, followee=s.bob),
            ],
            BOTH,
            id="to mutuals, bob is one",
        ),
        # accounts
        pytest.param(lambda s: s.change(s.alice, is_active=False), NOTHING, id="author deactivated"),
        pytest.param(lambda s: s.change(s.dana, is_active=False), PUBLISHED, id="reposter deactivated"),
        pytest.param(lambda s: s.change(s.dana, is_private=True), BOTH, id="private reposter, bob is a follower"),
    ],
)
def test_what_bob_sees(scene, change, expected):
    change(scene)
    assert scene.kinds() == expected


def test_ones_own_clip_is_not_in_ones_feed(scene):
    FollowFactory(follower=scene.alice, followee=scene.dana)
    assert Repost.objects.visible_to(scene.alice).count() == 1
    assert scene.kinds(scene.alice) == NOTHING


def test_followees_propose_everything_and_strangers_nothing(scene):
    scene.change(scene.clip, deleted_at=NOW)
    assert Activity.objects.of_followees(scene.bob).count() == 2
    assert Activity.objects.of_followees(UserFactory()).count() == 0
    scene.change(scene.to_dana, accepted_at=None)
    assert Activity.objects.of_followees(scene.bob).count() == 1


def test_undelivered_lines_are_those_no_store_has(scene):
    assert Activity.objects.undelivered().count() == 2
    Activity.objects.filter(kind="publish").update(delivered_at=NOW)
    assert Activity.objects.undelivered().get().kind == "repost"
