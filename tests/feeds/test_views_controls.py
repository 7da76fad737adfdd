"""The "why" sheet, the choices made there, and the page that lists them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Follow, Mute
from accounts.services import mute_user, update_profile
from feeds import controls
from feeds.models import FeedControl
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ben():
    return UserFactory(username="ben", display_name="Ben")


@pytest.fixture
def bob(ben):
    """Bob follows Ben."""
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=ben)
    return bob


@pytest.fixture
def web(client: Client, bob):
    client.force_login(bob)
    return client


@pytest.fixture
def clip(ben):
    """A clip by Carla, whom nobody follows, reposted by Ben."""
    clip = ClipFactory(author=UserFactory(username="carla", display_name="Carla"), caption="Waves at dusk")
    publish(clip)
    repost_clip(user=ben, clip_id=clip.pk, comment="so calm")
    return clip


def why(web, clip, feed="following", **extra):
    return web.get(reverse("feeds:why", args=[clip.pk]), {"feed": feed}, **extra)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def choose(web, kind, htmx=True, **asked):
    return web.post(reverse("feeds:hide"), {"kind": kind, **asked}, **(HTMX if htmx else {}))


def feed_of(web, feed="following") -> list[int]:
    return [card["clip"]["id"] for card in web.get(f"/api/v1/feeds/{feed}").json()["results"]]


# --- Why --------------------------------------------------------------------------------------------------------


def test_the_sheet_states_the_edges_and_what_changes_them(web, bob, clip):
    response = why(web, clip)
    text = text_of(response)
    assert "You follow Ben since" in text
    assert "Ben reposted this to followers." in text
    assert "so calm" in text
    assert "it is in your Following feed" in text
    html = response.content.decode()
    for kind in ("clip", "fewer", "reposts_by", "reposts_of", "unfollow"):
        assert f'name="kind" value="{kind}"' in html
    assert "private, no-store" in response["Cache-Control"]


def test_the_sheet_says_through_whom_if_one_may_know(web, bob, ben, clip):
    dora = UserFactory(display_name="Dora")
    FollowFactory(follower=ben, followee=dora)
    repost, _ = repost_clip(user=dora, clip_id=clip.pk)
    other = ClipFactory()
    publish(other)
    undo_repost(user=ben, clip_id=clip.pk)
    repost_clip(user=ben, clip_id=clip.pk, via_id=repost.pk)
    assert "Dora" not in text_of(why(web, clip))
    FollowFactory(follower=bob, followee=dora)
    assert "Ben met it through Dora’s repost." in text_of(why(web, clip))


def test_a_reason_that_is_gone_is_said_to_be_gone(web, ben, clip):
    undo_repost(user=ben, clip_id=clip.pk)
    text = text_of(why(web, clip))
    assert "nobody you follow publishes or reposts it for you" in text
    assert "You follow Ben" not in text


@pytest.mark.parametrize(
    ("hide", "said"),
    [
        (lambda bob, ben, clip: controls.hide_clip(viewer=bob, clip_id=clip.pk), "You hid this clip."),
        (lambda bob, ben, clip: controls.hide_words(viewer=bob, text="DUSK"), "words that you hide: “DUSK”"),
        (lambda bob, ben, clip: controls.hide_words(viewer=bob, text="calm"), "with words that you hide: “calm”"),
        (lambda bob, ben, clip: mute_user(muter=bob, muted=clip.author), "You mute the person who made it."),
        (lambda bob, ben, clip: mute_user(muter=bob, muted=ben, scope="reposts"), "You hide their reposts."),
        (lambda bob, ben, clip: controls.hide_reposts_of(viewer=bob, person=clip.author), "You hide reposts of clips"),
        (lambda bob, ben, clip: controls.hide_clips_by(viewer=bob, person=clip.author), "You hide clips by the person"),
        (lambda bob, ben, clip: Follow.objects.update(show_reposts=False), "You follow them without their reposts."),
        (lambda bob, ben, clip: repost_clip(user=bob, clip_id=clip.pk), "You reposted it"),
    ],
    ids=["clip", "words", "comment", "mute", "reposts by", "reposts of", "clips by", "reposts off", "reposted"],
)
def test_what_one_chose_is_named_where_it_keeps_a_clip_out(web, bob, ben, clip, hide, said):
    hide(bob, ben, clip)
    response = why(web, clip)
    text = text_of(response)
    assert said in text
    assert "by what you chose" in text
    assert feed_of(web) == []
    reference = re.search(r'name="reference" value="(\w+)"', response.content.decode())
    if reference is None:  # a setting
        assert reverse("feeds:controls") in response.content.decode()
        update_profile(user=bob, hide_reposted=False)
    else:
        web.post(reverse("feeds:undo_control"), {"reference": reference[1]})
    assert feed_of(web) == [clip.pk]


def test_for_you_tells_its_terms_in_numbers(web, bob, ben, clip):
    FollowFactory(follower=ben, followee=bob)
    text = text_of(why(web, clip, "for-you"))
    assert "at place 1 of 1 clip" in text
    assert "Reposted by 1 person who follows you back × 3.00" in text
    assert "How many of the people you follow reposted it × 1.00" in text
    assert "How fresh it is" in text
    controls.fewer_like(viewer=bob, clip_id=clip.pk)
    assert "for fewer like this clip Change × 0.20" in text_of(why(web, clip, "for-you"))


def test_strangers_may_ask_why_in_for_you_alone(clip):
    response = why(Client(), clip, "for-you")
    assert "New here × 1.00" in text_of(response)
    assert b"<form" not in response.content
    assert why(Client(), clip, "following").status_code == 404


@pytest.mark.parametrize("feed", ["nonsense", "\x00", "for_you"])
def test_an_unknown_feed_is_404(web, clip, feed):
    assert why(web, clip, feed).status_code == 404


def test_what_one_may_not_see_has_no_why(web, clip):
    clip.visibility = "followers"
    clip.save()
    for feed in ("following", "for-you"):
        assert why(web, clip, feed).status_code == 404
        assert web.get(f"/api/v1/clips/{clip.pk}/why?feed={feed}").status_code == 404


def test_the_sheet_is_a_fragment_for_htmx(web, clip):
    assert b"<html" not in why(web, clip, **HTMX).content
    assert b"<html" in why(web, clip).content


@pytest.mark.parametrize("feed", ["following", "for-you"])
def test_the_sheet_costs_the_same_however_many_reasons(web, bob, clip, feed, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(32) as captured:
            assert why(web, clip, feed).status_code == 200
        return len(captured)

    mute_user(muter=bob, muted=(muted := UserFactory()), scope="reposts")
    FollowFactory(follower=bob, followee=muted)
    repost_clip(user=muted, clip_id=clip.pk)
    controls.fewer_like(viewer=bob, clip_id=clip.pk)
    why(web, clip, feed)
    few = count()
    for number in range(30):
        person = UserFactory()
        FollowFactory(follower=bob, followee=person)
        repost_clip(user=person, clip_id=clip.pk)
        if number % 2:
            mute_user(muter=bob, muted=person, scope="reposts")
    why(web, clip, feed)
    assert count() == few


# --- Choices ----------------------------------------------------------------------------------------------------


def test_a_choice_says_which_cards_stay_and_undo_brings_them_back(web, bob, ben, clip):
    other = ClipFactory(author=ben)
    publish(other)
    cards = f"{other.pk},{clip.pk}"
    response = choose(web, "reposts_by", person="ben", days="7", feed="following", cards=cards)
    assert json.loads(response["HX-Trigger"]) == {
        "reprise:cards": {"asked": [other.pk, clip.pk], "standing": [other.pk]}
    }
    assert "Reposts by Ben are hidden for 7 days." in text_of(response)
    mute = Mute.objects.get()
    assert timedelta(days=6.9) < mute.until - timezone.now() < timedelta(days=7)
    reference = re.search(r'name="reference" value="(\w+)"', response.content.decode())[1]
    undone = web.post(
        reverse("feeds:undo_control"), {"reference": reference, "feed": "following", "cards": cards}, **HTMX
    )
    assert json.loads(undone["HX-Trigger"])["reprise:cards"]["standing"] == [other.pk, clip.pk]


@pytest.mark.parametrize("feed", ["following", "for-you"])
def test_fewer_takes_the_card_off_for_you_and_leaves_it_in_following(web, clip, feed):
    response = choose(web, "fewer", clip=clip.pk, feed=feed, cards=str(clip.pk))
    standing = json.loads(response["HX-Trigger"])["reprise:cards"]["standing"]
    assert standing == ([clip.pk] if feed == "following" else [])
    assert feed_of(web, feed) == [clip.pk]
    assert FeedControl.objects.get().kind == "fewer"


@pytest.mark.parametrize(("kind", "person"), [("reposts_of", "carla"), ("clips_by", "carla"), ("unfollow", "ben")])
def test_without_scripts_a_choice_is_a_form_with_a_message(web, clip, kind, person):
    response = web.post(reverse("feeds:hide"), {"kind": kind, "person": person, "next": "/following/"}, follow=True)
    assert response.redirect_chain == [("/following/", 302)]
    assert len(response.context["messages"]) == 1
    assert feed_of(web) == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"kind": "nonsense"}, 422),
        ({"kind": "clip"}, 404),
        ({"kind": "clip", "clip": "9" * 30}, 422),
        ({"kind": "clip", "clip": "x\x00"}, 422),
        ({"kind": "reposts_by", "person": "nobody"}, 404),
        ({"kind": "reposts_by", "person": "bob"}, 422),
        ({"kind": "reposts_by", "person": "a\x00"}, 422),
        ({"kind": "clip", "clip": "1", "days": "8"}, 422),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(web, clip, asked, status):
    assert web.post(reverse("feeds:hide"), asked, **HTMX).status_code == status
    assert not FeedControl.objects.exists()
    assert not Mute.objects.exists()


@pytest.mark.parametrize("cards", ["x", "1,,2", ",".join(["1"] * 400), "1;2", "9" * 40])
def test_a_page_that_lists_nonsense_gets_no_event(web, clip, cards):
    response = choose(web, "clip", clip=clip.pk, feed="following", cards=cards)
    assert response.status_code == 200
    assert "HX-Trigger" not in response


def test_choices_are_for_members(client, clip):
    for name in ("feeds:hide", "feeds:undo_control", "feeds:controls"):
        response = client.post(reverse(name), {"kind": "clip", "clip": clip.pk})
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    assert not FeedControl.objects.exists()


# --- The page ---------------------------------------------------------------------------------------------------


def test_the_page_lists_every_choice_with_its_undo(web, bob, ben, clip):
    controls.hide_clip(viewer=bob, clip_id=clip.pk, until=timezone.now() + timedelta(days=7))
    controls.hide_words(viewer=bob, text="عنكبوت <b>")
    controls.fewer_like(viewer=bob, clip_id=clip.pk)
    mute_user(muter=bob, muted=ben)
    response = web.get("/settings/feed/")
    text, html = text_of(response), response.content.decode()
    assert "This clip is hidden" in text
    assert "clips by Carla × 0.20" in text
    assert "Muted: their clips and their reposts" in text
    assert "عنكبوت &lt;b&gt;" in html
    assert f'src="{reverse("clips:media", args=[clip.pk, "poster.webp"])}"' in html
    references = re.findall(r'name="reference" value="(\w+)"', html)
    assert len(references) == 4
    for reference in references:
        web.post(reverse("feeds:undo_control"), {"reference": reference, "next": "/settings/feed/"})
    assert "Nothing left out" in text_of(web.get("/settings/feed/"))


def test_settings_and_words_are_saved(web, bob):
    web.post("/settings/feed/", {"section": "settings", "watched": "hide", "hide_reposts_of_followed": "on"})
    bob.refresh_from_db()
    assert (bob.hide_watched, bob.raise_watched) == (True, False)
    assert (bob.hide_reposted, bob.hide_reposts_of_followed) == (False, True)
    web.post("/settings/feed/", {"section": "settings", "watched": "raise", "hide_reposted": "on"})
    bob.refresh_from_db()
    assert (bob.hide_watched, bob.raise_watched, bob.hide_reposted) == (False, True, True)
    web.post("/settings/feed/", {"section": "words", "text": "  So   GOOD ", "days": "30"})
    control = FeedControl.objects.get()
    assert (control.text, control.key) == ("So GOOD", " so good ")
    assert control.until is not None


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"section": "words", "text": "…"}, "There is no word in that."),
        ({"section": "words", "text": "x" * 150}, "at most 100 characters"),
        ({"section": "words", "text": "x" * 10_000}, "at most 400 characters"),
        ({"section": "words", "text": "a\x00b"}, "Null characters are not allowed."),
        ({"section": "settings", "watched": "never"}, "Please look at the marked fields."),
    ],
)
def test_what_is_wrong_is_said_on_the_page(web, posted, said):
    response = web.post("/settings/feed/", posted)
    assert response.status_code == 200
    assert said in text_of(response)
    assert not FeedControl.objects.exists()


@pytest.mark.parametrize("query", ["kind=nonsense", "below=x", "below=1c1c1", "kind=%00"])
def test_a_damaged_address_of_the_page_is_404(web, query):
    assert web.get(f"/settings/feed/?{query}").status_code == 404


def test_a_request_to_follow_is_shown_as_one(web, bob, clip):
    carla = clip.author
    assert web.post("/@carla/follow/", HTTP_X_REQUESTED_WITH="fetch")["X-Follow"] == "on"
    web.post("/@carla/unfollow/")
    update_profile(user=carla, is_private=True)
    assert web.post("/@carla/follow/", HTTP_X_REQUESTED_WITH="fetch")["X-Follow"] == "asked"
    # Whoever asked while the account was private sees its clips once it is open but has not been answered.
    type(carla).objects.filter(pk=carla.pk).update(is_private=False)
    html = web.get("/following/").content.decode()
    assert 'data-follows="asked"' in html
    assert ">Requested</button>" in html
    assert web.post("/@carla/unfollow/", HTTP_X_REQUESTED_WITH="fetch")["X-Follow"] == "off"
