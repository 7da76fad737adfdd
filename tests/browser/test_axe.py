"""axe finds nothing, on any page, in either theme, on a phone and on a wide screen; nothing breaks the CSP."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.factories import (
    BlockFactory,
    ClipFactory,
    FollowFactory,
    MuteFactory,
    RepostFactory,
    UserFactory,
    publish,
    publish_repost,
)

PAGES = (
    "/",
    "/following/",
    "/for-you/",
    "/upload/",
    "/studio/",
    "/settings/",
    "/settings/relations/",
    "/requests/",
    "/welcome/",
    "/@ana/",
    "/@ana/reposts/",
    "/@ben/",
    "/@ana/followers/",
    "/@ana/following/",
    "/clips/{clip}/",
    "/clips/{own}/",
    "/clips/{own}/edit/",
    "/clips/{clip}/share/",
    "/clips/{clip}/reposts/",
    "/clips/{clip}/comments/",
    "/clips/{own}/likes/",
    "/tags/mar/",
    "/account/password/change/",
    "/account/email/",
    "/account/reauthenticate/?next=/settings/",
    "/settings/security/",
    "/settings/security/log/",
    "/no-such-page/",
)
ANONYMOUS = (
    "/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/clips/{clip}/",
    "/@ana/",
)


@pytest.fixture
def community() -> dict[str, int]:
    """A little of everything, so that every part of a page is there."""
    ben, ana = UserFactory(username="ben"), UserFactory(username="ana", bio="مرحبا بالعالم")
    chloe, dora = UserFactory(username="chloe", is_private=True), UserFactory(username="dora")
    for follower, followee in ((ben, ana), (ana, ben), (dora, ana), (ben, dora)):
        FollowFactory(follower=follower, followee=followee)
    FollowFactory(follower=chloe, followee=ben, accepted_at=None)
    MuteFactory(muter=ben, muted=chloe)
    BlockFactory(blocker=ben, blocked=UserFactory(username="eve"))
    clip = ClipFactory(author=chloe, caption="נסיעה #night", with_files=True)
    User.objects.filter(pk=chloe.pk).update(is_private=False)
    clip_of_ana = ClipFactory(author=ana, with_files=True)
    own = ClipFactory(author=ben, with_files=True)
    ClipFactory(author=ben, processing=True)
    ClipFactory(author=ben, failed=True)
    for each in (clip, clip_of_ana, own):
        publish(each)
    for user in (ana, dora):
        publish_repost(RepostFactory(user=user, clip=clip, comment="どうぞ"))
    publish_repost(RepostFactory(user=dora, clip=clip_of_ana, comment="so calm"))
    publish_repost(RepostFactory(user=ana, clip=own, comment="wow"))
    return {"clip": clip_of_ana.pk, "own": own.pk}


def _problems(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_timeout(250)
    found = Axe().run(page)
    return [
        f"{path}: {violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(visit: Visit, community: dict[str, int], scheme: str, viewport: dict[str, int]) -> None:
    page = visit(User.objects.get(username="ben"), "/", color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)

    problems = [line for path in PAGES for line in _problems(page, path.format(**community))]

    assert problems == []
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_people_who_are_not_signed_in(
    visit: Visit, community: dict[str, int], scheme: str
) -> None:
    page = visit(None, "/", color_scheme=scheme, reduced_motion="reduce")

    assert [line for path in ANONYMOUS for line in _problems(page, path.format(**community))] == []


def test_the_open_share_sheet_and_key_help(visit: Visit, community: dict[str, int]) -> None:
    page = visit(User.objects.get(username="ben"), f"/clips/{community['clip']}/", viewport=DESKTOP)
    page.locator("[data-sheet]").first.click()
    page.locator("#sheet[open]").wait_for()

    violations = Axe().run(page).response["violations"]

    assert [violation["id"] for violation in violations] == []


@pytest.mark.parametrize("path", ["/following/", "/settings/", "/upload/", "/@ana/"])
def test_zoom_to_400_percent_scrolls_one_way_only(visit: Visit, community: dict[str, int], path: str) -> None:
    """WCAG 1.4.10: 1,280 pixels at 400 % are 320 CSS pixels."""
    page = visit(User.objects.get(username="ben"), path, viewport={"width": 320, "height": 256})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
