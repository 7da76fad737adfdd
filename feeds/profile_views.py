"""The pages of a profile: Clips and Reposts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.forms import MuteForm
from accounts.models import TabAudience
from accounts.views.edges import visible_or_404
from accounts.views.people import before

from . import profile as profiles


@cache_control(private=True, no_store=True)
@require_safe
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """GET @<username>/?before=<clip>: 404 for people in a block with the viewer, either way."""
    return _page(request, username, "clips")


@cache_control(private=True, no_store=True)
@require_safe
def reposts_tab(request: HttpRequest, username: str) -> HttpResponse:
    """GET @<username>/reposts/?before=<repost>. The tab has a privacy of its own and says so when it is closed."""
    return _page(request, username, "reposts")


def _page(request: HttpRequest, username: str, tab: str) -> HttpResponse:
    person = visible_or_404(request, username)
    start = before(request)
    read = profiles.clip_tiles if tab == "clips" else profiles.repost_tiles
    tiles, following = read(person, request.user, start)
    context: dict[str, Any] = {"tab": tab, "tiles": tiles, "next": following, "person": person}
    if request.htmx:  # type: ignore[attr-defined]  # the next tiles alone
        return render(request, "accounts/_tiles.html", context)
    head = profiles.profile_head(person, request.user)
    context |= {
        "head": head,
        "relation": head.relation,
        "counts": head.counts,
        "full": True,
        "mute_form": MuteForm(),
        "is_first": start is None,
        "closed": profiles.closed_tab(head, request.user) if tab == "reposts" else "",
        "tab_audience": TabAudience(person.reposts_tab).label,
    }
    return render(request, "accounts/profile.html", context)
