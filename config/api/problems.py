"""Every error as a problem (RFC 9457, `application/problem+json`) with a stable `code`.

`docs/api.md` lists the codes; `tests/config/test_api_problems.py` keeps that list complete.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.exceptions import AccountsError, NotARequest, SelfEdge
from accounts.exports import TooManyExports
from accounts.guards import TooManyTries
from accounts.recent import ConfirmationRequired, WrongPassword
from clips.exceptions import (
    BadPlace,
    BadSchedule,
    CaptionsRefused,
    ClipRefused,
    EmptyComment,
    LongComment,
    LongSendText,
    NobodyToSendTo,
    NotRetryable,
    NotYours,
    StorageFull,
    TooManyComments,
    TooManyRecipients,
    TooManySends,
    TooManyUploads,
    UploadRefused,
)
from clips.media.limits import MediaError, MediaFailed, MediaRefused
from clips.media.words import sentence
from config.api.renderers import dumps
from feeds.cursor import BadCursor
from feeds.exceptions import ControlRefused, NoWords, WordsTooLong
from reposts.exceptions import CommentTooLong, NotTheAuthor, RepostRefused

PREFIX = "/api/v1/"
MEDIA_TYPE = "application/problem+json"
TYPE = "urn:reprise:problem:"  # a name, not an address: the codes are explained in docs/api.md

NOTHING_HERE = _("There is nothing here, or it is not for you.")
INVALID = "validation_error"
INVALID_DETAIL = _("Some of what was sent is not acceptable; `errors` says what.")

# Refusals of the domain: the nearest class in the MRO counts. 409 is a rule against it, 422 is the content.
REFUSALS: dict[type[Exception], int] = {
    AccountsError: 409,
    SelfEdge: 409,
    NotARequest: 404,
    TooManyTries: 429,
    TooManyExports: 429,
    ConfirmationRequired: 403,
    WrongPassword: 403,
    ClipRefused: 409,
    UploadRefused: 422,
    NotRetryable: 409,
    NobodyToSendTo: 422,
    TooManyRecipients: 422,
    LongSendText: 422,
    TooManySends: 429,
    BadSchedule: 422,
    CaptionsRefused: 422,
    StorageFull: 507,
    TooManyUploads: 429,
    EmptyComment: 422,
    LongComment: 422,
    NotYours: 403,
    TooManyComments: 429,
    BadPlace: 400,
    MediaRefused: 422,
    MediaFailed: 503,
    RepostRefused: 409,
    CommentTooLong: 422,
    NotTheAuthor: 403,
    BadCursor: 400,
    ControlRefused: 409,
    NoWords: 422,
    WordsTooLong: 422,
}
TOO_LARGE = "too_large"  # of uploads and of other bodies: 413 whoever says it
RETRY_AFTER = {429: "30", 503: "5", 507: "300"}  # seconds, where nothing better is known

# DRF's own codes, where a clearer word is ours.
CODES = {
    "permission_denied": "forbidden",
    "error": "server_error",
    "method_not_allowed": "method_not_allowed",
    "throttled": "too_many_requests",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of a problem. The title belongs to the code and is English, for whoever reads logs; the detail is for
    this occurrence, in the language of the request."""
    body: dict[str, Any] = {
        "type": f"{TYPE}{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    if errors is not None:
        body["errors"] = errors
    return body | dict(more or {})


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's `EXCEPTION_HANDLER`. None for what is a fault of ours: Django logs it and `server_error` answers."""
    described = describe(error)
    if described is None:
        return None
    set_rollback()
    body, headers = described
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def describe(error: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The problem and the headers that an exception means to the caller, None if it is none of theirs."""
    if isinstance(error, Http404):
        return problem(404, "not_found", NOTHING_HERE), {}
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", _("You may not do that.")), {}
    if isinstance(error, ValidationError):
        return problem(400, INVALID, INVALID_DETAIL, errors=list(_django_faults(error))), {}
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.detail))
        return problem(400, INVALID, INVALID_DETAIL, errors=faults), {}
    if isinstance(error, exceptions.APIException):
        return _api_exception(error)
    if isinstance(error, RequestDataTooBig):
        return problem(413, TOO_LARGE, _("The request is too large.")), {}
    if isinstance(error, SuspiciousOperation):
        return problem(400, "bad_request", _("The request cannot be understood.")), {}
    for kind in type(error).__mro__:
        if status := REFUSALS.get(kind):
            return _refusal(error, status)
    return None


def _api_exception(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    code = getattr(error.detail, "code", None) or error.default_code
    detail = NOTHING_HERE if isinstance(error, exceptions.NotFound) else str(error.detail)
    return problem(error.status_code, CODES.get(code, code), detail), headers


def _refusal(error: Exception, status: int) -> tuple[dict[str, Any], dict[str, str]]:
    code = getattr(error, "code", "refused")
    status = 413 if code == TOO_LARGE else status
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    faults = error.faults if isinstance(error, CaptionsRefused) else None
    said = sentence(error) if isinstance(error, MediaError) else str(error)
    return problem(status, code, said, errors=faults), headers


def _faults(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """One entry a fault, with the path to its field (`to.0.name`); empty for the request as a whole."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _faults(inner, f"{path}.{name}".strip(".") if name else path)
    elif isinstance(detail, (list, tuple)):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _faults(inner, f"{path}.{number}".strip(".") if nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", None) or "invalid", "detail": str(detail)}


def _django_faults(error: ValidationError) -> Iterator[dict[str, str]]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for field, faults in by_field.items():
        for fault in faults:
            yield {
                "field": "" if field == "__all__" else field,
                "code": fault.code or "invalid",
                "detail": " ".join(fault.messages),
            }


# --- Errors that no API view saw ----------------------------------------------------------------------


def answer(status: int, code: str, detail: str) -> HttpResponse:
    """A problem as a plain response, for where DRF is not in charge."""
    return HttpResponse(dumps(problem(status, code, detail)), status=status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: a problem below the API's prefix, Django's page elsewhere."""
    if request.path_info.startswith(PREFIX):
        return answer(400, "bad_request", _("The request cannot be understood."))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a problem below the API's prefix, Django's page elsewhere."""
    if request.path_info.startswith(PREFIX):
        return answer(500, "server_error", HTTPStatus(500).description + ".")
    return defaults.server_error(request)
