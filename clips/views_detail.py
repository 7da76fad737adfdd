"""What the page of a clip reports back. The page itself is `feeds.views_clip`: it shows reposts, too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from . import services
from .models import Clip


@cache_control(private=True, no_store=True)
@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/watch/ with `ms`, how far the viewer got: 204. Only of people who are signed in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    ms = request.POST.get("ms", "")
    if not (ms.isascii() and ms.isdigit() and len(ms) <= 9):
        return HttpResponse(status=400)
    clip = Clip.objects.visible_to(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    services.record_watch(viewer=request.user, clip=clip, ms=int(ms))
    return HttpResponse(status=204)
