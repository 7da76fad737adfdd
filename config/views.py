"""Addresses that browsers ask for by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """GET /favicon.ico: pages name their icon; bookmarks, feeds and old browsers ask here."""
    response = HttpResponseRedirect(static("icons/mark.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response
