"""What the page of a clip reports back. The page itself is `feeds.views_clip`: it shows reposts, too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from . import services
from .models import Clip, WatchSource


@cache_control(private=True, no_store=True)
@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/watch/ with `ms`, how far the viewer got: 204. Only of people who are signed in.

    `play` says that they began anew, `source` where they met the clip, `via` which repost brought it."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    ms = request.POST.get("ms", "")
    if not (ms.isascii() and ms.isdigit() and len(ms) <= 9):
        return HttpResponse(status=400)
    via, source = request.POST.get("via", ""), request.POST.get("source", "")
    clip = Clip.objects.visible_to(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    services.record_watch(
        viewer=request.user,
        clip=clip,
        ms=int(ms),
        play="play" in request.POST,
        source=source if source in WatchSource.values else WatchSource.OTHER,
        via_id=int(via) if via.isascii() and via.isdigit() and len(via) <= 18 else None,
    )
    return HttpResponse(status=204)
