"""The live channel in a browser: the bell and the list follow, one tab asks for all, a hidden one asks nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from clips import processing
from clips.models import Clip
from reposts.services import repost_clip
from tests.browser.conftest import Visit, wait_until
from tests.factories import ClipFactory, FollowFactory, UserFactory


@pytest.fixture(autouse=True)
def _marked(settings: object) -> None:
    settings.LIVE_MARKS = True  # type: ignore[attr-defined]


def wait_for(page: Page, true: Callable[[], bool], seconds: int = 20) -> None:
    """Let the browser go on until something is so."""
    for _ in range(seconds * 10):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never was")


def test_a_repost_rings_the_bell_and_the_list_offers_it(visit: Visit) -> None:
    alice, ben = UserFactory(username="alice"), UserFactory(username="ben", display_name="Ben")
    first, second = ClipFactory.create_batch(2, author=alice, with_files=True)
    page = visit(alice, "/settings/")
    badge = page.locator("nav [data-badge-number]")
    expect(badge).to_be_hidden()
    repost_clip(user=ben, clip_id=first.pk, comment="What a light")
    expect(badge).to_have_text("1", timeout=4_000)

    page.locator("nav").get_by_role("link", name="Notifications").first.click()
    expect(page.locator(".note--unread")).to_contain_text("Ben reposted your clip")
    expect(page.locator(".note-quote")).to_have_text("What a light")
    expect(badge).to_be_hidden(timeout=4_000)  # seen, though not read
    page.get_by_role("button", name="Mark as read: Ben reposted your clip").click()
    expect(page.locator(".note--unread")).to_have_count(0)

    repost_clip(user=ben, clip_id=second.pk)
    page.get_by_role("link", name="Show what is new").click()
    expect(page.locator(".note")).to_have_count(2)
    page.locator(".note-link").first.click()
    page.wait_for_url(f"**/clips/{second.pk}/")
    page.goto("/notifications/")
    expect(page.locator(".note--unread")).to_have_count(0)  # following a line reads it


def test_one_tab_asks_for_all_and_unchanged_answers_are_empty(visit: Visit) -> None:
    alice = UserFactory(username="alice")
    clip = ClipFactory(author=alice)
    one = visit(alice, "/settings/")
    two = one.context.new_page()
    two.goto("/notifications/")
    repost_clip(user=UserFactory(), clip_id=clip.pk)
    for page in (one, two):
        expect(page.locator("nav [data-badge-number]")).to_have_text("1", timeout=4_000)
    answers: list[tuple[int, int]] = []
    for number, page in enumerate((one, two)):
        page.on("response", lambda got, at=number: answers.append((at, got.status)) if "/live/" in got.url else None)
    wait_for(one, lambda: len(answers) >= 3)
    assert len({number for number, _ in answers}) == 1
    assert (answers[0][0], 304) in answers


def test_a_row_in_preparation_follows_the_work(visit: Visit) -> None:
    alice = UserFactory(username="alice")
    clip = ClipFactory(author=alice, processing=True)
    Clip.objects.filter(pk=clip.pk).update(progress=0)
    page = visit(alice, "/studio/")
    row = page.locator(f"#clip-{clip.pk}")
    expect(row).to_contain_text("Waiting for its turn")
    processing._note_progress(Clip.objects.get(pk=clip.pk), 60)
    expect(row).to_contain_text("60", timeout=4_000)
    processing._fail(Clip.objects.get(pk=clip.pk), "damaged", "The file is damaged.")
    expect(row).to_contain_text("The file is damaged.", timeout=4_000)


def test_an_empty_feed_fills(visit: Visit) -> None:
    viewer, friend = UserFactory(username="viewer"), UserFactory(username="friend", display_name="Finn")
    FollowFactory(follower=viewer, followee=friend)
    page = visit(viewer, "/following/")
    expect(page.get_by_text("Your feed starts with people")).to_be_visible()
    wait_until(page, "document.body.dataset.live !== undefined")
    clip = ClipFactory(with_files=True)
    repost_clip(user=friend, clip_id=clip.pk)
    page.locator("[data-pill]").click(timeout=4_000)
    expect(page.locator(f"#clip-{clip.pk}")).to_contain_text("Finn reposted")
