"""The pages of a profile. Alice owns it; bob follows, charlie is a stranger."""

from __future__ import annotations

import pytest

from clips.models import Audience

from ..factories import BlockFactory, ClipFactory, FollowFactory, MuteFactory, RepostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice", bio="Line one\nسطر ثان")


@pytest.fixture
def bob(alice):
    return FollowFactory(follower__username="bob", followee=alice).follower


@pytest.fixture
def charlie():
    return UserFactory(username="charlie")


def tiles(client, path: str) -> list[int]:
    return [tile.clip.id for tile in client.get(path).context["tiles"]]


def test_everyone_sees_the_public_clips_newest_first(client, alice, bob):
    clips = [ClipFactory(author=alice) for _ in range(3)]
    ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    ClipFactory(author=alice, processing=True)
    response = client.get("/@alice/")
    assert [tile.clip.id for tile in response.context["tiles"]] == [clip.pk for clip in reversed(clips)]
    assert response.context["head"].clip_count == 3
    assert 'dir="auto"><p>Line one<br>سطر ثان' in response.text


def test_followers_see_what_is_for_them(client, alice, bob):
    clip = ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    client.force_login(bob)
    response = client.get("/@alice/")
    assert [tile.clip.id for tile in response.context["tiles"]] == [clip.pk]
    assert "Following" in response.text
    assert "Reposts shown" in response.text


def test_private_account_shows_its_door(client, alice, bob, charlie):
    alice.is_private = True
    alice.save()
    ClipFactory(author=alice, caption="not for you")
    for viewer in (None, charlie):
        if viewer:
            client.force_login(viewer)
        response = client.get("/@alice/")
        assert response.status_code == 200
        assert "This account is private" in response.text
        assert "not for you" not in response.text
        assert response.context["head"].clip_count == 0
        assert "/@alice/followers/" not in response.text
    client.force_login(bob)
    assert "not for you" in client.get("/@alice/").text


@pytest.mark.parametrize("path", ["/@alice/", "/@alice/reposts/", "/@alice/followers/"])
@pytest.mark.parametrize("way", [("blocker", "blocked"), ("blocked", "blocker")])
def test_a_block_hides_either_way(client, alice, charlie, path, way):
    BlockFactory(**dict(zip(way, (alice, charlie), strict=True)))
    client.force_login(charlie)
    assert client.get(path).status_code == 404


def test_unknown_and_inactive_are_404(client, alice):
    alice.is_active = False
    alice.save()
    assert client.get("/@alice/").status_code == 404
    assert client.get("/@nobody/").status_code == 404
    assert client.get("/@%00/").status_code == 404


def test_own_profile(client, alice):
    alice.is_private = True
    alice.save()
    FollowFactory(followee=alice, accepted_at=None)
    ClipFactory(author=alice)
    client.force_login(alice)
    response = client.get("/@alice/")
    assert len(response.context["tiles"]) == 1
    assert "Edit profile" in response.text
    assert "1 follow request<" in response.text
    assert "/@alice/block/" not in response.text


def test_mute_shows_and_can_be_taken_back(client, alice, bob):
    MuteFactory(muter=bob, muted=alice, scope="reposts")
    client.force_login(bob)
    page = client.get("/@alice/").text
    assert "Reposts muted" in page
    assert "/@alice/unmute/" in page


CLOSED = {
    # (tab of alice, who looks) -> what the tab says when it is closed, "" when it is open
    ("followers", "anonymous"): "Sign in and follow @alice",
    ("followers", "charlie"): "Only @alice’s followers",
    ("followers", "bob"): "",
    ("followers", "mutual"): "",
    ("mutuals", "anonymous"): "Only @alice’s mutuals",
    ("mutuals", "bob"): "Only @alice’s mutuals",
    ("mutuals", "mutual"): "",
    ("nobody", "mutual"): "keeps this tab to themselves",
    ("nobody", "alice"): "",
}


@pytest.mark.parametrize(("tab", "who"), CLOSED)
def test_the_reposts_tab_has_a_privacy_of_its_own(client, alice, bob, charlie, tab, who):
    alice.reposts_tab = tab
    alice.save()
    mutual = FollowFactory(follower__username="mutual", followee=alice).follower
    FollowFactory(follower=alice, followee=mutual)
    repost = RepostFactory(user=alice, comment="look at this")
    viewer = {"alice": alice, "bob": bob, "charlie": charlie, "mutual": mutual}.get(who)
    if viewer:
        client.force_login(viewer)
    response = client.get("/@alice/reposts/")
    said = CLOSED[tab, who]
    assert response.status_code == 200
    if said:
        assert said in response.text
        assert response.context["tiles"] == []
        assert "look at this" not in response.text
    else:
        assert [tile.clip.id for tile in response.context["tiles"]] == [repost.clip_id]
        assert "look at this" in response.text
        assert "This tab is closed" not in response.text


def test_closed_tab_still_shows_authors_what_was_said_about_their_clip(client, alice, charlie):
    RepostFactory(user=alice, clip__author=charlie, comment="about yours")
    RepostFactory(user=alice, comment="about another")
    client.force_login(charlie)
    page = client.get("/@alice/reposts/").text
    assert "about yours" in page
    assert "Only @alice’s followers" in page
    assert "about another" not in page


def test_tiles_page_by_key_and_htmx_gets_the_tiles_alone(client, alice):
    clips = [ClipFactory(author=alice).pk for _ in range(30)]
    first = client.get("/@alice/")
    ClipFactory(author=alice)
    following = first.context["next"]
    assert f'hx-get="/@alice/?before={following}"' in first.text
    second = client.get(f"/@alice/?before={following}", headers={"HX-Request": "true"})
    assert "<html" not in second.text
    seen = [tile.clip.id for response in (first, second) for tile in response.context["tiles"]]
    assert seen == clips[::-1]
    assert second.context["next"] is None


def test_reposts_page_by_key(client, alice, bob):
    clips = [RepostFactory(user=alice).clip_id for _ in range(30)]
    client.force_login(bob)
    first = client.get("/@alice/reposts/")
    rest = tiles(client, f"/@alice/reposts/?before={first.context['next']}")
    assert [tile.clip.id for tile in first.context["tiles"]] + rest == clips[::-1]


@pytest.mark.parametrize("items", [1, 15])
@pytest.mark.parametrize("tab", ["", "reposts/"])
def test_a_profile_costs_the_same_however_much_it_shows(client, alice, bob, items, tab, django_assert_num_queries):
    for _ in range(items):
        ClipFactory(author=alice)
        RepostFactory(user=alice)
        FollowFactory(followee=alice)
    client.force_login(bob)
    # session, user, person; tiles 1 + clips 2; relation 3, counts 2, number of clips 1
    with django_assert_num_queries(12):
        assert client.get(f"/@alice/{tab}").status_code == 200
