"""The page of the search, the suggestions while one types, and what was searched for lately.

A plain form with plain links; htmx fetches suggestions and further results as fragments.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.api.paging import BadPageCursor
from accounts.text import clean_line

from . import recent
from .clips import KIND as CLIPS
from .clips import search_clips
from .paging import Cursor
from .people import KIND as PEOPLE
from .people import search_people
from .tags import KIND as TAGS
from .tags import search_tags
from .text import QUERY_LENGTH, query_words

TOP_PEOPLE = 4
TOP_CLIPS = 12
SUGGESTED_PEOPLE = 6
SUGGESTED_RECENT = 6
SUGGESTED_TAGS = 3
TOP_TAGS = 3
TABS = {
    "top": gettext_lazy("Top"),
    "people": gettext_lazy("People"),
    "clips": gettext_lazy("Clips"),
    "tags": gettext_lazy("Tags"),
}
private = cache_control(private=True, no_store=True)


def _query(request: HttpRequest) -> str:
    """What was asked for, on one line, as far as it is read."""
    return clean_line(request.GET.get("q", "")[: 4 * QUERY_LENGTH])[:QUERY_LENGTH].strip()


@private
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """GET search/?q=&type=top|people|clips&cursor=: a page; for htmx further results alone."""
    query, tab = _query(request), request.GET.get("type") or "top"
    if tab not in TABS:
        raise Http404
    text = request.GET.get("cursor", "")
    try:
        found = _found(request, query, tab, text)
    except BadPageCursor:
        restart = f"{request.path}?{urlencode({'q': query, 'type': tab})}"
        damaged = {"detail": _("The address is damaged."), "restart_url": restart}
        return render(request, "400.html", damaged, status=400)
    context: dict[str, Any] = found | {
        "query": query,
        "tab": tab,
        "tabs": TABS.items(),
        "is_first": not text,
        "can_match": bool(query_words(query)),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"search/_{tab}.html", context)
    if request.user.is_authenticated:
        if query and not text:
            recent.remember(user=request.user, query=query)
        if not query:
            context |= {"recent": recent.recent(request.user), "paused": recent.is_paused(request.user)}
    return render(request, "search/results.html", context)


def _found(request: HttpRequest, query: str, tab: str, text: str) -> dict[str, Any]:
    """What the tab shows. Raises: BadPageCursor."""
    viewer = request.user
    found: dict[str, Any] = {}
    if tab == "top" and text:
        raise BadPageCursor
    if tab in ("top", "people"):
        cursor = Cursor.decode(text, PEOPLE) if text else None
        people = search_people(viewer, query, cursor=cursor, limit=TOP_PEOPLE if tab == "top" else 20)
        found |= {"people": people.rows, "next": people.next, "more_people": people.next is not None}
    if tab in ("top", "clips"):
        cursor = Cursor.decode(text, CLIPS) if text else None
        clips = search_clips(viewer, query, cursor=cursor, limit=TOP_CLIPS if tab == "top" else 24)
        found |= {"clips": clips.rows, "next": clips.next, "more_clips": clips.next is not None}
    if tab in ("top", "tags"):
        cursor = Cursor.decode(text, TAGS) if text else None
        tags = search_tags(viewer, query, cursor=cursor, limit=TOP_TAGS if tab == "top" else 30)
        found |= {"tags": tags.rows, "next": tags.next, "more_tags": tags.next is not None}
    if tab != "top" and found["next"] is not None:
        found["next_url"] = f"{request.path}?{urlencode({'q': query, 'type': tab, 'cursor': found['next'].encode()})}"
    return found


@private
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """GET search/suggest/?q=: people and tags that begin so, as a fragment; with nothing typed the recent ones."""
    query = _query(request)
    context: dict[str, Any] = {"query": query}
    if query_words(query):
        context["people"] = search_people(request.user, query, limit=SUGGESTED_PEOPLE).rows
        context["tags"] = search_tags(request.user, query, limit=SUGGESTED_TAGS).rows
    elif request.user.is_authenticated and not query:
        context["recent"] = recent.recent(request.user)[:SUGGESTED_RECENT]
    return render(request, "search/_suggest.html", context)


@private
@require_POST
@login_required
def change_recent(request: HttpRequest) -> HttpResponse:
    """POST search/recent/ `do`: remove (with `id`), clear, pause or resume. Safe to repeat."""
    user, text = request.user, request.POST.get("id", "")
    match request.POST.get("do"):
        case "remove" if text.isascii() and text.isdigit() and len(text) <= 18:
            recent.remove(user=user, search_id=int(text))
        case "clear":
            recent.clear(user=user)
        case "pause" | "resume" as wish:
            recent.set_paused(user=user, paused=wish == "pause")
        case _:
            raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        context = {"recent": recent.recent(user), "paused": recent.is_paused(user)}
        return render(request, "search/_recent.html", context)
    return redirect(reverse("feeds:search"))
