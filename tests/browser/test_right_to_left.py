"""Where a language runs from right to left the whole site is turned; what people wrote keeps its own direction."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.factories import ClipFactory, FollowFactory, RepostFactory, UserFactory, publish, publish_repost

PAGES = ("/following/", "/@dora/", "/settings/", "/clips/{clip}/", "/clips/{clip}/share/", "/studio/", "/welcome/")


def _middle(page: Page, selector: str) -> float:
    """The middle of an element, as a share of the width of the window from its left edge."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return (box["x"] + box["width"] / 2) / page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_site_is_turned(visit: Visit, size: dict[str, int]) -> None:
    sara = UserFactory(username="sara", language="ar")
    ben = UserFactory(username="ben", display_name="Ben")
    dora = UserFactory(username="dora", display_name="دورا", bio="Left to right, 100 %")
    FollowFactory(follower=sara, followee=ben)
    clip = ClipFactory(author=dora, caption="A caption that runs from left to right.", with_files=True)
    publish(clip)
    publish_repost(RepostFactory(user=ben, clip=clip, comment="יש לראות את זה!"))
    ClipFactory(author=sara, with_files=True)

    page = visit(sara, "/following/", viewport=size)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    card = f"#clip-{clip.pk}"
    expect(page.locator(f"{card} .reasons-why")).to_contain_text("\u2068Ben\u2069")
    assert page.locator(f"{card} [data-caption]").evaluate("node => getComputedStyle(node).direction") == "ltr"
    # The rail stands at the end of the line, beside or on the picture: that is to its left here.
    assert _middle(page, f"{card} .rail") < _middle(page, f"{card} .stage")

    for path in PAGES:
        page.goto(path.format(clip=clip.pk))
        width = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        assert page.evaluate(width) <= 0, f"{path} is wider than the window"
    page.goto(f"/clips/{clip.pk}/share/")
    chevron = page.locator(".sheet-link [data-icon='chevron']")
    assert chevron.evaluate("node => getComputedStyle(node).scale") == "-1 1"
