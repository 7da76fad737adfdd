"""The page of one clip: the clip, who of one's people passed it on and what they say, and the rest one may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.querysets import follows
from accounts.selectors import edge_counts
from clips.models import Clip
from clips.selectors import ClipView, clip_views
from clips.talk.selectors import talk
from clips.views_public import frame_size
from reposts.models import Repost
from reposts.selectors import repost_lines

from .assembly import Card
from .hydration import hydrate

MORE = 6  # of the author's other clips, for people who are not signed in
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
    if not viewer.is_authenticated:
        context |= _for_everyone(request, items[0].clip)
    else:
        shown = Repost.objects.visible_to(viewer).filter(clip=pk).exclude(user=viewer).order_by("-pk")
        context |= {
            "reach": edge_counts(viewer).followers,
            "connections": repost_lines(shown.by_connections_of(viewer)[:LINES]),
            "others": repost_lines(shown.exclude(follows(viewer, "user_id"))[:LINES]),
        }
    return render(request, "clips/detail.html", context)


def _for_everyone(request: HttpRequest, clip: ClipView) -> dict[str, Any]:
    """What the page has for somebody who is not signed in: its address in other sites, and more by the author."""
    more = Clip.objects.visible_to(request.user).filter(author=clip.author.id).exclude(pk=clip.id).order_by("-pk")
    ids = list(more.values_list("pk", flat=True)[:MORE])
    views = clip_views(request.user, ids)
    page = request.build_absolute_uri(request.path)
    return {
        "more": [views[pk] for pk in ids if pk in views],
        "oembed_url": request.build_absolute_uri(f"{reverse('clips:oembed')}?{urlencode({'url': page})}"),
        "embed_url": request.build_absolute_uri(reverse("clips:embed", args=[clip.id])),
        "frame": frame_size(clip.width, clip.height, None, None),
    }
