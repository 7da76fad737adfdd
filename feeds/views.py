"""The feed pages: Following, For You, and the pill that says what came since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts import services as people
from accounts.selectors import Person, edge_counts
from accounts.text import isolated

from . import assembly
from .cursor import BadCursor, Cursor
from .for_you import for_you_page
from .hydration import FeedItem, hydrate
from .log import known_until

PAGE_SIZE = 6  # clips a page: with the pages that follow it is more than one swipe ahead
SUGGESTIONS = 8  # clips offered to a person whose feed is empty
SUGGESTED_PEOPLE = 6
# Personal pages are kept by nobody, not even the browser: a block or an undo must hold at the next look.
private = cache_control(private=True, no_store=True)


@private
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /: Following for people who are signed in, For You for the others."""
    return following(request) if request.user.is_authenticated else for_you(request)


@private
@require_safe
@login_required
def following(request: HttpRequest) -> HttpResponse:
    """GET following/?cursor=…: a page, or for htmx its cards alone."""
    viewer = request.user
    assert viewer.is_authenticated
    people.note_seen(user=viewer)
    try:
        cursor = _cursor(request)
    except BadCursor:
        return _bad_cursor(request, "feeds:following")
    page = assembly.following_page(viewer, cursor=cursor, limit=PAGE_SIZE)
    items = hydrate(viewer, page.cards)
    context = _context(request, "following", cursor, page, items)
    context["oldest"] = _oldest(page)
    if page.next is None:
        context["caught_up_to"] = known_until(page.as_of)
    if not items and cursor is None:
        context |= _suggestions(request)
    return _respond(request, context)


@private
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """GET for-you/?cursor=…: open to everyone; every card says why it is there."""
    if request.user.is_authenticated:
        people.note_seen(user=request.user)
    try:
        cursor = _cursor(request)
    except BadCursor:
        return _bad_cursor(request, "feeds:for_you")
    page, whys = for_you_page(request.user, cursor=cursor, limit=PAGE_SIZE)
    items = hydrate(request.user, page.cards, whys)
    return _respond(request, _context(request, "for_you", cursor, page, items))


@private
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """GET following/new/?since=<as_of>: the pill as a fragment; 204 while there is nothing new.

    Asked every 1.5 seconds by an open feed, so it does as little as possible and counts not as a visit."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdigit() and len(since) <= 18):
        return HttpResponse(status=400)
    found = assembly.new_cards(request.user, since=int(since))
    if not found.count:
        return HttpResponse(status=204)
    many = found.count > assembly.NEW_CARDS_CAP
    label = f"{assembly.NEW_CARDS_CAP}+" if many else str(found.count)
    names = get_text_list([isolated(person.name) for person in found.people], _("and"))
    return render(request, "feeds/_pill.html", {"new": found, "label": label, "names": names})


def _cursor(request: HttpRequest) -> Cursor | None:
    """Raises: BadCursor."""
    text = request.GET.get("cursor")
    return Cursor.decode(text) if text else None


def _bad_cursor(request: HttpRequest, restart: str) -> HttpResponse:
    detail = _("The place in the feed that this address remembers cannot be read. Start from the newest clip.")
    context = {"detail": detail, "restart_url": reverse(restart)}
    return render(request, "400.html", context, status=400)


def _context(
    request: HttpRequest, name: str, cursor: Cursor | None, page: assembly.Page, items: list[FeedItem]
) -> dict[str, Any]:
    """What both feeds give to their templates. `start` is how many cards came before this page."""
    feed_url = reverse(f"feeds:{name}")
    return {
        "feed_name": name,
        "feed_title": {"following": _("Following"), "for_you": _("For You")}[name],
        "feed_url": feed_url,
        "page_url": f"{feed_url}?{urlencode({'cursor': cursor.encode()})}" if cursor else feed_url,
        "next_url": f"{feed_url}?{urlencode({'cursor': page.next.encode()})}" if page.next else "",
        "as_of": page.as_of,
        "items": items,
        "start": len(cursor.served) if cursor else 0,
        "is_first": cursor is None,
        "reach": edge_counts(request.user).followers if request.user.is_authenticated else 0,
    }


def _oldest(page: assembly.Page) -> datetime | None:
    """When the last card of the page came to its place."""
    if not page.cards:
        return None
    last = page.cards[-1]
    return next((reason.at for reason in last.reasons if reason.activity_id == last.place), None)


def _suggestions(request: HttpRequest) -> dict[str, Any]:
    """What an empty feed offers: the clips of For You, and the people who made them."""
    page, whys = for_you_page(request.user, limit=SUGGESTIONS)
    items = hydrate(request.user, page.cards, whys)
    authors: dict[int, Person] = {item.clip.author.id: item.clip.author for item in items}
    return {"suggestions": items, "people": list(authors.values())[:SUGGESTED_PEOPLE]}


def _respond(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    template = "feeds/_cards.html" if request.htmx else "feeds/home.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    response.headers["Vary"] = "Cookie, HX-Request"
    return response
