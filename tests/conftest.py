"""Fixtures of the whole suite. Servers are real ones, started once a session when a test asks for them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from config import valkey

BROWSER_TESTS = Path(__file__).parent / "browser"


def chromium() -> str | None:
    """The browser to drive: `CHROMIUM`, or chromium on PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests under browser/ are browser tests without saying so, and are skipped where there is no browser."""
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not chromium():
                item.add_marker(pytest.mark.skip(reason="no Chromium: see `make test-deps`"))


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Throttles, idempotency keys and watermarks of one test are nothing to the next."""
    yield
    cache.clear()


@pytest.fixture(scope="session")
def short_tmp() -> Iterator[Path]:
    """A directory whose path is short enough for unix sockets."""
    path = Path(tempfile.mkdtemp(prefix="rp-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def valkey_server(short_tmp: Path) -> Iterator[Path]:
    """A real Valkey server for the session; the value is its unix socket (`valkey.broker_url(...)`)."""
    socket = short_tmp / "valkey.sock"
    with valkey.running(socket=socket, data=short_tmp / "valkey"):
        yield socket


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the system's Chromium; video may play without a gesture."""
    return {
        "executable_path": chromium(),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"],
    }
