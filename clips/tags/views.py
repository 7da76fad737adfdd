"""The page of a hashtag, and who can be mentioned."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.avatars import avatar_url

from ..exceptions import BadPlace
from ..selectors import clip_views
from . import selectors
from .text import fold

private = cache_control(private=True, no_store=True)


@private
@require_safe
def hashtag(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET tags/<name>/?sort=top|newest&cursor=…: open to everyone. Other spellings lead to the one name."""
    folded = fold(name)
    if not folded:
        raise Http404
    if folded != name:
        return redirect("clips:hashtag", folded)
    sort, cursor = request.GET.get("sort") or "top", request.GET.get("cursor", "")
    tag = selectors.tag_named(folded)
    head, page = selectors.TagHead(folded, 0, False), selectors.TagPage()
    try:
        if sort not in ("top", "newest"):
            raise BadPlace
        if tag is not None:
            page = selectors.tag_page(tag, request.user, sort=sort, cursor=cursor)
            head = selectors.tag_head(tag, request.user)
    except BadPlace:
        context = {"detail": _("The address is damaged."), "restart_url": request.path}
        return render(request, "400.html", context, status=HTTPStatus.BAD_REQUEST)
    views = clip_views(request.user, page.clip_ids)
    shown: dict[str, Any] = {
        "tag": head,
        "sort": sort,
        "clips": [views[pk] for pk in page.clip_ids if pk in views],
        "next_url": f"{request.path}?{urlencode({'sort': sort, 'cursor': page.next})}" if page.next else "",
        "is_first": not cursor,
    }
    template = "clips/_tag_tiles.html" if request.htmx else "clips/hashtag.html"  # type: ignore[attr-defined]
    return render(request, template, shown)


@private
@require_safe
def mentionable(request: HttpRequest) -> HttpResponse:
    """GET mentionable/?q=an: people whose handle or name begins like that, as JSON. Whom one follows comes first."""
    if not request.user.is_authenticated:
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    people = selectors.mentionable(request.user, request.GET.get("q", ""))
    return JsonResponse(
        {"people": [{"username": one.username, "name": one.name, "avatar": avatar_url(one.avatar)} for one in people]}
    )
