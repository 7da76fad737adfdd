"""JSON out. Times leave as RFC 3339 in UTC with a `Z`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS


def dumps(data: Any) -> bytes:
    """`data` as JSON bytes: dictionaries, lists, texts, numbers, times, enums, lazy texts."""
    try:
        return orjson.dumps(data, default=str, option=OPTIONS)
    except TypeError:
        # Lone surrogates and numbers beyond 64 bits, which only an echo of what was sent can hold.
        return json.dumps(data, cls=JSONEncoder).encode("utf-8")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8, RFC 8259 section 8.1

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else dumps(data)
