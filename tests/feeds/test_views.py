"""The feed pages and the pill: what they show, to whom, and at what cost."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services as accounts
from clips.models import RepostPolicy
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def bob(alice):
    """Bob follows Alice."""
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=alice)
    return bob


@pytest.fixture
def web(client: Client, bob):
    client.force_login(bob)
    return client


def published(author, **fields):
    clip = ClipFactory(author=author, **fields)
    publish(clip)
    return clip


def clip_ids(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="clip-(\d+)"', html)]


def positions(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'aria-posinset="(\d+)"', html)]


def next_link(html: str) -> str:
    found = re.search(r'href="([^"]+)" rel="next"', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_home_is_following_for_members_and_for_you_for_strangers(web, alice):
    clip = published(alice)
    mine = web.get("/")
    assert mine.context["feed_name"] == "following"
    assert clip_ids(mine.content.decode()) == [clip.pk]
    stranger = Client().get("/")
    assert stranger.context["feed_name"] == "for_you"
    assert clip_ids(stranger.content.decode()) == [clip.pk]


def test_following_asks_strangers_to_sign_in():
    response = Client().get(reverse("feeds:following"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["home", "following", "for_you"])
def test_personal_pages_are_kept_by_no_cache(web, alice, name):
    published(alice)
    response = web.get(reverse(f"feeds:{name}"))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_pages_follow_each_other_without_doubles_or_gaps(web, alice):
    clips = [published(alice).pk for _ in range(14)]
    seen, numbers, url = [], [], reverse("feeds:following")
    while url:
        html = web.get(url).content.decode()
        seen += clip_ids(html)
        numbers += positions(html)
        url = next_link(html)
    assert seen == clips[::-1]
    assert numbers == list(range(1, 15))
    assert "all caught up" in html


def test_htmx_gets_cards_and_the_tail_but_no_page(web, alice):
    for _ in range(8):
        published(alice)
    whole = web.get(reverse("feeds:following"))
    piece = web.get(next_link(whole.content.decode()), **HTMX)
    html = piece.content.decode()
    assert len(clip_ids(html)) == 2
    assert "<html" not in html
    assert "HX-Request" in piece["Vary"]


def test_without_scripts_a_card_is_a_plain_player_with_plain_forms(web, alice):
    clip = published(alice)
    html = web.get("/following/").content.decode()
    assert re.search(r"<video[^>]*controls[^>]*preload=\"none\"[^>]*poster=", html)
    assert f'<source src="{reverse("clips:media", args=[clip.pk, "720.mp4"])}"' in html
    assert f'method="post" action="{reverse("reposts:repost", args=[clip.pk])}"' in html


def test_no_page_carries_inline_style_or_script(web, alice):
    published(alice)
    for path in ("/following/", "/for-you/"):
        html = web.get(path).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_a_card_names_its_reposters_with_their_comments(web, bob, alice):
    carol = UserFactory(username="carol", display_name="Carol")
    FollowFactory(follower=bob, followee=carol)
    clip = published(UserFactory())
    for user, comment in ((alice, "first <b>"), (carol, "مرحبا")):
        repost_clip(user=user, clip_id=clip.pk, comment=comment)
    html = web.get("/following/").content.decode()
    assert "Carol and Alice reposted" in html
    assert "first &lt;b&gt;" in html
    assert "مرحبا" in html


def test_a_card_credits_the_repost_that_brought_it(web, alice):
    clip = published(UserFactory())
    repost, _ = repost_clip(user=alice, clip_id=clip.pk)
    html = web.get("/following/").content.decode()
    assert f'name="via" value="{repost.pk}"' in html
    assert f"{reverse('clips:detail', args=[clip.pk])}?via={repost.pk}" in html


def test_the_one_tap_says_whom_it_reaches_and_stays_away_where_a_comment_is_due(web, bob, alice):
    FollowFactory(followee=bob)
    FollowFactory(followee=bob)
    easy = published(alice)
    strict = published(alice, allow_reposts=RepostPolicy.WITH_COMMENT)
    html = web.get("/following/").content.decode()
    assert "Repost to your 2 followers" in html
    assert f'action="{reverse("reposts:repost", args=[easy.pk])}"' in html
    assert f'action="{reverse("reposts:repost", args=[strict.pk])}"' not in html


def test_an_empty_feed_offers_people_and_clips(client):
    clip = published(UserFactory(username="dora", display_name="Dora"))
    client.force_login(UserFactory())
    html = client.get("/following/").content.decode()
    assert "Your feed starts with people" in html
    assert reverse("accounts:follow", args=["dora"]) in html
    assert reverse("clips:detail", args=[clip.pk]) in html


@pytest.mark.parametrize("cursor", ["nonsense", "%00", "A" * 9000, "eJwDAAAAAAE"])
@pytest.mark.parametrize("name", ["following", "for_you"])
def test_a_damaged_cursor_is_a_friendly_400(web, name, cursor):
    response = web.get(f"{reverse(f'feeds:{name}')}?cursor={cursor}")
    assert response.status_code == 400
    assert reverse(f"feeds:{name}") in response.content.decode()


def test_for_you_says_why(web, bob, alice):
    FollowFactory(follower=alice, followee=bob)
    clip = published(UserFactory())
    repost_clip(user=alice, clip_id=clip.pk)
    html = web.get("/for-you/").content.decode()
    assert "Alice reposted · you follow each other" in html


def test_the_feed_wakes_a_dormant_person(web, bob, alice):
    type(bob).objects.filter(pk=bob.pk).update(is_dormant=True)
    web.get("/following/", HTTP_ACCEPT="*/*")
    bob.refresh_from_db()
    assert not bob.is_dormant


# --- The pill ---------------------------------------------------------------------------------------------------


def as_of(web) -> int:
    return web.get("/following/").context["as_of"]


def test_the_pill_counts_what_came_since_and_shows_who(web, alice):
    published(alice)
    since = as_of(web)
    assert web.get(f"/following/new/?since={since}").status_code == 204
    clip = published(UserFactory())
    repost_clip(user=alice, clip_id=clip.pk)
    response = web.get(f"/following/new/?since={since}")
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    assert "1 new" in text
    assert "from Alice" in text
    undo_repost(user=alice, clip_id=clip.pk)
    assert web.get(f"/following/new/?since={since}").status_code == 204


def test_the_pill_knows_blocks(web, bob, alice):
    since = as_of(web)
    published(alice)
    accounts.block_user(blocker=alice, blocked=bob)
    assert web.get(f"/following/new/?since={since}").status_code == 204


def test_the_pill_says_twenty_plus(web, alice):
    since = as_of(web)
    for _ in range(22):
        published(alice)
    assert "20+ new" in web.get(f"/following/new/?since={since}").content.decode()


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "１"])
def test_the_pill_refuses_nonsense(web, since):
    assert web.get("/following/new/", {"since": since}).status_code == 400


def test_the_pill_is_for_members(client):
    assert client.get("/following/new/?since=0").status_code == 403


# --- Cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "limit"), [("following", 15), ("for_you", 17)])
def test_pages_cost_the_same_whatever_is_on_them(web, bob, django_assert_max_num_queries, name, limit):
    def count() -> int:
        with django_assert_max_num_queries(limit) as captured:
            assert web.get(reverse(f"feeds:{name}")).status_code == 200
        return len(captured)

    authors = [UserFactory() for _ in range(2)]
    for author in authors:
        FollowFactory(follower=bob, followee=author)
    for _ in range(7):  # more than a page: the end of a feed looks up when the next clip came
        published(authors[0])
    repost_clip(user=authors[0], clip_id=published(UserFactory()).pk)
    web.get(reverse(f"feeds:{name}"))  # the store is filled once
    few = count()
    for _ in range(5):
        clip = published(UserFactory())
        for author in authors:
            repost_clip(user=author, clip_id=clip.pk, comment="look")
    for _ in range(6):
        reader = UserFactory()
        FollowFactory(follower=reader, followee=bob)
        FollowFactory(follower=bob, followee=reader)
    web.get(reverse(f"feeds:{name}"))
    assert count() == few


def test_the_pill_costs_little(web, alice, django_assert_max_num_queries):
    since = as_of(web)
    with django_assert_max_num_queries(3):  # session, person, what is new
        web.get(f"/following/new/?since={since}")
    published(alice)
    with django_assert_max_num_queries(4):
        assert web.get(f"/following/new/?since={since}").status_code == 200
