"""Publishing, changing, deleting, watching, and the bytes. Reading a clip with one's own state: `reposts.api`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.people import origin
from accounts.models import User
from clips import media_views, services
from clips.models import Clip
from clips.selectors import clip_views

from .render import clip_json, status_json
from .serializers import (
    ClipSerializer,
    ClipStatusSerializer,
    ClipTextsSerializer,
    UploadSerializer,
    WatchSerializer,
    WatchStateSerializer,
)


def clip_or_404(viewer: User | AnonymousUser, pk: int) -> Clip:
    """A clip that `viewer` may see. Raises: Http404, for hidden and unknown clips alike."""
    clip = Clip.objects.visible_to(viewer).filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


def playable_or_404(viewer: User | AnonymousUser, pk: int) -> Clip:
    """A clip that `viewer` may see, or their own draft. Raises: Http404."""
    clip = Clip.objects.playable_by(viewer).filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


def own_clip_or_404(viewer: User | AnonymousUser, pk: int) -> Clip:
    """A clip of one's own, in any state. Raises: PermissionDenied for others' that one may see, else Http404."""
    clip = Clip.objects.owned_by(viewer).filter(pk=pk).first()
    if clip is None:
        clip_or_404(viewer, pk)
        raise PermissionDenied(_("Only the author can do that."), code="not_the_author")
    return clip


class ClipsView(APIView):
    parser_classes = (MultiPartParser,)
    throttle_scope = "upload"
    refusals = {"post": (413, 422)}

    @extend_schema(
        operation_id="clip_create",
        request={"multipart/form-data": UploadSerializer},
        responses={202: OpenApiResponse(ClipStatusSerializer, description="Kept; it is being prepared")},
        examples=[
            OpenApiExample(
                "accepted",
                {
                    "id": 42,
                    "state": "processing",
                    "progress": 0,
                    "failure": None,
                    "publish": "at",
                    "publish_at": "2027-02-24T09:00:00Z",
                },
                response_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Publish a clip. It appears when the video is prepared: ask `clips/{id}` for `state` and `progress`.

        With `publish` it is kept as a draft or published at a time instead; its `state` is then `held`."""
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        clip = services.create_clip(author=caller(request), **given.validated_data)
        where = origin(request) + reverse("api:clip", args=[clip.pk])
        return Response(status_json(clip), status=status.HTTP_202_ACCEPTED, headers={"Location": where})


class OwnClipView(APIView):
    """Changing and deleting; `reposts.api.views.ClipView` adds reading."""

    refusals = {"patch": (422,)}

    @extend_schema(
        operation_id="clip_change",
        request=ClipTextsSerializer,
        responses=ClipSerializer,
        examples=[OpenApiExample("no more reposts", {"allow_reposts": "no"}, request_only=True)],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change texts, audience or the repost policy; feeds obey at their next read."""
        clip = own_clip_or_404(request.user, pk)
        given = ClipTextsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.update_clip(clip=clip, **given.validated_data)
        return Response(own_clip_json(clip, request))

    @extend_schema(operation_id="clip_delete", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete one's own clip, for everybody and at once."""
        services.delete_clip(clip=own_clip_or_404(request.user, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


def own_clip_json(clip: Clip, request: Request) -> dict[str, Any]:
    """A clip as its author sees it. Nobody reposts their own clip, so there is no repost to show."""
    view = clip_views(request.user, [clip.pk])[clip.pk]
    own = {"is_author": True, "liked": view.is_liked, "reposted": None}
    return clip_json(view, origin(request), own=own, clip=clip)


class WatchView(APIView):
    @extend_schema(operation_id="clip_watch", request=WatchSerializer, responses=WatchStateSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say how far one watched. Less than before changes nothing, so it is safe to repeat."""
        clip = clip_or_404(request.user, pk)
        given = WatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        report = dict(given.validated_data)
        watch = services.record_watch(viewer=caller(request), clip=clip, via_id=report.pop("via", None), **report)
        return Response({"furthest_ms": watch.furthest_ms, "watched": watch.watched_at is not None})


class AnyMediaType(DefaultContentNegotiation):
    """Players ask for `video/*`, images for `image/*`; the file is what it is, and errors are JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class MediaView(APIView):
    """One clip's file for callers with a token. Not throttled: a player asks for many small ranges."""

    permission_classes = (AllowAny,)
    throttle_classes = ()
    content_negotiation_class = AnyMediaType

    @extend_schema(
        operation_id="clip_media",
        responses={
            (200, "video/mp4", "image/webp", "image/jpeg"): OpenApiTypes.BINARY,
            (206, "video/mp4", "image/webp", "image/jpeg"): OpenApiTypes.BINARY,
            304: None,
            416: OpenApiResponse(description="The range lies outside the file"),
        },
    )
    def get(self, request: Request, pk: int, file: str) -> HttpResponseBase:
        """The bytes of `<short edge>.mp4` or `poster.webp`, with ranges. The addresses are in the clip."""
        return media_views.send(request._request, playable_or_404(request.user, pk), file)
