"""What other sites show of a clip: oEmbed, and the frame that it names.

Both show what somebody who is not signed in may see, and need no cookie; whoever is signed in all the same must be
allowed to see it, too. Nothing of it may be kept without asking again, since the answer may be no the next time.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from .models import Clip
from .selectors import ClipView, clip_views

WIDTH = 340  # CSS pixels of a frame when the consumer names no limit
FOOT = 84  # below the picture: who, what, and the way here
SMALLEST = 160  # below that nothing can be read
_EVERYONE = AnonymousUser()
# A frame on any site, with nothing of ours but pictures, the video and a stylesheet.
FRAME_POLICY: dict[str, Any] = {
    "frame-ancestors": ["*"],
    "script-src": [NONE],
    "connect-src": [NONE],
    "media-src": [SELF],
}


def _public_or_404(request: HttpRequest, pk: int) -> ClipView:
    """The clip, when it is for everyone and not hidden from whoever asks. Raises: Http404."""
    for viewer in (_EVERYONE, request.user):
        if not Clip.objects.visible_to(viewer).filter(pk=pk).exists():
            raise Http404
    view = clip_views(_EVERYONE, [pk]).get(pk)
    if view is None:
        raise Http404
    return view


@csp_replace(FRAME_POLICY)  # type: ignore[arg-type]  # its own types know views without arguments only
@xframe_options_exempt
@cache_control(no_cache=True)
@require_safe
def embed(request: HttpRequest, pk: int) -> HttpResponse:
    """GET embed/<id>/: the clip in a frame of another site, a plain player that needs no script."""
    clip = _public_or_404(request, pk)
    context = {"clip": clip, "clip_url": request.build_absolute_uri(reverse("clips:detail", args=[pk]))}
    return render(request, "clips/embed.html", context)


@cache_control(no_cache=True)
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """GET oembed?url=&format=json&maxwidth=&maxheight= (https://oembed.com): 404 for what is not for everyone, 501
    for any format but JSON, 400 for what cannot be understood."""
    if request.GET.get("format", "json") != "json":
        return _fault(HTTPStatus.NOT_IMPLEMENTED, _("Only JSON is spoken here."))
    url = request.GET.get("url", "")
    limits = [_limit(request.GET.get(name)) for name in ("maxwidth", "maxheight")]
    if not url or 0 in limits:
        return _fault(HTTPStatus.BAD_REQUEST, _("Give the address of a clip, and limits as whole numbers."))
    pk = _clip_id(request, url)
    if pk is None:
        return _fault(HTTPStatus.NOT_FOUND, _("There is no such clip for everyone."))
    try:
        clip = _public_or_404(request, pk)
    except Http404:
        return _fault(HTTPStatus.NOT_FOUND, _("There is no such clip for everyone."))
    return _answer(JsonResponse(describe(request, clip, *limits)))


def describe(request: HttpRequest, clip: ClipView, max_width: int | None, max_height: int | None) -> dict[str, Any]:
    """oEmbed's members for a clip; limits are in CSS pixels."""
    width, height = frame_size(clip.width, clip.height, max_width, max_height)
    base = request.build_absolute_uri("/")[:-1]
    title = clip.caption or _("A clip by {name}").format(name=clip.author.name)
    frame = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allow="fullscreen" allowfullscreen '
        'referrerpolicy="strict-origin-when-cross-origin"></iframe>',
        base + reverse("clips:embed", args=[clip.id]),
        width,
        height,
        _("A clip by {name} on Reprise").format(name=clip.author.name),
    )
    return {
        "version": "1.0",
        "type": "video",
        "provider_name": "Reprise",
        "provider_url": base + "/",
        "title": title[:200],
        "author_name": clip.author.name,
        "author_url": base + reverse("accounts:profile", args=[clip.author.username]),
        "thumbnail_url": base + clip.poster_url,
        "thumbnail_width": clip.width,
        "thumbnail_height": clip.height,
        "html": str(frame),
        "width": width,
        "height": height,
    }


def frame_size(width: int, height: int, max_width: int | None, max_height: int | None) -> tuple[int, int]:
    """The size of the frame in CSS pixels: the picture in its own shape and FOOT below it, within the limits."""
    shape = (height or 16) / (width or 9)
    wide = min(WIDTH, max_width or WIDTH)
    if max_height:
        wide = min(wide, int((max_height - FOOT) / shape))
    wide = max(wide, min(SMALLEST, max_width or SMALLEST))
    return wide, min(round(wide * shape) + FOOT, max_height or 10_000)


def _limit(text: str | None) -> int | None:
    """A limit in pixels; None when none is given, 0 for no number."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _clip_id(request: HttpRequest, url: str) -> int | None:
    """The clip whose page has this address on this site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != request.get_host().lower():
        return None
    try:
        match = resolve(parts.path if parts.path.endswith("/") else f"{parts.path}/")
    except (Resolver404, ValueError):
        return None
    pk = match.kwargs.get("pk") if match.view_name in ("clips:detail", "clips:embed") else None
    return pk if isinstance(pk, int) and pk < 2**63 else None


def _fault(status: int, text: str) -> HttpResponse:
    return _answer(JsonResponse({"error": text}, status=status))


def _answer(response: HttpResponse) -> HttpResponse:
    """Any site's script may read what is for everyone."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
