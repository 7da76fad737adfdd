"""What every page load of a signed-in person does."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from . import departures, handles, services, sessions
from .models import DepartureKind


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
            sessions.note_used(request=request)
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and "Cache-Control" not in response and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class MovedMiddleware:
    """Leads addresses with an earlier handle (or a handle in capitals) on to the person: pages and API alike.

    Asked only when there is nobody with the handle of the address, so it costs no other request anything. The
    redirect is temporary (302, and 307 where method and body must stay), since a handle may find another holder.
    Whoever is hidden from the viewer is 404 under old handles too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or "username" not in match.kwargs:
            return response
        # DRF puts the holder of a token into `request.user` as well.
        person = handles.leads_to(match.kwargs["username"], request.user)
        if person is None:
            return response
        address = reverse(match.view_name, kwargs={**match.kwargs, "username": person.username})
        if query := request.META.get("QUERY_STRING", ""):
            address = f"{address}?{query}"
        page = request.method in ("GET", "HEAD") and not match.view_name.startswith("api:")
        moved = HttpResponseRedirect(address)
        moved.status_code = 302 if page else 307
        moved["Cache-Control"] = "private, no-store"
        return moved


class DepartureMiddleware:
    """Keeps people who hid their account to the one page that is left to them; a deactivated account comes back.

    They are signed in (`backends.PasswordBackend`) with all that takes, second factor included, but inactive: the
    rules show them to nobody, and the API does not know their session.
    """

    OPEN = frozenset(
        {
            *("accounts:leaving", "accounts:return", "accounts:export", "accounts:export_file", "accounts:language"),
            *("account_logout", "account_reauthenticate", "mfa_reauthenticate", "javascript-catalog"),
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        # Without a session cookie nobody is signed in, and the session is not worth a query.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or user.is_active:
            return None
        departure = departures.departure_of(user)
        if departure is not None and departure.kind == DepartureKind.PAUSED:
            departures.come_back(user=user)
            messages.success(request, _("Welcome back. Your account is visible again."))
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in self.OPEN or name.startswith("api:"):
            return None
        return redirect("accounts:leaving")
