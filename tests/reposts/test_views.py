"""The share sheet, reposting, undoing, detaching and the list, with and without scripts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from clips.models import Audience, RepostPolicy
from reposts.models import Repost
from reposts.services import repost_clip
from tests.factories import ClipFactory, FollowFactory, RepostFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

IN_SHEET = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "sheet-body"}
ON_CARD = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "repost-1"}


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def clip(alice):
    clip = ClipFactory(author=alice)
    publish(clip)
    return clip


@pytest.fixture
def web(client: Client, bob):
    client.force_login(bob)
    return client


def address(name: str, pk: int) -> str:
    return reverse(f"reposts:{name}", args=[pk])


def live(user, clip) -> Repost | None:
    return Repost.objects.filter(user=user, clip=clip, undone_at=None).first()


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- The sheet ----------------------------------------------------------------------------------------------------


def test_the_sheet_shows_each_audience_with_its_size_before_anything_is_sent(web, bob, clip):
    friend = UserFactory()
    FollowFactory(follower=friend, followee=bob)
    FollowFactory(follower=bob, followee=friend)
    FollowFactory(followee=bob)
    response = web.get(address("sheet", clip.pk))
    assert "To your 2 followers" in text(response)
    assert "Only mutuals · 1" in text(response)
    assert f'value="http://testserver{clip.get_absolute_url()}"' in response.content.decode()
    assert live(bob, clip) is None


def test_the_sheet_is_a_page_without_scripts_and_a_piece_with_them(web, clip):
    assert b"<html" in web.get(address("sheet", clip.pk)).content
    assert b"<html" not in web.get(address("sheet", clip.pk), **IN_SHEET).content


def test_the_audience_of_a_followers_only_clip_is_narrowed(web, bob, alice):
    clip = ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    FollowFactory(follower=bob, followee=alice)
    both = UserFactory()
    FollowFactory(follower=both, followee=alice)
    FollowFactory(follower=both, followee=bob)
    FollowFactory(followee=bob)
    assert "To your 1 follower those who may see this clip" in text(web.get(address("sheet", clip.pk)))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (RepostPolicy.NO, "The author does not allow reposts of this clip."),
        (RepostPolicy.WITH_COMMENT, "only with a comment"),
    ],
)
def test_the_sheet_explains_the_author_s_policy(web, alice, policy, words):
    clip = ClipFactory(author=alice, allow_reposts=policy)
    response = web.get(address("sheet", clip.pk))
    assert words in text(response)
    assert ("<textarea" in response.content.decode()) == (policy == RepostPolicy.WITH_COMMENT)


def test_the_sheet_of_one_s_own_clip_says_so(client, alice, clip):
    client.force_login(alice)
    response = client.get(address("sheet", clip.pk))
    assert "This is your own clip" in text(response)
    assert address("repost", clip.pk) not in response.content.decode()


def test_the_sheet_of_a_stranger_offers_to_sign_in(client, clip):
    assert "Sign in to repost" in text(client.get(address("sheet", clip.pk)))


@pytest.mark.parametrize("name", ["sheet", "list"])
def test_a_hidden_clip_has_neither_sheet_nor_list(web, alice, name):
    clip = ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    assert web.get(address(name, clip.pk)).status_code == 404


# --- Reposting ----------------------------------------------------------------------------------------------------


def test_one_tap_reposts_and_goes_back(web, bob, clip):
    response = web.post(address("repost", clip.pk), {"next": "/for-you/"})
    assert (response.status_code, response["Location"]) == (302, "/for-you/")
    repost = live(bob, clip)
    assert (repost.comment, repost.audience, repost.via) == ("", "followers", None)
    assert "Reposted" in text(web.get("/for-you/"))


def test_it_never_goes_back_to_another_site(web, clip):
    response = web.post(address("repost", clip.pk), {"next": "https://evil.example/"})
    assert response["Location"] == clip.get_absolute_url()


def test_one_tap_on_a_card_answers_with_its_button_and_a_toast_that_undoes(web, bob, clip):
    response = web.post(address("repost", clip.pk), **ON_CARD)
    html = response.content.decode()
    assert f'id="repost-{clip.pk}"' in html
    assert "rail-item--on" in html
    assert 'hx-swap-oob="beforeend"' in html
    assert f'action="{address("undo", clip.pk)}"' in html
    undone = web.post(address("undo", clip.pk), **ON_CARD)
    assert "rail-item--on" not in undone.content.decode()
    assert live(bob, clip) is None


def test_in_the_sheet_the_comment_field_comes_after_the_tap(web, bob, clip):
    before = web.get(address("sheet", clip.pk), **IN_SHEET).content.decode()
    assert "<textarea" not in before
    after = web.post(address("repost", clip.pk), {"audience": "mutuals"}, **IN_SHEET)
    assert "<textarea" in after.content.decode()
    assert 'hx-swap-oob="true"' in after.content.decode()  # the card's button, too
    assert "Reposted · 0 mutuals" in text(after)
    assert live(bob, clip).audience == "mutuals"


def test_comment_and_audience_can_be_changed_and_the_rest_stays(web, bob, clip):
    web.post(address("repost", clip.pk), {"comment": "شوفوا 👀", "audience": "mutuals"})
    first = live(bob, clip)
    web.post(address("repost", clip.pk), {"comment": "شوفوا هذا"})
    changed = live(bob, clip)
    assert (changed.pk, changed.comment, changed.audience) == (first.pk, "شوفوا هذا", "mutuals")
    web.post(address("repost", clip.pk), {"comment": ""})
    assert live(bob, clip).comment == ""


def test_via_is_recorded_when_it_is_a_repost_that_one_sees(web, bob, clip):
    carol = UserFactory()
    FollowFactory(follower=bob, followee=carol)
    brought, _ = repost_clip(user=carol, clip_id=clip.pk)
    web.post(address("repost", clip.pk), {"via": brought.pk})
    assert live(bob, clip).via == brought


def test_a_comment_that_is_too_long_comes_back_with_what_was_typed(web, bob, clip):
    typed = "é" * 281
    response = web.post(address("repost", clip.pk), {"comment": typed}, **IN_SHEET)
    assert response.status_code == 422
    assert typed in response.content.decode()
    assert "at most 280 characters" in text(response)
    page = web.post(address("repost", clip.pk), {"comment": typed})
    assert (page.status_code, b"<html" in page.content) == (422, True)
    assert live(bob, clip) is None
    web.post(address("repost", clip.pk), {"comment": "😀" * 280})
    assert live(bob, clip).comment == "😀" * 280


@pytest.mark.parametrize("data", [{"audience": "everyone"}, {"via": "x"}, {"via": "9" * 40}, {"comment": "\0"}])
def test_nonsense_is_a_4xx_and_changes_nothing(web, bob, clip, data):
    assert web.post(address("repost", clip.pk), data).status_code in (400, 422)
    assert live(bob, clip) is None


@pytest.mark.parametrize("headers", [{}, IN_SHEET, ON_CARD])
@pytest.mark.parametrize("policy", [RepostPolicy.NO, RepostPolicy.WITH_COMMENT])
def test_a_refusal_says_why_everywhere(web, bob, alice, policy, headers):
    clip = ClipFactory(author=alice, allow_reposts=policy)
    response = web.post(address("repost", clip.pk), **headers)
    assert response.status_code == 422
    assert ("does not allow" if policy == RepostPolicy.NO else "only with a comment") in text(response)
    assert live(bob, clip) is None


@pytest.mark.parametrize("name", ["repost", "undo"])
def test_writes_need_a_person_a_post_and_a_token(web, client, clip, name):
    url = address(name, clip.pk)
    assert web.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory())
    assert strict.post(url).status_code == 403
    stranger = Client().post(url)
    assert stranger["Location"].startswith(reverse("account_login"))
    piece = Client().post(url, HTTP_HX_CURRENT_URL="http://testserver/for-you/", **ON_CARD)
    assert piece["HX-Redirect"] == f"{reverse('account_login')}?next=%2Ffor-you%2F"


def test_a_hidden_clip_cannot_be_reposted_but_a_repost_of_it_can_be_undone(web, bob, alice):
    clip = ClipFactory(author=alice, visibility=Audience.FOLLOWERS)
    assert web.post(address("repost", clip.pk)).status_code == 404
    RepostFactory(user=bob, clip=clip)
    response = web.post(address("undo", clip.pk), **ON_CARD)
    assert response.status_code == 302
    assert live(bob, clip) is None


def test_undoing_twice_is_no_error(web, bob, clip):
    web.post(address("repost", clip.pk))
    for _ in range(2):
        assert web.post(address("undo", clip.pk), {"next": "/"})["Location"] == "/"


# --- List and detach ------------------------------------------------------------------------------------------------


def test_the_list_is_paged_and_shows_only_what_one_may_see(web, bob, clip):
    hidden = RepostFactory(clip=clip, comment="not for bob")
    wanted = []
    for _ in range(33):
        friend = UserFactory()
        FollowFactory(follower=bob, followee=friend)
        wanted.append(RepostFactory(user=friend, clip=clip, comment="hello").user.username)
    names, url = [], address("list", clip.pk)
    while url:
        response = web.get(url)
        names += re.findall(r">@(\w+)</bdi> ·", response.content.decode())
        url = response.context["next_url"]
    assert names == wanted[::-1]
    assert hidden.user.username not in names
    assert "34 reposts" in text(response)


def test_a_damaged_list_address_is_a_400(web, clip):
    assert web.get(address("list", clip.pk), {"before": "x"}).status_code == 400


def test_the_author_detaches_a_comment(client, alice, clip):
    repost = RepostFactory(clip=clip, comment="nasty")
    client.force_login(alice)
    page = client.get(address("list", clip.pk)).content.decode()
    assert address("detach", repost.pk) in page
    client.post(address("detach", repost.pk), {"next": address("list", clip.pk)})
    assert "nasty" not in client.get(address("list", clip.pk)).content.decode()
    repost.refresh_from_db()
    assert repost.undone_at is None


def test_nobody_else_detaches(web, bob, clip):
    friend = UserFactory()
    FollowFactory(follower=bob, followee=friend)
    seen = RepostFactory(user=friend, clip=clip, comment="nice")
    unseen = RepostFactory(clip=clip, comment="elsewhere")
    assert web.post(address("detach", seen.pk)).status_code == 302
    assert web.post(address("detach", unseen.pk)).status_code == 404
    for repost in (seen, unseen):
        repost.refresh_from_db()
        assert repost.comment_detached_at is None


@pytest.mark.parametrize("name", ["sheet", "list"])
def test_sheet_and_list_cost_the_same_however_many_reposts(web, bob, clip, name, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(10) as captured:
            web.get(address(name, clip.pk))
        return len(captured)

    before = cost()
    for _ in range(5):
        friend = UserFactory()
        FollowFactory(follower=bob, followee=friend)
        FollowFactory(follower=friend, followee=bob)
        RepostFactory(user=friend, clip=clip)
    assert cost() == before
