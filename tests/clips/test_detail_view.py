"""The page of one clip, and what it reports back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clips.models import Audience, Watch
from tests.factories import (
    BlockFactory,
    ClipFactory,
    CommentFactory,
    FollowFactory,
    RepostFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def bob(alice):
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=alice)
    return bob


@pytest.fixture
def clip(alice):
    clip = ClipFactory(author=alice, caption="A morning <i>walk</i>")
    publish(clip)
    return clip


@pytest.fixture
def web(client: Client, bob):
    client.force_login(bob)
    return client


def page(clip) -> str:
    return reverse("clips:detail", args=[clip.pk])


def test_a_stranger_sees_a_public_clip_with_a_card_for_other_sites(client, clip):
    response = client.get(page(clip))
    html = response.content.decode()
    assert 'property="og:type" content="video.other"' in html
    assert f'property="og:image" content="http://testserver/media/clips/{clip.pk}/poster.webp"' in html
    assert f'property="og:video" content="http://testserver/media/clips/{clip.pk}/720.mp4"' in html
    assert "A morning &lt;i&gt;walk&lt;/i&gt;" in html
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("limited", ["followers-only", "private account"])
def test_a_clip_for_followers_is_404_for_others_and_has_no_card(client, web, alice, limited):
    if limited == "private account":
        type(alice).objects.filter(pk=alice.pk).update(is_private=True)
        clip = ClipFactory(author=alice)
    else:
        clip = ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    assert Client().get(page(clip)).status_code == 404
    html = web.get(page(clip)).content.decode()
    assert "og:" not in html
    assert "Followers only" in html


@pytest.mark.parametrize("field", ["deleted_at", "removed_at"])
def test_a_clip_that_is_gone_is_404(web, clip, field):
    setattr(clip, field, timezone.now())
    clip.save()
    assert web.get(page(clip)).status_code == 404
    assert web.post(reverse("clips:watch", args=[clip.pk]), {"ms": 1}).status_code == 404


def test_a_block_hides_it(web, bob, alice, clip):
    BlockFactory(blocker=alice, blocked=bob)
    assert web.get(page(clip)).status_code == 404


def test_people_one_follows_come_first_and_the_author_sees_the_others(client, web, bob, alice, clip):
    friend, other = UserFactory(display_name="Friend"), UserFactory(display_name="Other")
    FollowFactory(follower=bob, followee=friend)
    RepostFactory(user=friend, clip=clip, comment="from a friend")
    RepostFactory(user=other, clip=clip, comment="from elsewhere")
    mine = web.get(page(clip))
    assert [line.comment for line in mine.context["connections"]] == ["from a friend"]
    assert mine.context["others"] == []
    assert "from elsewhere" not in mine.content.decode()
    client.force_login(alice)
    theirs = client.get(page(clip))
    assert {line.comment for line in theirs.context["others"]} == {"from a friend", "from elsewhere"}
    assert theirs.content.decode().count("Detach comment by") == 2


def test_one_s_own_repost_stands_apart(web, bob, clip):
    RepostFactory(user=bob, clip=clip, comment="mine")
    response = web.get(page(clip))
    assert "You reposted this" in response.content.decode()
    assert response.context["connections"] == response.context["others"] == []


def test_only_the_author_may_edit(client, web, alice, clip):
    edit = reverse("clips:edit", args=[clip.pk])
    assert edit not in web.get(page(clip)).content.decode()
    client.force_login(alice)
    assert edit in client.get(page(clip)).content.decode()


@pytest.mark.parametrize("via", ["12", "x", "9" * 30, ""])
def test_via_is_handed_on_when_it_is_a_number(web, clip, via):
    html = web.get(page(clip), {"via": via}).content.decode()
    assert ('name="via" value="12"' in html) == (via == "12")


def test_it_costs_the_same_whatever_is_on_it(web, bob, clip, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(16) as captured:
            web.get(page(clip))
        return len(captured)

    CommentFactory(parent=CommentFactory(clip=clip))
    before = cost()
    for _ in range(6):
        friend = UserFactory()
        FollowFactory(follower=bob, followee=friend)
        RepostFactory(user=friend, clip=clip, comment="look")
        RepostFactory(clip=clip)
        CommentFactory(parent=CommentFactory(clip=clip))
    assert cost() == before


def test_the_page_of_nobody_is_404_with_a_way_out(client):
    response = client.get("/clips/999999/")
    assert response.status_code == 404
    assert re.search(r'class="button" href="/"', response.content.decode())


# --- Watching -------------------------------------------------------------------------------------------------------


def watched(web, clip, ms) -> int:
    return web.post(reverse("clips:watch", args=[clip.pk]), {"ms": ms}).status_code


def test_a_watch_is_remembered_and_never_shrinks(web, bob, clip):
    assert watched(web, clip, "2500") == 204
    assert watched(web, clip, "900") == 204
    watch = Watch.objects.get(viewer=bob, clip=clip)
    assert watch.furthest_ms == 2500
    assert watch.watched_at is not None
    clip.refresh_from_db()
    assert clip.watch_count == 1


@pytest.mark.parametrize("ms", ["", "x", "-5", "1e3", "9" * 12, "１"])
def test_nonsense_is_a_400_and_no_watch(web, clip, ms):
    assert watched(web, clip, ms) == 400
    assert not Watch.objects.exists()


def test_strangers_are_not_counted(clip):
    assert watched(Client(), clip, "2500") == 403
    assert not Watch.objects.exists()


def test_a_hidden_clip_takes_no_watch(alice, clip):
    clip.visibility = Audience.FOLLOWERS
    clip.save()
    stranger = Client()
    stranger.force_login(UserFactory())
    assert watched(stranger, clip, "2500") == 404
