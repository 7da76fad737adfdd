"""The shape of every list: `{"next": url | null, "results": [...]}`, in keyset pages with an opaque cursor.

It lives in the lowest app that has an API, because the apps above use it and none of them may import `config`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

DEFAULT_LIMIT = 20
MAX_LIMIT = 50
MAX_ID = 2**63 - 1
_MARK = b"k"  # tells our cursors from those of other lists

LIST_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where to go on: taken from `next`, never made by hand."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        description="Results a page, 1 to 50. A page can be shorter; only `next: null` means the end.",
    ),
]


class BadPageCursor(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_cursor"
    default_detail = _("The cursor is not one of this list. Begin again without it.")


def whole_number(text: str | None, *, name: str, lowest: int, highest: int) -> int:
    """A query parameter as a number. Raises: ValidationError for that parameter."""
    if text is None:
        raise ValidationError({name: serializers.ErrorDetail(_("This parameter is required."), "required")})
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else -1
    if not lowest <= number <= highest:
        message = _("Give a whole number from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
        raise ValidationError({name: serializers.ErrorDetail(message, "out_of_range")})
    return number


def page_limit(request: Request, default: int = DEFAULT_LIMIT) -> int:
    """How many results the caller wants. Raises: ValidationError."""
    text = request.query_params.get("limit")
    return default if text is None else whole_number(text, name="limit", lowest=1, highest=MAX_LIMIT)


def next_url(request: Request, cursor: str, *kept: str) -> str:
    """The address of the page after this one; `limit`, `stage` and the parameters named in `kept` stay."""
    query = QueryDict(mutable=True)
    for name in ("limit", "stage", *kept):
        if name in request.query_params:
            query[name] = request.query_params[name]
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def encode_cursor(below: int) -> str:
    return base64.urlsafe_b64encode(_MARK + below.to_bytes(8, "big").lstrip(b"\0")).rstrip(b"=").decode()


def decode_cursor(text: str) -> int:
    """Raises: BadPageCursor."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPageCursor from error
    below = int.from_bytes(raw[1:9], "big")
    if raw[:1] != _MARK or len(raw) > 9 or not 0 < below <= MAX_ID:
        raise BadPageCursor
    return below


def keyset_page(request: Request, rows: QuerySet[Any], *, by: str = "pk") -> tuple[list[int], str | None]:
    """The ids of one page of `rows`, newest first, and the address of the next page.

    Pages are cut by id, so what arrives or goes meanwhile neither doubles nor hides a row. `by` is a time that never
    changes: its order counts before that of the ids."""
    limit = page_limit(request)
    if text := request.query_params.get("cursor"):
        rows = rows.filter(_after(rows, decode_cursor(text), by))
    ids = list(rows.order_by(f"-{by}", "-pk").values_list("pk", flat=True)[: limit + 1])
    following = next_url(request, encode_cursor(ids[limit - 1])) if len(ids) > limit else None
    return ids[:limit], following


def _after(rows: QuerySet[Any], last: int, by: str) -> Q:
    """Condition: what comes after the row `last`, which need not be among `rows` any more. Raises: BadPageCursor."""
    if by == "pk":
        return Q(pk__lt=last)
    at = rows.model._default_manager.filter(pk=last).values_list(by, flat=True).first()
    if at is None:
        raise BadPageCursor
    return Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": last})


def page_response(following: str | None, results: Sequence[Any], **more: Any) -> Response:
    return Response({"next": following, "results": results, **more})


def page_of(name: str, item: type[serializers.Serializer[Any]], **more: serializers.Field) -> Any:
    """The documentation of a page: `name` is the schema's, `more` are members beside `results`."""
    return inline_serializer(
        name,
        {"next": serializers.URLField(allow_null=True), "results": item(many=True), **more},
    )
