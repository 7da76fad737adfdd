"""Nothing is lost when a worker dies in the middle of its work, or when nobody was told of it."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Follow, User
from config.valkey import broker_url
from feeds import audit
from feeds.models import Activity, FanoutChunk, FeedEntry
from tests import processes
from tests.factories import ClipFactory, UserFactory, publish

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

FOLLOWERS = 5_000
CHUNK = 25  # small, so that a fan-out takes long enough to be interrupted


@pytest.fixture
def broker(valkey_server):
    return broker_url(valkey_server)


def followed_by(count: int) -> User:
    """Somebody with `count` followers."""
    author = UserFactory()
    people = User.objects.bulk_create(
        User(username=f"follower{number}", birth_date=date(1990, 1, 1), password="!") for number in range(count)
    )
    now = timezone.now()
    Follow.objects.bulk_create(Follow(follower=person, followee=author, accepted_at=now) for person in people)
    return author


def delivered(activity: Activity) -> bool:
    return Activity.objects.filter(pk=activity.pk, delivered_at__isnull=False).exists()


def test_a_killed_worker_loses_and_doubles_nothing(broker, tmp_path):
    activity = publish(ClipFactory(author=followed_by(FOLLOWERS)))
    log = tmp_path / "log"
    with processes.beat(broker=broker, log=log):
        with processes.worker(broker=broker, log=log, FANOUT_CHUNK=str(CHUNK)) as doomed:
            processes.eventually(lambda: FeedEntry.objects.count() >= FOLLOWERS // 5, seconds=60)
            processes.kill_all(doomed)
        written = FeedEntry.objects.count()
        assert written < FOLLOWERS, "the worker was faster than its killer: the test proves nothing"
        assert not delivered(activity)
        with processes.worker(broker=broker, log=log, FANOUT_CHUNK=str(CHUNK)):
            processes.eventually(lambda: delivered(activity), seconds=90)
    viewers = FeedEntry.objects.filter(activity_id=activity.pk)
    assert viewers.count() == FOLLOWERS
    assert viewers.values("viewer_id").distinct().count() == FOLLOWERS
    assert not FanoutChunk.objects.filter(done_at=None).exists()
    assert list(audit.differences()) == []


def test_a_bell_that_never_rang_is_found_by_the_sweep(broker, tmp_path):
    activity = publish(ClipFactory(author=followed_by(40)))  # the suite's own broker is in memory: nobody hears it
    log = tmp_path / "log"
    with processes.worker(broker=broker, log=log), processes.beat(broker=broker, log=log):
        processes.eventually(lambda: delivered(activity), seconds=60)
    assert FeedEntry.objects.filter(activity_id=activity.pk).count() == 40
