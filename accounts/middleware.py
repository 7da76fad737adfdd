"""What every page load of a signed-in person does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import services


class PresenceMiddleware:
    """Notes that the person is here, and keeps what they see out of every cache.

    Only page loads count as presence: browsers ask for those with `Accept: text/html`, for pictures, video and
    fragments they do not. Noted before the view runs, so that a person who comes back finds a fresh feed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page_load = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if page_load and request.user.is_authenticated:
            services.note_seen(user=request.user)
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and "Cache-Control" not in response and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
