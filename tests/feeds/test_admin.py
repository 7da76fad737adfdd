"""The desk for feeds: what a store holds is shown next to what its viewer sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import mute_user
from feeds import fanout, upkeep
from feeds.models import FanoutChunk, FeedEntry, FeedState
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

STATES = "admin:feeds_feedstate_changelist"
CHUNKS = "admin:feeds_fanoutchunk_changelist"


@pytest.fixture
def mod(client: Client) -> User:
    user = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def viewer() -> User:
    """Follows ana, and has a filled store."""
    follow = FollowFactory(follower__username="bob", followee__username="ana")
    publish(ClipFactory(author=follow.followee, caption="first"))
    upkeep.ready_state(follow.follower)
    return follow.follower


def act(client: Client, address: str, action: str, *rows):
    return client.post(reverse(address), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def test_store_is_shown_inside_its_state(client, mod, viewer):
    entry = FeedEntry.objects.get(viewer_id=viewer.pk)
    page = client.get(reverse("admin:feeds_feedstate_change", args=[viewer.pk])).content.decode()
    assert reverse("admin:feeds_activity_change", args=[entry.activity_id]) in page
    assert "<td>yes</td>" in page
    mute_user(muter=viewer, muted=User.objects.get(username="ana"))
    page = client.get(reverse("admin:feeds_feedstate_change", args=[viewer.pk])).content.decode()
    assert "<td>no</td>" in page
    assert "<td>yes</td>" not in page


def test_state_costs_the_same_however_full(client, mod, viewer):
    address = reverse("admin:feeds_feedstate_change", args=[viewer.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(15):
        publish(ClipFactory(author=User.objects.get(username="ana")))
    upkeep.mark_stale(viewer_id=viewer.pk)
    upkeep.ready_state(viewer)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).content.decode().count("<td>yes</td>") == 16
    assert len(many) == len(one)


def test_mark_stale(client, mod, viewer):
    act(client, STATES, "make_stale", viewer.feed_state)
    assert FeedState.objects.get(viewer=viewer).is_stale


def test_rebuild_brings_back_what_was_lost(client, mod, viewer):
    FeedEntry.objects.all().delete()
    act(client, STATES, "rebuild", viewer.feed_state)
    state = FeedState.objects.get(viewer=viewer)
    assert not state.is_stale
    assert FeedEntry.objects.filter(viewer_id=viewer.pk).count() == 1


class TestRedeliver:
    @pytest.fixture
    def chunk(self, viewer) -> FanoutChunk:
        (chunk_id,) = fanout.plan() or []
        fanout.deliver(chunk_id=chunk_id)
        return FanoutChunk.objects.get(pk=chunk_id)

    def test_writes_what_is_missing(self, client, mod, chunk, monkeypatch, django_capture_on_commit_callbacks):
        FeedEntry.objects.all().delete()
        rung: list[int] = []
        monkeypatch.setattr("feeds.bell.ring_chunk", rung.append)
        with django_capture_on_commit_callbacks(execute=True):
            act(client, CHUNKS, "redeliver", chunk)
        assert rung == [chunk.pk]
        assert fanout.deliver(chunk_id=chunk.pk) == 1
        assert fanout.deliver(chunk_id=chunk.pk) == 0

    def test_leaves_a_chunk_to_the_worker_that_holds_it(self, client, mod, chunk):
        FanoutChunk.objects.update(done_at=None, lease_until=timezone.now() + timedelta(seconds=20))
        assert "a worker holds it" in act(client, CHUNKS, "redeliver", chunk).content.decode()
        chunk.refresh_from_db()
        assert chunk.lease_until is not None

    @pytest.mark.parametrize(("progress", "found"), [("done", 1), ("open", 0), ("held", 0), ("hard", 0)])
    def test_filter(self, client, mod, chunk, progress, found):
        response = client.get(reverse(CHUNKS), {"progress": progress})
        assert len(response.context["cl"].result_list) == found
