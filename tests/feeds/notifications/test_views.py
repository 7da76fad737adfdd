"""The list of notifications in the browser: what it shows, its marks, its settings, its costs."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts import services as people
from accounts.models import Follow
from feeds.models import Notification, NotificationSettings
from feeds.notifications import services
from feeds.notifications.selectors import lines_page, unseen_count
from reposts.services import repost_clip, undo_repost
from tests.factories import BlockFactory, ClipFactory, MuteFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/notifications/"


@pytest.fixture
def alice():
    return UserFactory(username="alice", display_name="Alice")


@pytest.fixture
def web(client: Client, alice):
    client.force_login(alice)
    return client


def reposted(author, count=1, **fields):
    """A clip of `author` that `count` people repost."""
    clip = ClipFactory(author=author)
    for _ in range(count):
        repost_clip(user=UserFactory(), clip_id=clip.pk, **fields)
    return clip


def words(response) -> str:
    """The text of the page, blanks as one."""
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(1, "A reposted your clip"), (2, "B and A reposted your clip"), (3, "C and 2 others reposted your clip")],
)
def test_a_line_names_who_and_how_many_more(web, alice, count, sentence):
    clip = ClipFactory(author=alice)
    for name in "ABC"[:count]:
        repost_clip(user=UserFactory(display_name=name), clip_id=clip.pk)
    page = web.get(PAGE)
    assert sentence in words(page)
    assert f'href="/clips/{clip.pk}/"' in page.content.decode()


def test_names_and_comments_are_text(web, alice):
    clip = ClipFactory(author=alice)
    repost_clip(user=UserFactory(display_name="<i>{who}</i>"), clip_id=clip.pk, comment="<b>{0}</b>")
    html = web.get(PAGE).content.decode()
    assert "&lt;i&gt;{who}&lt;/i&gt;" in html
    assert "&lt;b&gt;{0}&lt;/b&gt;" in html


def test_an_empty_list_says_what_will_be_here(web):
    assert "Nothing yet" in words(web.get(PAGE))


def test_strangers_are_asked_to_sign_in():
    for path in (PAGE, "/settings/notifications/"):
        assert Client().get(path)["Location"].startswith("/account/login/")


def test_it_is_kept_by_nobody(web):
    assert web.get(PAGE)["Cache-Control"] == "private, no-store"


def test_tabs_hold_their_kinds(web, alice):
    clip = reposted(alice)
    people.follow_user(follower=UserFactory(display_name="Finn"), followee=alice)
    assert "Finn follows you" in words(web.get(f"{PAGE}?tab=follows"))
    assert f"/clips/{clip.pk}/" not in web.get(f"{PAGE}?tab=follows").content.decode()
    assert "Finn" not in words(web.get(f"{PAGE}?tab=reposts"))


@pytest.mark.parametrize("query", ["tab=nonsense", "below=x", "below=", "below=%00", f"below={'9' * 40}", "tab=%00"])
def test_nonsense_is_404(web, query):
    assert web.get(f"{PAGE}?{query}").status_code == 404


def test_pages_neither_double_nor_skip(web, alice):
    clips = [reposted(alice).pk for _ in range(45)]
    seen, url = [], PAGE
    while url:
        html = web.get(url).content.decode()
        seen += [int(pk) for pk in re.findall(r'note-link" href="/clips/(\d+)/"', html)]
        found = re.search(r'href="([^"]+)" rel="next"', html)
        url = PAGE + found[1].replace("&amp;", "&") if found else ""
    assert seen == clips[::-1]


def test_who_follows_can_be_followed_back_in_place(web, alice):
    finn = UserFactory(username="finn")
    people.follow_user(follower=finn, followee=alice)
    html = web.get(PAGE).content.decode()
    assert "Follow back" in html
    assert 'action="/@finn/follow/"' in html
    people.follow_user(follower=alice, followee=finn)
    assert "Follow back" not in web.get(PAGE).content.decode()


def test_a_request_is_answered_in_place(web, alice):
    people.update_profile(user=alice, is_private=True)
    finn = UserFactory(username="finn", display_name="Finn")
    people.follow_user(follower=finn, followee=alice)
    assert "Finn asks to follow you" in words(web.get(PAGE))
    answer = web.post("/requests/", {"username": "finn", "answer": "accept"}, HTTP_HX_REQUEST="true")
    assert "Follow back" in answer.content.decode()
    assert Follow.objects.accepted().filter(follower=finn, followee=alice).exists()
    page = words(web.get(PAGE))
    assert "Finn follows you" in page
    assert "Accept" not in page


def test_a_request_is_refused_in_place(web, alice):
    people.update_profile(user=alice, is_private=True)
    people.follow_user(follower=UserFactory(username="finn"), followee=alice)
    answer = web.post("/requests/", {"username": "finn", "answer": "refuse"}, HTTP_HX_REQUEST="true")
    assert answer.content.decode() == "Refused"
    again = web.post("/requests/", {"username": "finn", "answer": "accept"}, HTTP_HX_REQUEST="true")
    assert again.status_code == 409
    assert "Nothing yet" in words(web.get(PAGE))


def test_a_line_is_marked_as_read(web, alice):
    reposted(alice)
    line = lines_page(alice).lines[0]
    assert "note--unread" in web.get(PAGE).content.decode()
    answer = web.post("/notifications/read/", {"line": line.id}, HTTP_HX_REQUEST="true")
    assert f'id="note-{line.id}"' in answer.content.decode()
    assert "note--unread" not in answer.content.decode()
    assert "note--unread" not in web.get(PAGE).content.decode()


def test_all_that_were_there_are_marked_and_what_came_since_is_not(web, alice):
    clip = reposted(alice)
    other = reposted(alice)
    newest = web.get(PAGE).context["newest_id"]
    repost_clip(user=UserFactory(), clip_id=clip.pk)
    assert web.post("/notifications/read/", {"up_to": newest})["Location"] == PAGE
    assert {line.clip.id: line.is_read for line in lines_page(alice).lines} == {clip.pk: False, other.pk: True}


def test_others_lines_are_not_ones_own(web, alice):
    bob = UserFactory()
    reposted(bob)
    line = lines_page(bob).lines[0]
    web.post("/notifications/read/", {"line": line.id})
    assert not lines_page(bob).lines[0].is_read
    answer = web.post("/notifications/read/", {"line": line.id}, HTTP_HX_REQUEST="true")
    assert answer.content.decode().strip() == ""


@pytest.mark.parametrize("data", [{}, {"line": "x"}, {"line": "\0"}, {"up_to": "9" * 40}, {"up_to": "-1"}])
def test_marks_refuse_nonsense(web, data):
    assert web.post("/notifications/read/", data).status_code == 400
    if "line" not in data:
        assert web.post("/notifications/seen/", data).status_code == 400


def test_opening_the_list_ends_the_badge_and_marks_nothing_as_read(web, alice):
    reposted(alice)
    assert unseen_count(alice) == 1
    newest = web.get(PAGE).context["newest_id"]
    assert web.post("/notifications/seen/", {"up_to": newest}).status_code == 204
    assert unseen_count(alice) == 0
    assert not lines_page(alice).lines[0].is_read
    reposted(alice)
    assert unseen_count(alice) == 1


def test_seen_goes_neither_back_nor_beyond_what_is_there(alice):
    reposted(alice)
    services.mark_seen(user=alice, up_to=2**60)
    newest = Notification.objects.latest("pk").pk
    assert NotificationSettings.objects.get(user=alice).seen_id == newest
    services.mark_seen(user=alice, up_to=newest - 1)
    assert NotificationSettings.objects.get(user=alice).seen_id == newest


def test_the_badge_counts_lines_that_may_be_seen(alice):
    clip = reposted(alice, 3)
    user = UserFactory()
    people.follow_user(follower=user, followee=alice)
    assert unseen_count(alice) == 2
    people.unfollow_user(follower=user, followee=alice)
    assert unseen_count(alice) == 1
    for repost in clip.reposts.select_related("user"):
        undo_repost(user=repost.user, clip_id=clip.pk)
    assert unseen_count(alice) == 0


def test_the_badge_is_on_every_page_where_the_cache_is_shared(web, alice, settings):
    settings.LIVE_MARKS = True
    reposted(alice)
    assert "data-badge><span data-badge-number>1</span>" in web.get("/settings/").content.decode()
    services.mark_seen(user=alice, up_to=2**60)
    services.marks.touch(alice.pk)
    assert "data-badge hidden" in web.get("/settings/").content.decode()


@pytest.mark.parametrize("how", ["block", "blocked", "mute", "mute_reposts", "deactivated"])
def test_people_out_of_sight_are_out_of_the_list(web, alice, how):
    ben = UserFactory(display_name="Ben")
    repost_clip(user=ben, clip_id=ClipFactory(author=alice).pk)
    assert "Ben" in words(web.get(PAGE))
    if how == "block":
        people.block_user(blocker=alice, blocked=ben)
    elif how == "blocked":
        BlockFactory(blocker=ben, blocked=alice)
    elif how == "mute":
        MuteFactory(muter=alice, muted=ben)
    elif how == "mute_reposts":
        MuteFactory(muter=alice, muted=ben, scope="reposts")
    else:
        people.deactivate_user(user=ben)
    assert "Ben" not in words(web.get(PAGE))
    assert unseen_count(alice) == 0


def test_a_kind_that_is_switched_off_is_neither_listed_nor_counted(web, alice):
    reposted(alice)
    people.follow_user(follower=UserFactory(), followee=alice)
    on = [kind for kind in web.get("/settings/notifications/").context["form"].initial["on"] if kind != "reposted"]
    assert web.post("/settings/notifications/", {"on": on, "digest": "off"}).status_code == 302
    assert unseen_count(alice) == 1
    assert [line.kind.value for line in lines_page(alice).lines] == ["followed"]
    web.post("/settings/notifications/", {"on": [*on, "reposted"], "digest": "off"})
    assert unseen_count(alice) == 2


@pytest.mark.parametrize("data", [{"on": ["nonsense"], "digest": "off"}, {"on": [], "digest": "hourly"}, {}])
def test_settings_refuse_nonsense(web, alice, data):
    assert web.post("/settings/notifications/", data).status_code == 422
    assert not NotificationSettings.objects.filter(user=alice).exists()


@pytest.mark.parametrize("lines", [1, 20])
def test_the_list_costs_the_same_however_long(web, alice, lines, django_assert_num_queries):
    for number in range(lines):
        reposted(alice, 3 if number % 2 else 1)
        people.follow_user(follower=UserFactory(), followee=alice)
        services.mark_read(user=alice, up_to=2**60)
    with django_assert_num_queries(6):  # session, user, settings, groups, members, relations
        assert web.get(PAGE).status_code == 200


def test_no_inline_style_or_script(web, alice):
    reposted(alice)
    html = web.get(PAGE).content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
