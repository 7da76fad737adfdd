"""Edges, lists, settings and relations through the pages. Alice looks; bob, charlie and dana are looked at."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import Block, Follow, Mute, User

from ..factories import BlockFactory, FollowFactory, MuteFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
POSTS = ["follow", "unfollow", "remove-follower", "block", "unblock", "mute", "unmute"]


@pytest.fixture
def alice(client):
    user = UserFactory(username="alice")
    client.force_login(user)
    return user


@pytest.fixture
def bob():
    return UserFactory(username="bob")


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("verb", POSTS)
def test_edges_need_a_person_who_is_signed_in(client, bob, verb):
    response = client.post(f"/@bob/{verb}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("verb", [verb for verb in POSTS if verb != "block"])
def test_edges_are_posts_only(client, alice, bob, verb):
    assert client.get(f"/@bob/{verb}/").status_code == 405


@pytest.mark.parametrize("verb", ["follow", "block", "mute"])
def test_who_is_hidden_cannot_be_followed_blocked_or_muted(client, alice, bob, verb):
    BlockFactory(blocker=bob, blocked=alice)
    assert client.post(f"/@bob/{verb}/", {"scope": "all"}).status_code == 404
    assert client.post(f"/@nobody/{verb}/", {"scope": "all"}).status_code == 404
    assert not Follow.objects.exists()
    assert not Mute.objects.exists()
    assert Block.objects.count() == 1


def test_follow_and_unfollow_say_what_happened_and_go_back(client, alice, bob):
    response = client.post("/@bob/follow/", {"next": "/for-you/"})
    assert response["Location"] == "/for-you/"
    assert Follow.objects.get().accepted_at
    response = client.post("/@bob/unfollow/", follow=True)
    assert response.redirect_chain[0][0] == "/@bob/"
    assert said(response) == ["You follow @bob.", "You no longer follow @bob."]
    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_nowhere_else(client, alice, bob, target):
    assert client.post("/@bob/follow/", {"next": target})["Location"] == "/@bob/"


def test_following_a_private_account_asks(client, alice):
    UserFactory(username="pia", is_private=True)
    response = client.post("/@pia/follow/", follow=True)
    assert said(response) == ["You asked to follow @pia. They decide."]
    assert Follow.objects.get().accepted_at is None
    assert "This account is private" in response.text


def test_one_does_not_follow_oneself(client, alice):
    assert said(client.post("/@alice/follow/", follow=True)) == ["You cannot do that to your own account."]
    assert client.post("/@alice/follow/", headers=HTMX).status_code == 409
    assert client.post("/@alice/block/").status_code == 404
    assert not Follow.objects.exists()


def test_htmx_gets_the_button_and_our_script_nothing(client, alice, bob):
    response = client.post("/@bob/follow/", {"full": "1"}, headers=HTMX)
    assert response.status_code == 200
    assert "Following" in response.text
    assert 'hx-swap-oob="true"><b>1</b> follower<' in response.text
    assert "<html" not in response.text
    assert client.post("/@bob/unfollow/", headers={"X-Requested-With": "fetch"}).status_code == 204


def test_reposts_of_a_person_can_be_left_out(client, alice, bob):
    FollowFactory(follower=alice, followee=bob)
    client.post("/@bob/follow/", {"show_reposts": "off"})
    assert not Follow.objects.get().show_reposts
    client.post("/@bob/follow/", {"show_reposts": "on"})
    assert Follow.objects.get().show_reposts


def test_block_asks_then_hides_both_ways_and_is_undone_on_relations(client, alice, bob):
    FollowFactory(follower=bob, followee=alice)
    assert "Block" in client.get("/@bob/block/").text
    assert not Block.objects.exists()
    response = client.post("/@bob/block/", follow=True)
    assert response.redirect_chain[0][0] == "/settings/relations/?list=blocked"
    assert "@bob" in response.text
    assert not Follow.objects.exists()
    assert client.get("/@bob/").status_code == 404
    client.post("/@bob/unblock/")
    assert client.get("/@bob/").status_code == 200


def test_who_is_blocked_cannot_unblock(client, alice, bob):
    BlockFactory(blocker=bob, blocked=alice)
    assert client.post("/@bob/unblock/").status_code == 404
    assert Block.objects.count() == 1


@pytest.mark.parametrize(("days", "length"), [("", None), ("7", 7), ("30", 30)])
@pytest.mark.parametrize("scope", ["all", "reposts"])
def test_mute_by_scope_and_time(client, alice, bob, scope, days, length):
    client.post("/@bob/mute/", {"scope": scope, "days": days})
    mute = Mute.objects.get()
    assert mute.scope == scope
    if length is None:
        assert mute.until is None
    else:
        assert abs(mute.until - timezone.now() - timedelta(days=length)) < timedelta(minutes=1)
    client.post("/@bob/unmute/")
    assert not Mute.objects.exists()


@pytest.mark.parametrize("form", [{}, {"scope": "x"}, {"scope": "all", "days": "9999999"}])
def test_odd_mutes_are_refused(client, alice, bob, form):
    response = client.post("/@bob/mute/", form, follow=True)
    assert said(response) == ["Choose what to mute and for how long."]
    assert not Mute.objects.exists()


def test_unfollowing_works_on_people_who_went_out_of_sight(client, alice):
    gone = UserFactory(username="gone", is_active=False)
    FollowFactory(follower=alice, followee=gone)
    assert client.post("/@gone/unfollow/", {"next": "/settings/relations/"}).status_code == 302
    assert not Follow.objects.exists()


def test_remove_follower(client, alice, bob):
    FollowFactory(follower=bob, followee=alice)
    assert client.post("/@bob/remove-follower/")["Location"] == "/@alice/followers/"
    assert not Follow.objects.exists()


# --- Requests ---


def test_requests_are_accepted_and_refused(client, alice, bob):
    User.objects.filter(pk=alice.pk).update(is_private=True)
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    eve = FollowFactory(follower__username="eve", followee=alice, accepted_at=None).follower
    page = client.get("/requests/").text
    assert "@bob" in page
    assert "@eve" in page
    client.post("/requests/", {"username": "bob", "answer": "accept"})
    client.post("/requests/", {"username": "eve", "answer": "refuse"})
    assert Follow.objects.get(follower=bob).accepted_at
    assert not Follow.objects.filter(follower=eve).exists()
    again = client.post("/requests/", {"username": "eve", "answer": "accept"}, follow=True)
    assert said(again)[-1] == "There is no open follow request from that person."


@pytest.mark.parametrize("form", [{}, {"username": "bob"}, {"username": "nobody", "answer": "accept"}])
def test_odd_answers_are_404(client, alice, bob, form):
    assert client.post("/requests/", form).status_code == 404


# --- Lists ---


def test_lists_leave_out_who_is_hidden_from_the_viewer(client, alice, bob):
    for name in ("charlie", "blocker", "gone"):
        FollowFactory(follower=UserFactory(username=name, is_active=name != "gone"), followee=bob)
    BlockFactory(blocker=User.objects.get(username="blocker"), blocked=alice)
    response = client.get("/@bob/followers/")
    assert [row.person.username for row in response.context["page"].rows] == ["charlie"]


@pytest.mark.parametrize("path", ["/@pia/followers/", "/@pia/following/"])
def test_lists_of_a_private_account_are_for_its_followers(client, path):
    pia = UserFactory(username="pia", is_private=True)
    assert client.get(path).status_code == 404
    viewer = UserFactory()
    client.force_login(viewer)
    assert client.get(path).status_code == 404
    edge = FollowFactory(follower=viewer, followee=pia, accepted_at=None)
    assert client.get(path).status_code == 404
    edge.accepted_at = timezone.now()
    edge.save()
    assert client.get(path).status_code == 200
    client.force_login(pia)
    assert client.get(path).status_code == 200


def test_lists_page_by_key(client, alice, bob):
    fans = [FollowFactory(followee=bob).follower.username for _ in range(35)]
    first = client.get("/@bob/followers/").context["page"]
    FollowFactory(followee=bob)  # a new one on top moves nothing
    second = client.get(f"/@bob/followers/?before={first.next}").context["page"]
    assert [row.person.username for row in first.rows + second.rows] == fans[::-1]
    assert second.next is None


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１"])
def test_bad_cursors_are_404(client, alice, bob, before):
    assert client.get(f"/@bob/followers/?before={before}").status_code == 404
    assert client.get(f"/settings/relations/?before={before}").status_code == 404
    assert client.get(f"/@bob/?before={before}").status_code == 404
    assert client.get(f"/studio/?before={before}").status_code == 404


def test_relations_show_all_that_can_be_undone(client, alice, bob):
    FollowFactory(follower=alice, followee=bob, show_reposts=False)
    FollowFactory(follower=alice, followee__username="asked", accepted_at=None)
    MuteFactory(muter=alice, muted__username="muted", until=timezone.now() + timedelta(days=3))
    MuteFactory(muter=alice, muted__username="over", until=timezone.now() - timedelta(days=3))
    BlockFactory(blocker=alice, blocked__username="blocked")
    seen = {
        name: [row.person.username for row in client.get(f"/settings/relations/?list={name}").context["page"].rows]
        for name in ("following", "asked", "muted", "blocked")
    }
    assert seen == {"following": ["bob"], "asked": ["asked"], "muted": ["muted"], "blocked": ["blocked"]}
    assert "Reposts hidden" in client.get("/settings/relations/").text
    assert client.get("/settings/relations/?list=x").status_code == 404


QUERIES = {  # session, user, then what the page needs
    "/@owner/followers/": 5,
    "/@owner/following/": 5,
    "/settings/relations/": 4,
    "/settings/relations/?list=muted": 4,
    "/settings/relations/?list=blocked": 4,
    "/requests/": 3,
    "/welcome/": 5,
}


@pytest.mark.parametrize("people", [1, 12])
@pytest.mark.parametrize("path", QUERIES)
def test_lists_cost_the_same_however_long(client, alice, path, people, django_assert_num_queries):
    owner = UserFactory(username="owner")
    for _ in range(people):
        FollowFactory(followee=owner)
        FollowFactory(follower=owner)
        FollowFactory(follower=alice)
        FollowFactory(followee=alice, accepted_at=None)
        MuteFactory(muter=alice)
        BlockFactory(blocker=alice)
    with django_assert_num_queries(QUERIES[path]):
        assert client.get(path).status_code == 200


# --- Settings ---


def png(size=(300, 200)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, (9, 99, 199)).save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue(), "image/png")


def test_profile_is_cleaned_and_saved(client, alice):
    form = {"section": "profile", "display_name": " A\u202e‮li\nce ", "bio": "one\n\n\n\n\ntwo\u200b"}
    assert client.post("/settings/", form).status_code == 302
    alice.refresh_from_db()
    assert (alice.display_name, alice.bio) == ("Ali ce", "one\n\ntwo")


def test_too_long_a_bio_keeps_the_text(client, alice):
    response = client.post("/settings/", {"section": "profile", "bio": "é" * 301})
    assert response.context["profile"].errors["bio"] == ["At most 300 characters; these are 301."]
    assert "é" * 301 in response.text
    alice.refresh_from_db()
    assert alice.bio == ""


def test_a_bio_may_use_all_its_characters_with_line_breaks(client, alice):
    bio = "é\r\n" * 149 + "ab"
    assert client.post("/settings/", {"section": "profile", "bio": bio}).status_code == 302
    alice.refresh_from_db()
    assert len(alice.bio) == 300


def test_picture_comes_is_replaced_and_goes(client, alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.post("/settings/", {"section": "profile", "picture": png()})
    alice.refresh_from_db()
    first = alice.avatar
    response = client.get(f"/media/{first}")
    assert response.status_code == 200
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/webp",
        "public, max-age=31536000, immutable",
    )
    client.post("/settings/", {"section": "profile", "picture": png((50, 90))})
    alice.refresh_from_db()
    assert alice.avatar != first
    assert client.get(f"/media/{first}").status_code == 404
    client.post("/settings/", {"section": "profile", "remove_picture": "on"})
    alice.refresh_from_db()
    assert alice.avatar == ""
    assert list((tmp_path / "avatars").iterdir()) == []


@pytest.mark.parametrize("key", ["x", "0" * 32, "../../secret-key", "..%2f..%2fsecret-key"])
def test_unknown_avatars_are_404(client, key):
    assert client.get(f"/media/avatars/{key}.webp").status_code == 404


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_bad_pictures_say_why_and_change_nothing(client, alice, settings, tmp_path, content):
    settings.MEDIA_ROOT = tmp_path
    form = {"section": "profile", "display_name": "New", "picture": SimpleUploadedFile("a.png", content)}
    response = client.post("/settings/", form)
    assert response.status_code == 200
    assert response.context["profile"].errors["picture"]
    alice.refresh_from_db()
    assert alice.display_name == "Alice"
    assert not (tmp_path / "avatars").exists()


def test_a_fault_elsewhere_leaves_no_picture_behind(client, alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.post("/settings/", {"section": "profile", "bio": "x" * 301, "picture": png()})
    assert not (tmp_path / "avatars").exists()


def test_privacy_settings(client, alice):
    client.post("/settings/", {"section": "privacy", "is_private": "on", "reposts_tab": "mutuals"})
    alice.refresh_from_db()
    assert (alice.is_private, alice.reposts_tab) == (True, "mutuals")
    bad = client.post("/settings/", {"section": "privacy", "reposts_tab": "everyone"})
    assert bad.context["privacy"].errors["reposts_tab"]
    alice.refresh_from_db()
    assert alice.is_private


def test_opening_an_account_accepts_who_waits_and_says_so(client, alice, bob):
    User.objects.filter(pk=alice.pk).update(is_private=True)
    FollowFactory(follower=bob, followee=alice, accepted_at=None)
    response = client.post("/settings/", {"section": "privacy", "reposts_tab": "followers"}, follow=True)
    assert said(response) == ["Saved. Your account is open now, and 1 waiting request became followers."]
    assert Follow.objects.get().accepted_at


# --- Presence and caching ---


def test_page_loads_are_presence_and_fragments_are_not(client, alice):
    long_ago = timezone.now() - timedelta(days=20)
    User.objects.filter(pk=alice.pk).update(last_seen_at=long_ago, is_dormant=True)
    client.get("/settings/", headers={"Accept": "*/*"})
    alice.refresh_from_db()
    assert alice.is_dormant
    client.get("/settings/", headers={"Accept": "text/html,application/xhtml+xml"})
    alice.refresh_from_db()
    assert not alice.is_dormant
    assert timezone.now() - alice.last_seen_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "path",
    [
        "/settings/",
        "/settings/relations/",
        "/requests/",
        "/welcome/",
        "/@bob/",
        "/@bob/followers/",
        "/studio/",
        "/upload/",
    ],
)
def test_pages_of_a_person_are_kept_by_nobody(client, alice, bob, path):
    assert {"private", "no-store"} <= set(client.get(path)["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", ["/settings/", "/settings/relations/", "/requests/", "/welcome/", "/me/"])
def test_personal_pages_send_strangers_to_the_sign_in_page(client, path):
    assert client.get(path)["Location"] == f"/account/login/?next={path}"
