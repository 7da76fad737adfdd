"""The only door to a clip's bytes: authorised at every request by the rule that everything else asks."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from . import files
from .media.serving import serve_file
from .models import CaptionTrack, Clip

_TYPES = {".mp4": "video/mp4", ".webp": "image/webp", ".jpg": "image/jpeg"}


def stored_name(clip: Clip, file: str) -> str:
    """The stored name of a clip's public file, such as `720.mp4` or `poster.webp`. Raises: Http404."""
    if file.startswith("poster."):
        return clip.poster
    edge = file.removesuffix(".mp4")
    if file.endswith(".mp4") and edge.isascii() and edge.isdigit() and len(edge) <= 4:
        path = clip.renditions.filter(short_edge=int(edge)).values_list("path", flat=True).first()
        if path:
            return path
    raise Http404


def send(request: HttpRequest, clip: Clip, file: str) -> HttpResponseBase:
    """A clip's file with Range, for a caller who has asked the rule. Never cached by anyone but the viewer,
    and by them only with asking again, since the answer may be no the next time."""
    name = stored_name(clip, file)
    path = files.absolute(name)
    if not name or not path.is_file():
        raise Http404
    response = serve_file(
        request,
        path,
        content_type=_TYPES[path.suffix],
        accel_prefix=settings.X_ACCEL_PREFIX or None,
        accel_root=files.media_root().resolve(),
        etag=f"{path.parent.name[:16]}-{path.stem}",
    )
    response["Cache-Control"] = "private, no-cache"
    return response


def send_captions(request: HttpRequest, clip: Clip, language: str) -> HttpResponseBase:
    """A clip's captions as WebVTT, for a caller who has asked the rule. Raises: Http404."""
    track = CaptionTrack.objects.filter(clip=clip, language=language).first()
    if track is None:
        raise Http404
    response: HttpResponseBase = HttpResponse(track.vtt, content_type="text/vtt; charset=utf-8")
    response["ETag"] = f'"{track.pk}-{track.updated_at.timestamp():.6f}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@require_safe
def clip_media(request: HttpRequest, pk: int, file: str) -> HttpResponseBase:
    """GET, HEAD media/clips/<id>/<file>. Hidden and unknown clips are 404 alike; drafts are for their author."""
    clip = Clip.objects.playable_by(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    if file.endswith(".vtt"):
        return send_captions(request, clip, file.removesuffix(".vtt"))
    return send(request, clip, file)
