"""Every write on people and their edges: safe to repeat, refused without a trace."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import services
from accounts.exceptions import NotARequest, SelfEdge
from accounts.models import Block, Follow, Mute, MuteScope, User
from accounts.signals import followed, returned, went_dormant
from tests.factories import BlockFactory, FollowFactory, MuteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def heard():
    """What was announced, in order."""
    news: list[str] = []
    receivers = {
        followed: lambda sender, follow, **kw: news.append(f"{follow.follower} follows {follow.followee}"),
        returned: lambda sender, user, **kw: news.append(f"{user} returned"),
        went_dormant: lambda sender, user_ids, **kw: news.append(f"{len(user_ids)} dormant"),
    }
    for signal, receiver in receivers.items():
        signal.connect(receiver)
    yield news
    for signal, receiver in receivers.items():
        signal.disconnect(receiver)


@pytest.mark.parametrize(
    "deed",
    [
        lambda alice: services.follow_user(follower=alice, followee=alice),
        lambda alice: services.block_user(blocker=alice, blocked=alice),
        lambda alice: services.mute_user(muter=alice, muted=alice),
    ],
)
def test_nobody_has_an_edge_to_themself(alice, deed):
    with pytest.raises(SelfEdge) as refusal:
        deed(alice)
    assert refusal.value.code == "self_edge"
    assert [edges.objects.count() for edges in (Follow, Block, Mute)] == [0, 0, 0]


def test_following_twice_is_following_once(alice, bob, heard):
    first = services.follow_user(follower=bob, followee=alice)
    second = services.follow_user(follower=bob, followee=alice)
    assert first == second == Follow.objects.get()
    assert (first.accepted_at is not None, first.show_reposts) == (True, True)
    assert heard == ["@bob follows @alice"]


def test_following_again_only_changes_whose_reposts_are_shown(alice, bob):
    services.follow_user(follower=bob, followee=alice, show_reposts=False)
    services.follow_user(follower=bob, followee=alice)
    assert Follow.objects.get().show_reposts is False
    services.follow_user(follower=bob, followee=alice, show_reposts=True)
    assert Follow.objects.get().show_reposts is True


def test_a_private_account_is_asked_and_may_accept_once(bob, heard):
    private = UserFactory(username="prue", is_private=True)
    services.follow_user(follower=bob, followee=private)
    assert Follow.objects.get().accepted_at is None
    assert heard == []
    accepted = services.accept_follow_request(user=private, follower=bob)
    again = services.accept_follow_request(user=private, follower=bob)
    assert accepted.accepted_at == again.accepted_at == Follow.objects.get().accepted_at
    assert heard == ["@bob follows @prue"]


def test_there_is_nothing_to_accept_where_nobody_asked(alice, bob):
    with pytest.raises(NotARequest):
        services.accept_follow_request(user=alice, follower=bob)
    assert not Follow.objects.exists()


def test_refusing_drops_a_request_but_no_follower(alice, bob):
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    services.refuse_follow_request(user=alice, follower=bob)
    services.refuse_follow_request(user=alice, follower=bob)
    assert not Follow.objects.exists()
    FollowFactory(follower=bob, followee=alice)
    services.refuse_follow_request(user=alice, follower=bob)
    assert Follow.objects.exists()
    services.remove_follower(user=alice, follower=bob)
    assert not Follow.objects.exists()


def test_asking_again_after_the_account_opened_is_following(alice, bob, heard):
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    assert services.follow_user(follower=bob, followee=alice).accepted_at is not None
    assert heard == ["@bob follows @alice"]


def test_opening_an_account_accepts_who_waits(bob, heard):
    private = UserFactory(username="prue", is_private=True)
    for user in (bob, UserFactory(username="chloe")):
        services.follow_user(follower=user, followee=private)
    services.update_profile(user=private, bio="hello")
    assert Follow.objects.pending().count() == 2
    services.update_profile(user=private, is_private=False)
    assert Follow.objects.accepted().count() == 2
    assert heard == ["@bob follows @prue", "@chloe follows @prue"]


def test_closing_an_account_keeps_its_followers(alice, bob):
    services.follow_user(follower=bob, followee=alice)
    services.update_profile(user=alice, is_private=True)
    assert Follow.objects.accepted().count() == 1


def test_a_block_ends_what_was_between_two_and_keeps_mutes(alice, bob):
    FollowFactory(follower=alice, followee=bob)
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    other = FollowFactory(followee=alice)
    MuteFactory(muter=bob, muted=alice)
    first = services.block_user(blocker=alice, blocked=bob)
    assert services.block_user(blocker=alice, blocked=bob) == first
    assert list(Follow.objects.all()) == [other]
    assert Mute.objects.count() == 1
    services.unblock_user(blocker=bob, blocked=alice)
    assert Block.objects.count() == 1, "only one's own"
    services.unblock_user(blocker=alice, blocked=bob)
    services.unblock_user(blocker=alice, blocked=bob)
    assert not Block.objects.exists()


def test_blocks_hide_both_ways(alice, bob):
    BlockFactory(blocker=alice, blocked=bob)
    assert not User.objects.visible_to(bob).filter(pk=alice.pk).exists()
    assert not User.objects.visible_to(alice).filter(pk=bob.pk).exists()
    assert User.objects.visible_to(UserFactory()).filter(pk__in=[alice.pk, bob.pk]).count() == 2


def test_muting_again_replaces_scope_and_time(alice, bob):
    tomorrow = timezone.now() + timedelta(days=1)
    services.mute_user(muter=bob, muted=alice, scope="reposts", until=tomorrow)
    services.mute_user(muter=bob, muted=alice)
    assert Mute.objects.values_list("scope", "until").get() == (MuteScope.ALL, None)
    with pytest.raises(ValueError, match="sometimes"):
        services.mute_user(muter=bob, muted=alice, scope="sometimes")
    services.unmute_user(muter=bob, muted=alice)
    services.unmute_user(muter=bob, muted=alice)
    assert not Mute.objects.exists()


@pytest.mark.parametrize(("seconds", "active"), [(None, True), (60, True), (-60, False)])
def test_a_mute_ends_at_its_time(alice, bob, seconds, active):
    until = None if seconds is None else timezone.now() + timedelta(seconds=seconds)
    MuteFactory(muter=bob, muted=alice, until=until)
    assert Mute.objects.active().exists() == active


def test_a_profile_takes_its_own_settings_only(alice):
    services.update_profile(user=alice, display_name="Alice", raise_watched=True, reposts_tab="nobody")
    alice.refresh_from_db()
    assert (alice.display_name, alice.raise_watched, alice.reposts_tab) == ("Alice", True, "nobody")
    with pytest.raises(TypeError):
        services.update_profile(user=alice, is_staff=True)
    for wrong in ({"bio": "x" * 301}, {"reposts_tab": "aliens"}, {"display_name": "x" * 51}):
        with pytest.raises(ValidationError):
            services.update_profile(user=alice, **wrong)
    alice.refresh_from_db()
    assert (alice.bio, alice.reposts_tab, alice.is_staff) == ("", "nobody", False)


# --- who is awake


def asleep(user):
    User.objects.filter(pk=user.pk).update(last_seen_at=timezone.now() - timedelta(days=15))


def test_being_seen_is_written_once_a_while(alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        services.note_seen(user=alice)
    alice.last_seen_at -= services.SEEN_STEP
    services.note_seen(user=alice)
    assert timezone.now() - User.objects.get(pk=alice.pk).last_seen_at < timedelta(seconds=5)
    with django_assert_num_queries(0):
        services.note_seen(user=alice)


def test_whoever_stays_away_sleeps_until_seen(alice, bob, heard):
    edge = FollowFactory(follower=bob, followee=alice)
    asleep(bob)
    assert services.retire_dormant() == 1
    assert services.retire_dormant() == 0
    edge.refresh_from_db()
    bob.refresh_from_db()
    assert (edge.is_dormant, bob.is_dormant, alice.is_dormant) == (True, True, False)
    services.note_seen(user=bob)
    edge.refresh_from_db()
    assert (edge.is_dormant, bob.is_dormant, User.objects.get(pk=bob.pk).is_dormant) == (False, False, False)
    assert heard == ["1 dormant", "@bob returned"]


def test_the_edges_wake_even_when_sleep_came_after_the_request_began(alice, bob, heard):
    """`bob` was read before the hourly task put him to rest."""
    edge = FollowFactory(follower=bob, followee=alice)
    asleep(bob)
    bob.refresh_from_db()
    services.retire_dormant()
    services.note_seen(user=bob)
    edge.refresh_from_db()
    assert not edge.is_dormant
    assert heard == ["1 dormant", "@bob returned"]


def test_an_edge_that_is_accepted_sleeps_as_its_follower_does(bob):
    private = UserFactory(is_private=True)
    services.follow_user(follower=bob, followee=private)
    asleep(bob)
    services.retire_dormant()
    assert services.accept_follow_request(user=private, follower=bob).is_dormant
    bob.refresh_from_db()
    services.note_seen(user=bob)
    assert not Follow.objects.get().is_dormant


def test_retiring_goes_in_portions(alice):
    for _ in range(3):
        asleep(UserFactory())
    assert [services.retire_dormant(limit=2) for _ in range(3)] == [2, 1, 0]
    assert not User.objects.get(pk=alice.pk).is_dormant


def test_a_deactivated_person_is_nowhere_until_they_are_back(alice, bob):
    services.deactivate_user(user=alice)
    assert not User.objects.visible_to(bob).filter(pk=alice.pk).exists()
    services.reactivate_user(user=alice)
    assert User.objects.visible_to(bob).filter(pk=alice.pk).exists()
