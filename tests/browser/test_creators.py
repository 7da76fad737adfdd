"""What creators do in the browser: captions on, several uploads at once, the editor with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from clips import files
from clips.captions.tracks import put_track
from clips.captions.webvtt import Cue
from clips.models import CaptionTrack, Clip
from tests.browser.conftest import DESKTOP, Visit, wait_until
from tests.factories import ClipFactory, FollowFactory, LikeFactory, RepostFactory, UserFactory, publish


def _playable(clip: Clip, video: Path) -> Clip:
    for made in clip.renditions.all():
        files.absolute(made.path).write_bytes(video.read_bytes())
    return clip


def test_captions_speed_and_clear_mode(visit: Visit, video: Path) -> None:
    ben, ana = UserFactory(username="ben"), UserFactory(username="ana")
    FollowFactory(follower=ben, followee=ana)
    clip = _playable(ClipFactory(author=ana, with_files=True, duration_ms=2_000), video)
    put_track(clip=clip, language="en", cues=[Cue(0, 2_000, "The sea <i>today</i>")])
    publish(clip)
    page = visit(ben, "/following/")
    line = page.locator("[data-caption-lines]")
    assert line.is_hidden()

    page.keyboard.press("t")

    line.wait_for(state="visible")
    assert line.inner_html().endswith("The sea <i>today</i></span>")
    rail = page.locator(".rail").bounding_box()
    box = line.bounding_box()
    assert rail is not None
    assert box is not None
    assert box["x"] + box["width"] <= rail["x"] + 8  # nothing of it under the rail
    page.keyboard.press(">")
    wait_until(page, "document.querySelector('video').playbackRate === 1.25")
    page.keyboard.press("f")
    assert page.locator(".rail").is_hidden()
    assert page.locator("button[data-clear]").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".rail").is_visible()
    page.locator("[data-seek]").focus()
    page.keyboard.press("Home")
    ben.refresh_from_db()
    assert (ben.captions_on, ben.playback_percent) == (True, 125)
    page.reload()
    line.wait_for(state="visible")


def test_two_files_at_once_then_a_draft_without_scripts(visit: Visit, video: Path, work: Callable[[], Clip]) -> None:
    ana = UserFactory(username="ana")
    page = visit(ana, "/upload/", viewport=DESKTOP)
    files_ = [{"name": f"{n}.mp4", "mimeType": "video/mp4", "buffer": video.read_bytes()} for n in ("one", "two")]
    page.set_input_files("#id_video", files_)
    rows = page.locator("[data-row]")
    assert rows.count() == 2
    assert Axe().run(page).response["violations"] == []
    rows.nth(0).locator("[name=caption]").fill("The first")
    page.locator("[data-all=publish]").select_option("draft")
    rows.nth(1).locator("[name=publish]").select_option("now")
    page.locator("#bulk-send").click()
    page.locator("[data-row-state=arrived]").nth(1).wait_for()

    work()

    made = {clip.original_name: (clip.state, clip.caption) for clip in Clip.objects.all()}
    assert made == {"one.mp4": ("held", "The first"), "two.mp4": ("ready", "")}

    plain = visit(ana, "/upload/", java_script_enabled=False)
    assert plain.locator("#id_video").get_attribute("multiple") is None
    plain.set_input_files("#id_video", files_[0])
    plain.locator("input[name=publish][value=draft]").check()
    plain.locator("#publish").click()
    plain.wait_for_url("**/studio/")
    assert Clip.objects.latest("pk").plan == "draft"


def test_a_line_is_fixed_in_the_editor(visit: Visit, video: Path) -> None:
    ana = UserFactory(username="ana")
    clip = _playable(ClipFactory(author=ana, with_files=True, duration_ms=2_000), video)
    put_track(clip=clip, language="en", cues=[Cue(0, 900, "Helo"), Cue(900, 1_800, "one two")])
    path = f"/clips/{clip.pk}/captions/en/"
    page = visit(ana, path, viewport=DESKTOP)
    page.locator("[name=text]").first.fill("Hello")
    page.locator("[name=text]").nth(1).focus()
    page.keyboard.press("End")
    page.keyboard.press("Alt+Enter")
    assert page.locator("[data-cue]").count() == 3
    page.keyboard.type("three")
    page.locator("[data-save]").click()
    page.locator(".toast").wait_for()
    assert "Hello" in CaptionTrack.objects.get().vtt
    assert CaptionTrack.objects.get().cue_count == 3

    plain = visit(ana, path, java_script_enabled=False)
    plain.locator("button[value='delete:2']").click()
    plain.locator("button[data-save]").click()
    assert CaptionTrack.objects.get().cue_count == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_workshop(visit: Visit, scheme: str) -> None:
    ana = UserFactory(username="ana")
    clip = ClipFactory(author=ana, with_files=True)
    put_track(clip=clip, language="ar", cues=[Cue(0, 900, "مرحبا")])
    held = ClipFactory(author=ana, scheduled=True, with_files=True)
    for _ in range(3):
        LikeFactory(clip=clip)
        RepostFactory(clip=clip)
    page = visit(ana, "/studio/", color_scheme=scheme, reduced_motion="reduce")
    problems = []
    for path in (
        "/studio/",
        "/studio/insights/",
        f"/clips/{clip.pk}/insights/",
        f"/clips/{clip.pk}/captions/",
        f"/clips/{clip.pk}/captions/ar/",
        f"/clips/{held.pk}/edit/",
        "/settings/watching/",
        f"/clips/{clip.pk}/",
    ):
        page.goto(path)
        page.wait_for_timeout(150)
        found = Axe().run(page).response["violations"]
        problems += [f"{path}: {one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
    assert problems == []
