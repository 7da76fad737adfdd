"""The desk for reposts: the chain is shown, and taking one back is the service's work."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import RepostFactory, UserFactory

pytestmark = pytest.mark.django_db

REPOSTS = "admin:reposts_repost_changelist"


@pytest.fixture
def mod(client: Client) -> User:
    user = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def undo(client: Client, *reposts):
    return client.post(
        reverse(REPOSTS), {"action": "undo", "_selected_action": [repost.pk for repost in reposts]}, follow=True
    )


def test_undo_counts_again(client, mod):
    repost = RepostFactory()
    RepostFactory(clip=repost.clip)
    undo(client, repost)
    repost.refresh_from_db()
    repost.clip.refresh_from_db()
    assert repost.undone_at is not None
    assert repost.clip.repost_count == 1
    assert "is undone already" in undo(client, repost).content.decode()


def test_undo_spares_a_later_repost_of_the_same_clip(client, mod):
    old = RepostFactory(undone_at=timezone.now())
    new = RepostFactory(user=old.user, clip=old.clip)
    undo(client, old)
    new.refresh_from_db()
    assert new.undone_at is None


def test_looking_is_not_undoing(client):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_repost"))
    client.force_login(staff)
    repost = RepostFactory()
    undo(client, repost)
    repost.refresh_from_db()
    assert repost.undone_at is None


def test_chain_is_shown_from_the_author_on(client, mod):
    first = RepostFactory(user__username="ben", clip__author__username="ana")
    second = RepostFactory(user__username="chloe", clip=first.clip, via=first, depth=1)
    third = RepostFactory(user__username="dai", clip=first.clip, via=second, depth=2)
    desk = client.get(reverse("admin:reposts_repost_change", args=[third.pk])).content.decode()
    places = [desk.index(f"@{name}", desk.index("How it got here")) for name in ("ana", "ben", "chloe", "dai")]
    assert places == sorted(places)
    assert "1 time" in client.get(reverse("admin:reposts_repost_change", args=[second.pk])).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("standing", "live", {"a", "c"}), ("standing", "undone", {"b"}), ("standing", "detached", {"c"}),
     ("depth", "0", {"a", "b"}), ("depth", "3", {"c"}), ("q", "señal", {"a"})],
)  # fmt: skip
def test_filters(client, mod, name, value, expected):
    rows = {
        "a": RepostFactory(comment="una señal"),
        "b": RepostFactory(undone_at=timezone.now()),
        "c": RepostFactory(depth=4, comment_detached_at=timezone.now(), comment="no"),
    }
    found = set(client.get(reverse(REPOSTS), {name: value}).context["cl"].result_list)
    assert found == {rows[key] for key in expected}
