"""audit_feeds finds each way in which a store and the log can differ, and puts it right."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Follow
from accounts.services import follow_user, unfollow_user
from feeds import audit, bell, fanout
from feeds.assembly import following_page
from feeds.audit import Difference, Kind
from feeds.models import Activity, Fanout, FanoutChunk, FeedEntry, FeedState
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def no_bells(monkeypatch):
    monkeypatch.setattr(bell, "ring_chunk", lambda pk: fanout.deliver(chunk_id=pk))
    monkeypatch.setattr(bell, "ring_planner", lambda: run())


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob(alice):
    """Has read; then three clips were delivered."""
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=alice)
    following_page(bob)
    for _ in range(3):
        publish(ClipFactory(author=alice))
    run()
    assert FeedEntry.objects.filter(viewer_id=bob.pk).count() == 3
    return bob


def run():
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)


def found():
    return list(audit.differences())


def entry(bob, number):
    """The viewer's entry of that age, 0 the newest, and its activity id."""
    pk = FeedEntry.objects.filter(viewer_id=bob.pk).order_by("-activity_id")[number].activity_id
    return FeedEntry.objects.filter(viewer_id=bob.pk, activity_id=pk), pk


def mended():
    """Repairing what was found leaves nothing to find, and repairing again nothing to do."""
    audit.repair(found())
    return found() == []


def test_nothing_is_wrong_with_a_store_that_was_delivered_to(bob):
    assert found() == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_missing_entry(bob, number):
    row, pk = entry(bob, number)
    row.delete()
    (difference,) = found()
    assert (difference.kind, difference.viewer_id, difference.activity_id) == (Kind.MISSING, bob.pk, pk)
    assert mended()
    assert row.exists()


def test_an_empty_store_that_calls_itself_complete(bob):
    FeedEntry.objects.all().delete()
    assert [d.kind for d in found()] == [Kind.MISSING] * 3
    assert mended()


def test_an_entry_with_the_wrong_clip(bob):
    row, pk = entry(bob, 1)
    row.update(clip_id=999)
    (difference,) = found()
    assert (difference.kind, difference.activity_id) == (Kind.WRONG_CLIP, pk)
    assert "says 999" in str(difference)
    assert mended()


def test_an_entry_without_an_activity(bob):
    FeedEntry.objects.create(viewer_id=bob.pk, activity_id=10**9, clip_id=1)
    assert found() == [Difference(Kind.NO_ACTIVITY, bob.pk, 10**9)]
    assert mended()


def test_entries_of_people_followed_before_are_right_unless_they_are_wrong(alice, bob):
    unfollow_user(follower=bob, followee=alice)
    assert found() == []
    row, pk = entry(bob, 0)
    row.update(clip_id=999)
    assert [(d.kind, d.activity_id) for d in found()] == [(Kind.WRONG_CLIP, pk)]
    assert mended()


def test_below_the_floor_nothing_is_expected(bob):
    row, _ = entry(bob, 2)
    row.delete()
    FeedState.objects.update(floor=entry(bob, 1)[1])
    assert found() == []


def test_what_is_still_under_way_is_no_difference(alice, bob):
    publish(ClipFactory(author=alice))
    assert found() == []
    fanout.plan()
    assert found() == []


def test_a_stale_store_is_no_difference(bob):
    dana = UserFactory()
    publish(ClipFactory(author=dana))
    run()
    follow_user(follower=bob, followee=dana)
    assert found() == []
    FeedState.objects.update(built_version=2, version=2)
    assert [d.kind for d in found()] == [Kind.MISSING]


def test_a_dormant_edge_of_somebody_awake(alice, bob):
    Follow.objects.update(is_dormant=True)
    assert [(d.kind, d.viewer_id) for d in found()] == [(Kind.SLEEPING_EDGE, bob.pk)]
    publish(ClipFactory(author=alice))
    run()
    assert Kind.MISSING in {d.kind for d in found()}
    assert mended()
    assert not Follow.objects.filter(is_dormant=True).exists()
    assert len(following_page(bob).cards) == 4


def test_work_that_nobody_did(alice, bob):
    long_ago = timezone.now() - timedelta(minutes=6)
    activity = publish(ClipFactory(author=alice))
    Activity.objects.filter(pk=activity.pk).update(created_at=long_ago)
    assert found() == [Difference(Kind.STUCK_ACTIVITY, None, activity.pk)]
    (chunk_id,) = fanout.plan() or []
    FanoutChunk.objects.filter(pk=chunk_id).update(created_at=long_ago)
    assert [d.kind for d in found()] == [Kind.STUCK_CHUNK]
    assert mended()
    assert FeedEntry.objects.filter(activity_id=activity.pk).exists()


def test_an_activity_whose_chunk_is_gone(alice, bob):
    activity = publish(ClipFactory(author=alice))
    fanout.plan()
    FanoutChunk.objects.filter(done_at=None).delete()
    assert found() == [Difference(Kind.LOST_CHUNK, None, activity.pk)]
    audit.repair(found())
    run()
    assert FeedEntry.objects.filter(activity_id=activity.pk).exists()
    assert found() == []


def test_an_activity_called_delivered_too_early(alice, bob):
    activity = publish(ClipFactory(author=alice))
    fanout.plan()
    Activity.objects.filter(pk=activity.pk).update(delivered_at=timezone.now())
    assert {d.kind for d in found()} == {Kind.TOO_EARLY, Kind.MISSING}
    audit.repair(found())
    assert len(following_page(bob).cards) == 4
    FanoutChunk.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    fanout.sweep()
    assert found() == []


def test_hubs_are_never_delivered(alice, bob, settings):
    settings.FANOUT_LIMIT = 0
    activity = publish(ClipFactory(author=alice))
    run()
    activity.refresh_from_db()
    assert (activity.fanout, activity.delivered_at) == (Fanout.PULL, None)
    assert found() == []


def test_a_long_store_is_read_in_pieces(alice, bob, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    for _ in range(4):
        publish(ClipFactory(author=alice))
    run()
    assert found() == []
    row, pk = entry(bob, 5)
    row.delete()
    assert [(d.kind, d.activity_id) for d in found()] == [(Kind.MISSING, pk)]


# --- the command


def audit_feeds(*arguments):
    out = StringIO()
    call_command("audit_feeds", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_is_content(bob):
    assert audit_feeds() == audit_feeds("--viewer", "@bob") == "Stores and log agree.\n"


def test_the_command_reports_repairs_and_fails(bob):
    row, _ = entry(bob, 0)
    row.delete()
    with pytest.raises(CommandError, match="1 difference found") as failure:
        audit_feeds()
    assert failure.value.returncode == 1
    assert not row.exists()
    with pytest.raises(CommandError, match="1 difference repaired"):
        audit_feeds("--repair")
    assert row.exists()
    assert audit_feeds() == "Stores and log agree.\n"


def test_the_command_looks_at_one_viewer(bob):
    entry(bob, 0)[0].delete()
    UserFactory(username="dana")
    assert audit_feeds("--viewer", "dana")
    with pytest.raises(CommandError, match="1 difference found"):
        audit_feeds("--viewer", "bob")
    with pytest.raises(CommandError, match="there is no nobody") as failure:
        audit_feeds("--viewer", "nobody")
    assert failure.value.returncode == 2
