"""The table of what is watched most, and what For You makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from clips.models import Clip
from feeds import for_you, trending
from feeds.for_you import for_you_page
from feeds.models import TrendingClip
from tests.factories import ClipFactory, UserFactory, publish

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def published(*, watches=0, reposts=0, days=0, **clip):
    made = ClipFactory(
        watch_count=watches, repost_count=reposts, published_at=timezone.now() - timedelta(days=days), **clip
    )
    publish(made)
    return made


def table():
    return list(TrendingClip.objects.order_by("-score").values_list("clip", flat=True))


def test_what_is_watched_and_fresh_comes_first_and_chance_not_at_all():
    old, fresh = published(watches=400, days=10), published(watches=40)
    passed_on = published(watches=10, reposts=40)
    published(watches=trending.LEAST - 1)
    published(watches=4_000, days=15)
    assert trending.refresh() == 3
    assert table() == [passed_on.pk, fresh.pk, old.pk]


@pytest.mark.parametrize("hide", ["followers", "removed", "private", "inactive"])
def test_what_is_not_for_everyone_is_not_in_the_table(hide):
    clip = published(watches=50)
    trending.refresh()
    assert table() == [clip.pk]
    match hide:
        case "followers":
            Clip.objects.update(visibility="followers")
        case "removed":
            Clip.objects.update(removed_at=timezone.now())
        case "private":
            User.objects.update(is_private=True)
        case "inactive":
            User.objects.update(is_active=False)
    viewer = UserFactory()
    assert for_you_page(viewer)[0].cards == []  # at once, whatever the table says
    trending.refresh()
    assert table() == []


def test_refreshing_twice_changes_nothing_and_keeps_to_its_size(monkeypatch):
    monkeypatch.setattr(trending, "KEPT", 2)
    clips = [published(watches=10 * number) for number in (3, 2, 1)]
    assert trending.refresh() == trending.refresh() == 2
    assert table() == [clip.pk for clip in clips[:2]]


def test_for_you_finds_what_is_watched_most_beyond_the_newest(monkeypatch):
    monkeypatch.setattr("feeds.for_you.CANDIDATES", 2)
    famous = published(watches=500, days=2)
    newest = [published() for _ in range(3)]
    monkeypatch.setattr(for_you, "_FOR_MEMBERS", for_you._sources(None))  # compiled with the size above
    viewer = UserFactory()
    assert [card.clip_id for card in for_you_page(viewer)[0].cards] == [clip.pk for clip in newest[:0:-1]]
    trending.refresh()
    page, whys = for_you_page(viewer)
    assert (page.cards[0].clip_id, whys[0]) == (famous.pk, "Popular right now")
    assert len(page.cards) == 3
