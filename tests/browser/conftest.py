"""A real server, a real browser, real video. Nothing here is mocked but the broker: the test is the worker."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from clips import processing
from clips.models import Clip
from config.demo.footage import SCENES, render
from tests.factories import PASSWORD

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the test's thread

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """The live server is another thread: it sees only what is committed."""


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of real footage with sound, as a phone would upload it."""
    target = tmp_path_factory.mktemp("video") / "clip.mp4"
    render(next(iter(SCENES)), target, size=(288, 512), fps=12, seconds=2.0)
    return target


@pytest.fixture
def work() -> Callable[[], Clip]:
    """Be the media worker: process what waits, through the real pipeline. Returns the newest clip."""

    def run() -> Clip:
        for clip_id in processing.waiting():
            processing.process_clip(clip_id=clip_id)
        return Clip.objects.latest("pk")

    return run


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: object) -> Iterator[Visit]:
    """`visit(user, path, **context)`: a page of its own browser profile, signed in through the form."""
    contexts: list[BrowserContext] = []

    def open_page(user: User | None, path: str, **options: object) -> Page:
        options.setdefault("viewport", PHONE)
        context = browser.new_context(base_url=str(live_server.url), **options)  # type: ignore[attr-defined,arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        if user is not None:
            sign_in(page, user)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, user: User) -> None:
    """Through the form, as a person does."""
    page.goto("/account/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.locator("form[action='/account/login/'] button").click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def wait_until(page: Page, condition: str, seconds: float = 20) -> None:
    """Wait for a JavaScript condition. Playwright's own `wait_for_function` needs eval, which the policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"never true: {condition}"
        page.wait_for_timeout(50)
