"""JSON in: UTF-8, no lone surrogates, no NaN, no bottomless nesting; of a doubled key the last one counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser as DRFJSONParser
from rest_framework.utils.mediatypes import _MediaType

MAX_DEPTH = 64  # no request of ours nests deeper than 3


class JSONParser(DRFJSONParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises: ParseError, UnsupportedMediaType for another charset than UTF-8."""
        charset = _MediaType(media_type or "").params.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(media_type or "", _("JSON is UTF-8."))
        try:
            data = orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(_("This is not JSON: %(fault)s.") % {"fault": error}) from error
        if _deeper_than(data, MAX_DEPTH):
            raise ParseError(_("This is nested too deeply."))
        if not isinstance(data, dict):
            raise ParseError(_("Send a JSON object."))
        return data


def _deeper_than(data: Any, depth: int) -> bool:
    level = [data]
    while level:
        if depth < 0:
            return True
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        depth -= 1
    return False
