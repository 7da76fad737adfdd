"""Clips' files for moderators: by permission, since the public door favours nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from . import media_views
from .models import Clip


def media_view(desk: ModelAdmin[Any]) -> Callable[..., HttpResponseBase]:
    """GET, HEAD admin/…/<clip id>/media/<file>: the files of any clip that has some, for those who may view clips.

    A file of a clip that nobody else may see is just what a moderator has to look at."""

    @require_safe
    def view(request: HttpRequest, pk: int, file: str) -> HttpResponseBase:
        if not desk.has_view_permission(request):
            raise PermissionDenied
        clip = Clip.objects.filter(pk=pk, deleted_at=None).first()
        if clip is None:
            raise Http404
        return media_views.send(request, clip, clip.poster.rpartition("/")[2] if file == "poster" else file)

    return desk.admin_site.admin_view(view)
