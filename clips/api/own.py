"""One's own clips in every state, and when they are published."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.paging import LIST_PARAMETERS, keyset_page, page_of, page_response
from accounts.api.people import origin
from clips import publication
from clips.models import Clip, Plan
from clips.querysets import STAGES
from clips.selectors import clip_views

from .render import clip_json
from .serializers import ClipSerializer, PublishSerializer
from .views import own_clip_json, own_clip_or_404

OWN = {"is_author": True, "reposted": None}  # nobody reposts their own clip


class OwnClipsView(APIView):
    @extend_schema(
        operation_id="me_clips_list",
        parameters=[
            *LIST_PARAMETERS,
            OpenApiParameter(
                "stage", {"type": "string", "enum": list(STAGES)}, description="Only those at this stage."
            ),
        ],
        responses=page_of("OwnClipPage", ClipSerializer),
    )
    def get(self, request: Request) -> Response:
        """One's own clips in every state, newest upload first: also drafts and scheduled ones."""
        stage = request.query_params.get("stage", "")
        if stage and stage not in STAGES:
            fault = ErrorDetail(_("One of: %(names)s.") % {"names": ", ".join(STAGES)}, "invalid_choice")
            raise ValidationError({"stage": fault})
        ids, following = keyset_page(request, Clip.objects.owned_by(request.user).in_stage(stage))
        clips = Clip.objects.in_bulk(ids)
        views = clip_views(request.user, ids)
        base = origin(request)
        shown = [
            clip_json(views[pk], base, own=OWN | {"liked": views[pk].is_liked}, clip=clips[pk])
            for pk in ids
            if pk in views and pk in clips
        ]
        return page_response(following, shown)


class PublishView(APIView):
    refusals = {"post": (409, 422)}

    @extend_schema(
        operation_id="clip_publish",
        request=PublishSerializer,
        responses=ClipSerializer,
        examples=[
            OpenApiExample("at a time", {"publish": "at", "publish_at": "2027-02-24T09:00:00Z"}, request_only=True),
            OpenApiExample("now", {}, request_only=True),
        ],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Publish a draft, schedule it, move its time, or make it a draft again. Safe to repeat.

        409 `already_published` when a draft or a time comes too late, 422 `bad_schedule` for a time that is not
        5 minutes to 60 days ahead."""
        clip = own_clip_or_404(request.user, pk)
        given = PublishSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        clip = publication.plan_clip(clip=clip, plan=wanted.get("publish", Plan.NOW), at=wanted.get("publish_at"))
        return Response(own_clip_json(clip, request))
