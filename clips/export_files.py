"""Handing out an export's file. Here, above its app, because the way files are sent is this app's."""

from __future__ import annotations

from typing import cast

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import exports, recent
from accounts.api.authentication import caller
from accounts.models import Export, User

from . import files
from .api.views import AnyMediaType
from .media.serving import serve_file


def _own_or_404(user: User, pk: int) -> Export:
    """The person's own export, ready and not expired. Everybody else's, staff's too, is 404."""
    export = exports.usable(user).select_related("user").filter(pk=pk).first()
    if export is None or not exports.file_of(export).is_file():
        raise Http404
    return export


def _send(request: HttpRequest, export: Export) -> HttpResponseBase:
    response = serve_file(
        request,
        exports.file_of(export),
        content_type="application/zip",
        etag=export.key,
        cache_control="private, no-store",
        accel_prefix=settings.X_ACCEL_PREFIX or None,
        accel_root=files.media_root(),
    )
    response["Content-Disposition"] = f'attachment; filename="{exports.download_name(export)}"'
    return response


@require_safe
@login_required
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET settings/account/export/<id>/: only for oneself, and only shortly after the password was given."""
    export = _own_or_404(cast("User", request.user), pk)
    if not recent.is_fresh(request):
        raise ReauthenticationRequired
    return _send(request, export)


class ExportFileView(APIView):
    content_negotiation_class = AnyMediaType
    refusals = {"get": (403,)}

    @extend_schema(
        operation_id="me_export_file",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (206, "application/zip"): OpenApiTypes.BINARY,
            304: None,
            416: OpenApiResponse(description="The range lies outside the file"),
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The ZIP, with ranges. Needs a token that is no older than 15 minutes."""
        user = caller(request)
        export = _own_or_404(user, pk)
        token = request.auth if isinstance(request.auth, AuthToken) else None
        recent.confirm(user=user, password="", request=request._request, token=token)
        return _send(request._request, export)
