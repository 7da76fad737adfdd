"""Sending a media file over HTTP with ranges, which players need to seek and Safari needs to play at all.

RFC 9110 sections 13 (conditions) and 14 (ranges). Who may see the file is decided before, by the caller.
"""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

BLOCK_BYTES = 64 * 1024
_SINGLE_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.ASCII | re.IGNORECASE)


def serve_file(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    etag: str,
    cache_control: str = "private, no-cache",
    accel_prefix: str | None = None,
    accel_root: Path | None = None,
) -> HttpResponseBase:
    """Answer GET or HEAD for the file at `path`.

    `etag`: the bare strong validator, such as a hash of the bytes. `cache_control`: the caller's policy; the
    default asks again each time, so that a clip that turned private is gone with the next request.
    With `accel_prefix` the proxy sends the file (nginx: an `internal` location that maps this prefix to
    `accel_root`, by default the file's own directory) and does the ranges.
    Answers 200, 206 for one range, 304 and 412 for conditions, 405, 416. Several ranges in one request are
    answered whole, as RFC 9110 allows: no player asks for them, and they are a way to amplify work.
    Raises Http404 when the file is gone.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        status = path.stat()
    except OSError as error:
        raise Http404 from error
    if not stat.S_ISREG(status.st_mode):
        raise Http404
    size, modified = status.st_size, int(status.st_mtime)
    quoted = f'"{etag}"'
    headers = {
        "Content-Type": content_type,
        "ETag": quoted,
        "Last-Modified": http_date(modified),
        "Cache-Control": cache_control,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    response = HttpResponse(headers=headers)
    unchanged = get_conditional_response(request, etag=quoted, last_modified=modified, response=response)
    if unchanged is not None and unchanged is not response:
        return unchanged
    if accel_prefix is not None:
        inner = path.relative_to(accel_root or path.parent).as_posix()
        response["X-Accel-Redirect"] = f"{accel_prefix.rstrip('/')}/{quote(inner)}"
        return response

    start, stop = 0, size
    wanted = request.headers.get("Range", "") if request.method == "GET" else ""
    # An empty file has no range to give; clients that always ask for one still get their answer.
    if wanted and size and _range_applies(request, quoted, modified):
        found = parse_range(wanted, size)
        if found == "unsatisfiable":
            return HttpResponse(
                status=416,
                headers={**headers, "Content-Type": "text/plain", "Content-Range": f"bytes */{size}"},
            )
        if found is not None:
            start, stop = found
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    code = 206 if "Content-Range" in headers else 200
    try:
        blocks = _Blocks(path.open("rb"), start, stop)
    except OSError as error:
        raise Http404 from error
    return StreamingHttpResponse(blocks, status=code, headers=headers)


def parse_range(header: str, size: int) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """The half-open (start, stop) that a Range header asks of a file of `size` > 0 bytes.

    "unsatisfiable" when it is well formed and lies outside; None when it must be ignored: another unit, bad
    syntax, several ranges.
    """
    match = _SINGLE_RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = (_number(text) for text in match.groups())
    if first is None:  # the last `last` bytes
        return (max(0, size - (last or 0)), size) if last else "unsatisfiable"
    if last is not None and last < first:
        return None
    if first >= size:
        return "unsatisfiable"
    return first, size if last is None else min(last + 1, size)


def _number(text: str) -> int | None:
    """Digits as a number, None for none; beyond any file's size all numbers are alike."""
    if not text:
        return None
    return int(text) if len(text) < 19 else sys.maxsize


def _range_applies(request: HttpRequest, quoted_etag: str, modified: int) -> bool:
    """If-Range: the range holds only for the very version that the client has part of (strong comparison)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == quoted_etag
    return parse_http_date_safe(condition) == modified


class _Blocks:
    """Bytes `start` to `stop` of an open file, block by block; Django calls `close` even when nobody read."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self._file = file
        self._left = stop - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self._file.read(min(BLOCK_BYTES, self._left)) if self._left else b""
        if not block:
            self.close()
            raise StopIteration
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._left = 0
        self._file.close()
