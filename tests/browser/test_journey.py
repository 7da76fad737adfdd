"""The main job, as people do it: publish, repost, see it at a friend's, take it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from accounts.models import User
from clips.models import Clip, ClipState
from reposts.models import Repost
from tests.browser.conftest import Visit, wait_until
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish


def test_sign_up_upload_publish_repost_see_undo_gone(visit: Visit, video: Path, work: Callable[[], Clip]) -> None:
    # Ana signs up and publishes a clip.
    ana = visit(None, "/account/signup/")
    ana.fill("#id_username", "ana")
    ana.fill("#id_birth_date", "1994-03-09")
    ana.fill("#id_password1", "a-long-enough-phrase")
    if ana.locator("#id_password2").count():
        ana.fill("#id_password2", "a-long-enough-phrase")
    ana.get_by_role("button", name="Make my account").click()
    ana.wait_for_url(lambda url: "signup" not in url)
    ana.goto("/upload/")
    ana.set_input_files("#id_video", str(video))
    ana.fill("#id_caption", "Northern lights over the lake שלום")
    ana.get_by_role("button", name="Publish").click()
    expect(ana.get_by_text("Your clip has arrived")).to_be_visible()
    clip = work()
    assert (clip.state, clip.failure_detail) == (ClipState.READY, "")

    # Ben follows her, finds the clip in his feed, reposts it with one tap and adds a comment.
    author = User.objects.get(username="ana")
    ben, chloe = UserFactory(username="ben"), UserFactory(username="chloe")
    FollowFactory(follower=chloe, followee=ben)
    page = visit(ben, "/@ana/")
    page.locator(".follow-control button").first.click()
    expect(page.locator(".follow-control button").first).to_contain_text("Following")
    assert ben.following_edges.get().followee == author
    page.goto("/following/")
    card = page.locator(f"#clip-{clip.pk}")
    expect(card).to_contain_text("Northern lights")
    wait_until(page, f"document.querySelector('#clip-{clip.pk} video').currentTime > 0.2")
    card.locator("[data-repost] button").click()
    expect(page.locator("[data-toast]")).to_contain_text("Undo")
    page.locator("[data-toast]").get_by_text("Add a comment").click()
    page.fill("#repost-comment", "You have to see this, 見て")
    page.locator("#sheet").get_by_role("button", name="Save").click()
    expect(page.locator("#sheet")).to_contain_text("You have to see this")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).not_to_be_visible()

    # Chloe, who follows only Ben, has it in her feed, with his comment.
    feed = visit(chloe, "/following/")
    expect(feed.locator(f"#clip-{clip.pk}")).to_contain_text("Ben reposted")
    expect(feed.locator(f"#clip-{clip.pk}")).to_contain_text("You have to see this, 見て")

    # Ben takes it back, and it is gone from her next read.
    page.goto(f"/clips/{clip.pk}/share/")
    page.get_by_role("button", name="Undo repost").click()
    expect(page.get_by_role("button", name="Repost to your")).to_be_visible()
    assert not Repost.objects.filter(user=ben, undone_at=None).exists()
    feed.reload()
    expect(feed.locator(f"#clip-{clip.pk}")).to_have_count(0)
    feed.goto("/@ben/reposts/")
    expect(feed.locator("main")).not_to_contain_text("You have to see this")


def test_the_pill_shows_a_friends_repost_without_moving_the_page(visit: Visit) -> None:
    chloe, ben = UserFactory(username="chloe"), UserFactory(username="ben")
    FollowFactory(follower=chloe, followee=ben)
    first = ClipFactory(author=ben, with_files=True)
    publish(first)
    page = visit(chloe, "/following/")
    expect(page.locator(f"#clip-{first.pk}")).to_be_visible()

    clip = ClipFactory(with_files=True)
    publish(clip)
    from_ben = visit(ben, f"/clips/{clip.pk}/")
    from_ben.locator("[data-repost] button").click()
    expect(from_ben.locator("[data-toast]")).to_contain_text("Undo")

    pill = page.locator("[data-pill]")
    expect(pill).to_contain_text("1 new", timeout=6_000)
    expect(page.locator(f"#clip-{first.pk}")).to_be_in_viewport()
    expect(page.locator(f"#clip-{clip.pk}")).to_have_count(0)
    pill.click()
    expect(page.locator(f"#clip-{clip.pk}")).to_be_in_viewport()


def test_undo_in_the_toast(visit: Visit) -> None:
    ben = UserFactory(username="ben")
    clip = ClipFactory(with_files=True)
    publish(clip)
    page = visit(ben, f"/clips/{clip.pk}/")

    page.locator("[data-repost] button").click()
    page.locator("[data-toast]").get_by_role("button", name="Undo").click()

    expect(page.locator("[data-repost] .rail-item--on")).to_have_count(0)
    expect(page.locator("[data-repost] button")).to_be_visible()
    assert not Repost.objects.filter(user=ben, undone_at=None).exists()


def test_by_keyboard_only(visit: Visit) -> None:
    ben = UserFactory(username="ben")
    ana = UserFactory(username="ana")
    FollowFactory(follower=ben, followee=ana)
    clips = [ClipFactory(author=ana, with_files=True) for _ in range(3)]
    for clip in clips:
        publish(clip)
    newest, middle, _ = reversed(clips)
    page = visit(ben, "/following/", viewport={"width": 1280, "height": 800})
    expect(page.locator(f"#clip-{newest.pk}")).to_be_in_viewport()

    page.keyboard.press("j")
    expect(page.locator(f"#clip-{middle.pk}")).to_be_in_viewport(ratio=0.6)
    page.wait_for_timeout(600)  # the snap comes to rest
    page.keyboard.press("r")
    expect(page.locator("[data-toast]")).to_contain_text("Undo")
    assert Repost.objects.get(user=ben).clip == middle
    page.keyboard.press("k")
    expect(page.locator(f"#clip-{newest.pk}")).to_be_in_viewport(ratio=0.6)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    page.wait_for_timeout(600)
    page.keyboard.press("s")
    expect(page.locator("#sheet")).to_be_visible()
    focused = "document.activeElement.closest('#sheet') !== null"
    wait_until(page, focused)
    page.keyboard.press("Enter")  # Repost comes first and has the focus
    expect(page.locator("#sheet")).to_contain_text("Undo repost")
    assert Repost.objects.filter(user=ben, clip=newest, undone_at=None).exists()


def test_without_javascript(visit: Visit, video: Path, work: Callable[[], Clip]) -> None:
    ben, chloe = UserFactory(username="ben"), UserFactory(username="chloe")
    FollowFactory(follower=chloe, followee=ben)

    page = visit(ben, "/upload/", java_script_enabled=False)
    page.set_input_files("#id_video", str(video))
    page.fill("#id_caption", "Plain forms")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/studio/**")
    clip = work()
    assert clip.state == ClipState.READY

    ana = UserFactory(username="ana")
    others = [ClipFactory(author=ana, with_files=True) for _ in range(12)]
    FollowFactory(follower=chloe, followee=ana)
    for other in others:
        publish(other)
    page = visit(chloe, "/following/", java_script_enabled=False)
    seen: list[str] = []
    while True:
        seen += page.locator("article.clip").evaluate_all("cards => cards.map(card => card.id)")
        if not page.locator("a[rel=next]").count():
            break
        with page.expect_navigation():
            page.locator("a[rel=next]").click()
    assert sorted(seen) == sorted(f"clip-{c.pk}" for c in [clip, *others])
    page.goto(f"/clips/{clip.pk}/share/")
    with page.expect_navigation():
        page.get_by_role("button", name="Repost").click()
    repost = Repost.objects.get(user=chloe, undone_at=None)
    assert repost.clip == clip
    page.goto(f"/clips/{clip.pk}/share/")
    with page.expect_navigation():
        page.get_by_role("button", name="Undo repost").click()
    assert not Repost.objects.filter(user=chloe, undone_at=None).exists()


def test_the_policy_holds_no_surprise(visit: Visit) -> None:
    ben = UserFactory(username="ben")
    clip = ClipFactory(with_files=True, allow_reposts="with_comment")
    publish(clip)
    page = visit(ben, f"/clips/{clip.pk}/")

    page.locator("[data-repost] a").click()
    expect(page.locator("#sheet")).to_contain_text("only with a comment")
    page.fill("#repost-comment", "Because of the music")
    page.locator("#sheet").get_by_role("button", name="Repost").click()

    expect(page.locator("#sheet")).to_contain_text("Undo repost")
    assert Repost.objects.get(user=ben).comment == "Because of the music"
