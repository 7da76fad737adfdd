"""Media over HTTP: ranges, conditions and headers, as RFC 9110 has them and as players ask."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.utils.http import http_date

from clips.media.serving import BLOCK_BYTES, serve_file

pytestmark = pytest.mark.django_db  # closing a response closes stale connections, whoever opened them

BODY = bytes(range(256)) * 1000  # 256,000 bytes: several blocks
SIZE = len(BODY)
MODIFIED = 1_700_000_000
ETAG = '"abc123"'


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "480.mp4"
    path.write_bytes(BODY)
    os.utime(path, (MODIFIED, MODIFIED))
    return path


def ask(path: Path, method: str = "GET", *, options: dict[str, Any] | None = None, **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    return serve_file(request, path, content_type="video/mp4", etag="abc123", **(options or {}))


def body(response: HttpResponseBase) -> bytes:
    try:
        return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    finally:
        response.close()


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-1", 0, 2),  # what Safari asks first
        ("bytes=5-5", 5, 6),
        ("bytes=0-", 0, SIZE),
        ("bytes=100-", 100, SIZE),
        ("bytes=100-199", 100, 200),
        (f"bytes={BLOCK_BYTES - 1}-{BLOCK_BYTES}", BLOCK_BYTES - 1, BLOCK_BYTES + 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=10-{SIZE * 9}", 10, SIZE),
        ("bytes=10-99999999999999999999999999", 10, SIZE),
        ("bytes=-1", SIZE - 1, SIZE),
        ("bytes=-500", SIZE - 500, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        ("BYTES=1-2", 1, 3),
        ("bytes= 1-2 ", 1, 3),
    ],
)
def test_one_range_is_206(clip: Path, asked: str, start: int, stop: int) -> None:
    response = ask(clip, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert response["Content-Length"] == str(stop - start)
    assert body(response) == BODY[start:stop]


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=2-1", "bytes=1-2-3", "bytes=--1", "bytes=+1-2", "bytes=1 -2",
     "items=0-1", "bytes=0-1,5-6", "bytes=0-,0-,0-", "bytes=١-٢"],
)  # fmt: skip
def test_bad_or_several_ranges_are_answered_whole(clip: Path, asked: str) -> None:
    response = ask(clip, range=asked)
    assert response.status_code == 200
    assert "Content-Range" not in response
    assert response["Content-Length"] == str(SIZE)
    assert body(response) == BODY


@pytest.mark.parametrize(
    "asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=9" + "9" * 5000 + "-"]
)
def test_a_range_outside_is_416(clip: Path, asked: str) -> None:
    response = ask(clip, range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert body(response) == b""


def test_the_whole_file_and_its_headers(clip: Path) -> None:
    response = ask(clip)
    assert response.status_code == 200
    assert body(response) == BODY
    assert dict(response.items()) == {
        "Content-Type": "video/mp4",
        "ETag": ETAG,
        "Last-Modified": http_date(MODIFIED),
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(SIZE),
    }


def test_the_caller_sets_the_cache_policy(clip: Path) -> None:
    response = ask(clip, options={"cache_control": "public, max-age=60"})
    assert response["Cache-Control"] == "public, max-age=60"
    response.close()


@pytest.mark.parametrize("asked", ["", "bytes=0-1"])
def test_head_has_the_headers_only(clip: Path, asked: str) -> None:
    response = ask(clip, "HEAD", range=asked)
    assert response.status_code == 200  # a range means nothing with HEAD
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_405(clip: Path, method: str) -> None:
    assert ask(clip, method).status_code == 405


@pytest.mark.parametrize(
    ("condition", "partial"),
    [
        (ETAG, True),
        ('"other"', False),
        (f"W/{ETAG}", False),  # a weak tag never proves equal bytes
        (http_date(MODIFIED), True),
        (http_date(MODIFIED - 1), False),
        (http_date(MODIFIED + 1), False),
        ("yesterday", False),
    ],
)
def test_if_range(clip: Path, condition: str, partial: bool) -> None:
    response = ask(clip, range="bytes=1-2", if_range=condition)
    assert response.status_code == (206 if partial else 200)
    assert body(response) == (BODY[1:3] if partial else BODY)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"if_none_match": ETAG}, 304),
        ({"if_none_match": f'"x", W/{ETAG}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_none_match": ETAG, "range": "bytes=0-1"}, 304),
        ({"if_modified_since": http_date(MODIFIED)}, 304),
        ({"if_modified_since": http_date(MODIFIED - 1)}, 200),
        ({"if_none_match": '"other"', "if_modified_since": http_date(MODIFIED)}, 200),
        ({"if_match": '"other"'}, 412),
        ({"if_match": ETAG, "range": "bytes=0-1"}, 206),
    ],
)
def test_conditions(clip: Path, headers: dict[str, str], code: int) -> None:
    response = ask(clip, **headers)
    assert response.status_code == code
    if code == 304:
        assert body(response) == b""
        assert response["ETag"] == ETAG
        assert response["Cache-Control"] == "private, no-cache"
    response.close()


@pytest.mark.parametrize("asked", ["", "bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_is_200_whatever_the_range(tmp_path: Path, asked: str) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    response = ask(empty, range=asked)
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "0", b"")


@pytest.mark.parametrize("name", ["gone.mp4", "."])
def test_no_file_is_404(tmp_path: Path, name: str) -> None:
    with pytest.raises(Http404):
        ask(tmp_path / name)


def test_the_file_is_closed_even_when_nobody_reads(clip: Path) -> None:
    def open_files() -> int:
        return sum(os.path.realpath(f"/proc/self/fd/{fd}") == str(clip) for fd in os.listdir("/proc/self/fd"))

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc to count open files in")
    response = ask(clip)
    assert open_files() == 1
    response.close()
    assert open_files() == 0
    body(ask(clip, range="bytes=0-9"))
    assert open_files() == 0


def test_blocks_are_small(clip: Path) -> None:
    response = ask(clip)
    assert response.streaming
    sizes = [len(block) for block in response]  # type: ignore[attr-defined]
    assert max(sizes) == BLOCK_BYTES
    response.close()


def test_a_proxy_sends_the_file(clip: Path) -> None:
    options = {"accel_prefix": "/_media/", "accel_root": clip.parent.parent}
    response = ask(clip, range="bytes=0-1", options=options)
    assert response.status_code == 200
    assert response["X-Accel-Redirect"] == f"/_media/{clip.parent.name}/480.mp4"
    assert response["Content-Type"] == "video/mp4"
    assert response["Cache-Control"] == "private, no-cache"
    assert "Content-Range" not in response
    assert body(response) == b""
    assert ask(clip, options={"accel_prefix": "/_m"})["X-Accel-Redirect"] == "/_m/480.mp4"
    assert ask(clip, if_none_match=ETAG, options=options).status_code == 304
