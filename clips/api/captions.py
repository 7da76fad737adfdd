"""A clip's captions in one language."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.people import origin
from clips import media_views
from clips.captions import languages, tracks, webvtt
from clips.captions.webvtt import Cue
from clips.models import CaptionTrack, Clip

from .render import MEDIA_PATH
from .serializers import CaptionsSerializer, CaptionTrackSerializer
from .views import AnyMediaType, own_clip_or_404, playable_or_404


class CaptionsView(APIView):
    refusals = {"put": (409, 422)}

    def get_permissions(self) -> list[BasePermission]:
        reading = self.request is not None and self.request.method in SAFE_METHODS
        return [AllowAny()] if reading else [IsAuthenticated()]

    def get_content_negotiator(self) -> BaseContentNegotiation:
        # Players ask for text/vtt; errors are JSON all the same.
        reading = self.request is not None and self.request.method in SAFE_METHODS
        return AnyMediaType() if reading else super().get_content_negotiator()

    @extend_schema(
        operation_id="clip_captions_show",
        responses={(200, "text/vtt"): OpenApiTypes.STR, 304: None},
    )
    def get(self, request: Request, pk: int, language: str) -> HttpResponseBase:
        """The captions as WebVTT, for whoever may see the clip."""
        return media_views.send_captions(request._request, playable_or_404(request.user, pk), language)

    @extend_schema(
        operation_id="clip_captions_put",
        request=CaptionsSerializer,
        responses={
            200: OpenApiResponse(CaptionTrackSerializer, description="Replaced"),
            201: OpenApiResponse(CaptionTrackSerializer, description="Added"),
        },
        examples=[
            OpenApiExample(
                "a file", {"content": "WEBVTT\n\n00:00.500 --> 00:02.000\nHello from the sea\n"}, request_only=True
            ),
            OpenApiExample(
                "cues", {"cues": [{"start_ms": 500, "end_ms": 2000, "text": "Hello from the sea"}]}, request_only=True
            ),
        ],
    )
    def put(self, request: Request, pk: int, language: str) -> Response:
        """Add or replace the captions of one's own clip in a language (a BCP 47 tag).

        422 `captions_refused` says what is wrong in which line (of the file) or cue (counted from 1)."""
        clip = own_clip_or_404(request.user, pk)
        tracks.check_prepared(clip)
        given = CaptionsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        track, created = tracks.put_track(clip=clip, language=language, cues=_cues(given.validated_data, clip))
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(track_json(track, origin(request)), status=code)

    @extend_schema(operation_id="clip_captions_delete", responses={204: None})
    def delete(self, request: Request, pk: int, language: str) -> Response:
        """Remove the captions in this language. 204 also when there are none."""
        tracks.delete_track(clip=own_clip_or_404(request.user, pk), language=language)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _cues(given: dict[str, Any], clip: Clip) -> list[Cue]:
    """Raises: CaptionsRefused."""
    if "content" in given:
        return webvtt.parse(given["content"], duration_ms=clip.duration_ms)
    cues = [
        (number, Cue(cue["start_ms"], cue["end_ms"], webvtt.safe_text(cue["text"], escaped=False)))
        for number, cue in enumerate(given["cues"][: webvtt.MAX_CUES + 1], start=1)
    ]
    return webvtt.checked(cues, duration_ms=clip.duration_ms, problems=[])


def track_json(track: CaptionTrack, base: str) -> dict[str, Any]:
    return {
        "language": track.language,
        "label": languages.label(track.language),
        "url": f"{base}{MEDIA_PATH}/{track.clip_id}/captions/{track.language}",
        "cue_count": track.cue_count,
        "updated_at": track.updated_at,
    }
