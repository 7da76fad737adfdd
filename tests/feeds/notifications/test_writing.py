"""What is written when something happens: to whom, once, in which group."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import services as people
from accounts.models import User
from clips import processing
from clips.models import Clip
from feeds.models import Notification, NotificationGroup
from feeds.notifications import services, writing
from feeds.notifications.models import Kind
from feeds.notifications.selectors import lines_page
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, RepostFactory, UserFactory, publish
from tests.properties.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def told(user: User) -> list[tuple[str, str, int]]:
    """Kind, newest person and count of each line that `user` sees, newest first."""
    return [(line.kind.value, line.people[0].username, line.count) for line in lines_page(user).lines]


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def test_a_follow_tells_the_followed(alice, bob):
    people.follow_user(follower=bob, followee=alice)
    assert told(alice) == [("followed", "bob", 1)]
    assert told(bob) == []


def test_a_request_tells_the_asked_and_its_acceptance_the_asker(bob):
    alice = UserFactory(username="alice", is_private=True)
    people.follow_user(follower=bob, followee=alice)
    assert told(alice) == [("follow_requested", "bob", 1)]
    assert told(bob) == []
    people.accept_follow_request(user=alice, follower=bob)
    assert told(alice) == [("follow_requested", "bob", 1)]  # it says now that bob follows
    assert told(bob) == [("follow_accepted", "alice", 1)]


def test_a_refused_request_is_gone(bob):
    alice = UserFactory(is_private=True)
    people.follow_user(follower=bob, followee=alice)
    people.refuse_follow_request(user=alice, follower=bob)
    assert told(alice) == []


def test_opening_the_account_tells_all_who_waited():
    alice = UserFactory(username="alice", is_private=True)
    askers = UserFactory.create_batch(3)
    for asker in askers:
        people.follow_user(follower=asker, followee=alice)
    people.update_profile(user=alice, is_private=False)
    assert [told(asker) for asker in askers] == [[("follow_accepted", "alice", 1)]] * 3


def test_a_repost_tells_the_author_and_whom_it_came_from(alice, bob):
    carol = UserFactory(username="carol")
    FollowFactory(follower=carol, followee=bob)
    FollowFactory(follower=bob, followee=carol)
    clip = ClipFactory(author=alice)
    first, _ = repost_clip(user=bob, clip_id=clip.pk, comment="look")
    repost_clip(user=carol, clip_id=clip.pk, via_id=first.pk)
    assert told(alice) == [("reposted", "carol", 2)]
    assert told(bob) == [("reposted_via", "carol", 1)]
    assert [line.quote for line in lines_page(alice).lines] == [""]


def test_a_clip_tells_its_author_how_it_went(alice):
    clip = ClipFactory(author=alice, processing=True)
    attempts = Clip.objects.get(pk=clip.pk).attempts
    clip.attempts = attempts
    processing._fail(clip, "damaged", "It is damaged.")
    assert told(alice) == [("clip_failed", "alice", 1)]
    assert lines_page(alice).lines[0].clip.failure == "It is damaged."


def test_a_clip_that_fails_again_after_a_retry_is_news(alice):
    clip = ClipFactory(author=alice, failed=True)
    writing.tell_clip_done(clip, failed=True)
    services.mark_read(user=alice, up_to=Notification.objects.latest("pk").pk)
    writing.tell_clip_done(clip, failed=True)
    assert [line.is_read for line in lines_page(alice).lines] == [False]


def test_nobody_is_told_of_their_own_deeds(alice):
    repost = RepostFactory(user=alice, clip=ClipFactory(author=alice))
    writing.tell_reposted(repost)
    assert Notification.objects.count() == 0


def test_the_event_and_its_notification_commit_together(alice, bob):
    with transaction.atomic():
        people.follow_user(follower=bob, followee=alice)
        assert Notification.objects.count() == 1
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_done_undone_and_done_again_is_one_notification(alice, bob):
    clip = ClipFactory(author=alice)
    for comment in ("one", "two"):
        repost_clip(user=bob, clip_id=clip.pk, comment=comment)
        undo_repost(user=bob, clip_id=clip.pk)
    assert told(alice) == []
    repost_clip(user=bob, clip_id=clip.pk, comment="three")
    assert Notification.objects.count() == 1
    assert told(alice) == [("reposted", "bob", 1)]
    assert lines_page(alice).lines[0].quote == "three"


def test_after_a_day_it_is_news_again(alice, bob):
    people.follow_user(follower=bob, followee=alice)
    services.mark_read(user=alice, up_to=Notification.objects.latest("pk").pk)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
    people.unfollow_user(follower=bob, followee=alice)
    people.follow_user(follower=bob, followee=alice)
    assert [line.is_read for line in lines_page(alice).lines] == [False]
    assert Notification.objects.count() == 1


def test_what_belongs_together_is_one_line_until_it_is_read(alice):
    clip, other = ClipFactory(author=alice), ClipFactory(author=alice)
    for user in UserFactory.create_batch(3):
        repost_clip(user=user, clip_id=clip.pk)
    repost_clip(user=UserFactory(username="dora"), clip_id=other.pk)
    assert [(line.count, line.clip.id) for line in lines_page(alice).lines] == [(1, other.pk), (3, clip.pk)]
    services.mark_read(user=alice, group_ids=[lines_page(alice).lines[1].id])
    repost_clip(user=UserFactory(username="eli"), clip_id=clip.pk)
    assert [(line.count, line.is_read) for line in lines_page(alice).lines] == [(1, False), (1, False), (3, True)]


def test_another_day_is_another_line(alice):
    clip = ClipFactory(author=alice)
    repost_clip(user=UserFactory(), clip_id=clip.pk)
    NotificationGroup.objects.update(day=timezone.now().date() - timedelta(days=1))
    repost_clip(user=UserFactory(), clip_id=clip.pk)
    assert [line.count for line in lines_page(alice).lines] == [1, 1]


def test_a_full_group_opens_another(alice, monkeypatch):
    monkeypatch.setattr(writing, "GROUP_LIMIT", 2)
    for user in UserFactory.create_batch(5):
        people.follow_user(follower=user, followee=alice)
    assert [line.count for line in lines_page(alice).lines] == [1, 2, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.REPOSTED},  # without a repost
        {"kind": Kind.FOLLOWED, "subject": 5},  # between people there is no subject
        {"kind": "cheered"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(alice, bob, fields):
    group = NotificationGroup.objects.create(recipient=alice, kind=Kind.FOLLOWED, day=timezone.now().date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(recipient=alice, actor=bob, group=group, **fields)


def test_the_database_refuses_a_notification_of_oneself(alice):
    group = NotificationGroup.objects.create(recipient=alice, kind=Kind.FOLLOWED, day=timezone.now().date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(recipient=alice, actor=alice, group=group, kind=Kind.FOLLOWED)


def test_old_ones_are_forgotten(alice, bob):
    people.follow_user(follower=bob, followee=alice)
    people.follow_user(follower=UserFactory(), followee=alice)
    old = Notification.objects.earliest("pk")
    long_ago = timezone.now() - services.KEPT - timedelta(days=1)
    group = NotificationGroup.objects.create(recipient=alice, kind=Kind.FOLLOWED, day=long_ago.date(), newest_id=old.pk)
    Notification.objects.filter(pk=old.pk).update(created_at=long_ago, group=group)
    assert services.forget_old() == 1
    assert Notification.objects.count() == NotificationGroup.objects.count() == 1
    assert services.forget_old() == 0


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_one_follow_by_three_requests_at_once_is_told_once(self):
        alice, bob = UserFactory(), UserFactory()
        at_once(*[partial(people.follow_user, follower=bob, followee=alice)] * 3)
        assert Notification.objects.count() == 1

    def test_many_at_once_are_one_line_and_all_are_in_it(self):
        clip = ClipFactory()
        publish(clip)
        users = UserFactory.create_batch(6)
        at_once(*(partial(repost_clip, user=user, clip_id=clip.pk) for user in users))
        assert [line.count for line in lines_page(clip.author).lines] == [6]
        group = NotificationGroup.objects.get()
        assert (group.size, group.newest_id) == (6, Notification.objects.latest("pk").pk)

    def test_reading_while_they_come_loses_none(self):
        clip = ClipFactory()
        users = UserFactory.create_batch(6)
        read = partial(services.mark_read, user=clip.author, up_to=2**60)
        at_once(*(partial(repost_clip, user=user, clip_id=clip.pk) for user in users), read, read)
        assert sum(line.count for line in lines_page(clip.author).lines) == 6

    def test_the_same_deed_twice_at_once_is_told_once(self):
        with transaction.atomic():
            repost = RepostFactory()
        at_once(*[partial(writing.tell_reposted, repost)] * 4)
        assert Notification.objects.count() == 1
