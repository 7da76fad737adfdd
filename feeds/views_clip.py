"""The page of one clip: the clip, who of one's people passed it on and what they say, and the rest one may see."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.querysets import follows
from accounts.selectors import edge_counts
from clips.models import Clip
from clips.talk.selectors import talk
from reposts.models import Repost
from reposts.selectors import repost_lines

from .assembly import Card
from .hydration import hydrate

LINES = 12  # of each list; the whole one has a page of its own


@cache_control(private=True, no_store=True)
@require_safe
def clip_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/?via=<repost>: 404 for whoever may not see the clip. `via` is credited when it is passed on."""
    viewer = request.user
    clip = Clip.objects.visible_to(viewer).filter(pk=pk).first()
    if clip is None:
        raise Http404
    items = hydrate(viewer, [Card(pk, 0, [])], [""])
    if not items:
        raise Http404
    via = request.GET.get("via", "")
    context = {
        "item": items[0],
        "clip": items[0].clip,
        "own": items[0].own_repost,
        "talk": talk(clip, viewer),
        "is_first": True,
        "via": int(via) if via.isascii() and via.isdigit() and len(via) <= 18 else None,
        "page_url": request.build_absolute_uri(request.path),
        "poster_url": request.build_absolute_uri(items[0].clip.poster_url),
        "video_url": request.build_absolute_uri(items[0].clip.sources[-1].url) if items[0].clip.sources else "",
    }
    if viewer.is_authenticated:
        shown = Repost.objects.visible_to(viewer).filter(clip=pk).exclude(user=viewer).order_by("-pk")
        context |= {
            "reach": edge_counts(viewer).followers,
            "connections": repost_lines(shown.by_connections_of(viewer)[:LINES]),
            "others": repost_lines(shown.exclude(follows(viewer, "user_id"))[:LINES]),
        }
    return render(request, "clips/detail.html", context)
