"""`Idempotency-Key`: a POST that is sent again does nothing twice and gets the first answer again.

- The key is 1 to 255 visible ASCII characters, and belongs to its sender; it is kept for 24 hours.
- Only success is kept. A refused request did nothing, so the same key may try again.
- Same key, other content: 422 `idempotency_key_reused`. Same key while the first is under way: 409 `in_progress`.

The answer is stored right after the view's own transaction, not in it: an upload would otherwise hold SQLite's
only write lock while its bytes are copied. A process that dies between the two leaves the key in progress until
its lease ends; what it made is then made once more if the client insists. That window is some milliseconds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from config.api.renderers import dumps
from config.models import IdempotentRequest

KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=5)  # longer than a server lets a request run
PURGED_AT_ONCE = 100  # old rows removed by each new one, so the table stays as long as a day is busy
KEY = re.compile(r"[\x21-\x7e]{1,255}")
SALT = "config.api.idempotency"


class InvalidKey(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid_idempotency_key"
    default_detail = _("An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID.")


class KeyReused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = _("This Idempotency-Key was sent before with other content. Use a new one.")


class InProgress(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "in_progress"
    default_detail = _("The first request with this Idempotency-Key is still under way. Ask again soon.")
    wait = 1  # seconds


def once(view: type[APIView]) -> type[APIView]:
    """`view` with a POST that honours `Idempotency-Key`."""
    plain_post: Any = view.post  # type: ignore[attr-defined]

    @wraps(plain_post)
    def post(self: APIView, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return plain_post(self, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            raise InvalidKey
        row, fresh = _claim(_scope(request), key, _request_hash(request))
        if not fresh:
            return _replay(row)
        try:
            response = plain_post(self, request, *args, **kwargs)
        except BaseException:
            _release(row)
            raise
        _settle(row, response)
        return response

    return type(view.__name__, (view,), {"post": post, "idempotent": True, "__doc__": view.__doc__})


def _scope(request: Request) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    address = AnonRateThrottle().get_ident(request)
    return "anon:" + salted_hmac(SALT, str(address), algorithm="sha256").hexdigest()


def _request_hash(request: Request) -> str:
    """Keyed, since a sign-up holds a password. Files count by name, size and SHA-256."""
    digest = salted_hmac(SALT, f"{request.method} {request.path}", algorithm="sha256")
    for part in _content(request.data):
        digest.update(part)
    return digest.hexdigest()


def _content(data: Any) -> Iterator[bytes]:
    if not isinstance(data, QueryDict):
        yield orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        return
    for name, values in sorted(data.lists()):
        for value in values:
            shown: list[Any] = [name, str(value)]
            if isinstance(value, UploadedFile):
                shown += [value.size, _file_hash(value)]
            yield orjson.dumps([part.encode("utf-8", "replace").decode() if isinstance(part, str) else part
                                for part in shown])  # fmt: skip


def _file_hash(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _claim(scope: str, key: str, request_hash: str) -> tuple[IdempotentRequest, bool]:
    """The key's row, and whether the work is ours to do. Raises: KeyReused, InProgress."""
    now = timezone.now()
    old = IdempotentRequest.objects.filter(created_at__lt=now - KEPT)
    old.filter(scope=scope, key=key).delete()
    if stale := list(old.order_by("created_at").values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        IdempotentRequest.objects.filter(pk__in=stale).delete()
    try:
        with transaction.atomic():
            return (
                IdempotentRequest.objects.create(
                    scope=scope, key=key, request_hash=request_hash, lease_until=now + LEASE
                ),
                True,
            )
    except IntegrityError:
        row = IdempotentRequest.objects.filter(scope=scope, key=key).first()
    if row is None:  # the first one was refused and let go of the key this very moment
        raise InProgress
    if row.request_hash != request_hash:
        raise KeyReused
    if row.status is not None:
        return row, False
    # In progress. If its worker died, exactly one of those who ask again takes over.
    taken = IdempotentRequest.objects.filter(pk=row.pk, status=None, lease_until=row.lease_until)
    if row.lease_until > now or not taken.update(lease_until=now + LEASE):
        raise InProgress
    row.lease_until = now + LEASE
    return row, True


def _ours(row: IdempotentRequest) -> Any:
    return IdempotentRequest.objects.filter(pk=row.pk, status=None, lease_until=row.lease_until)


def _release(row: IdempotentRequest) -> None:
    _ours(row).delete()


def _settle(row: IdempotentRequest, response: Response) -> None:
    if not status.is_success(response.status_code):
        _release(row)
        return
    _ours(row).update(
        status=response.status_code,
        body=dumps(response.data),
        location=response.headers.get("Location", ""),
    )


def _replay(row: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(bytes(row.body), status=row.status, content_type="application/json")
    if row.location:
        response["Location"] = row.location
    response["Idempotency-Replayed"] = "true"
    return response
