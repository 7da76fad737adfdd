"""Reposting and undoing, who reposted what, and clips with the caller's own repost."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.paging import LIST_PARAMETERS, keyset_page, next_url, page_limit, page_of, page_response
from accounts.api.people import origin
from accounts.api.views import person_or_404
from clips.api.serializers import ClipSerializer
from clips.api.talk import SORT_PARAMETER
from clips.api.views import OwnClipView, clip_or_404, own_clip_json
from clips.models import Clip
from clips.tags.selectors import TagPage, tag_named, tag_page
from clips.talk.selectors import sort_of
from reposts.models import Repost
from reposts.selectors import repost_lines
from reposts.services import repost_clip, undo_repost

from .render import clips_json, line_json, repost_json
from .serializers import (
    RepostChangesSerializer,
    RepostLineSerializer,
    RepostSerializer,
    TabEntrySerializer,
)


class ClipView(OwnClipView):
    def get_permissions(self) -> list[BasePermission]:
        reading = self.request is not None and self.request.method in SAFE_METHODS
        return [AllowAny()] if reading else [IsAuthenticated()]

    @extend_schema(operation_id="clip_show", responses=ClipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A clip. Its author finds it here in every state, with the progress of its preparation."""
        own = Clip.objects.owned_by(request.user).filter(pk=pk).first()
        if own is not None and not own.is_live:
            return Response(own_clip_json(own, request))
        clip_or_404(request.user, pk)
        return Response(clips_json(request.user, [pk], origin(request))[pk])


class RepostView(APIView):
    refusals = {"put": (409, 422)}

    @extend_schema(
        operation_id="clip_repost",
        request=RepostChangesSerializer,
        responses={
            200: OpenApiResponse(RepostSerializer, description="The live repost, changed or as it was"),
            201: OpenApiResponse(RepostSerializer, description="Reposted"),
        },
        examples=[
            OpenApiExample(
                "with a comment",
                {"comment": "Watch until the end", "via": 17, "audience": "followers"},
                request_only=True,
            ),
            OpenApiExample("one tap", {}, request_only=True),
        ],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Pass a clip on to one's people, or change comment and audience of the live repost.

        409 tells why the clip cannot be reposted (`own_clip`, `reposts_off`, `comment_required`), 422 that the
        comment is too long (`comment_too_long`)."""
        given = RepostChangesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        try:
            repost, created = repost_clip(
                user=caller(request),
                clip_id=pk,
                comment=wanted.get("comment"),
                via_id=wanted.get("via"),
                audience=wanted.get("audience"),
            )
        except Clip.DoesNotExist as error:
            raise Http404 from error
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(repost_json(repost), status=code)

    @extend_schema(operation_id="clip_repost_undo", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's repost back. 204 also when there is none, whatever became of the clip."""
        undo_repost(user=caller(request), clip_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClipRepostsView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="clip_reposts_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("RepostPage", RepostLineSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Who reposted the clip, with comments, newest first, as far as the caller may see. Others see nobody."""
        clip = clip_or_404(request.user, pk)
        ids, following = keyset_page(request, Repost.objects.visible_to(request.user).filter(clip=clip))
        base = origin(request)
        lines = repost_lines(Repost.objects.filter(pk__in=ids).order_by("-pk"))
        return page_response(following, [line_json(line, base) for line in lines])


class UserClipsView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="user_clips_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("ClipPage", ClipSerializer),
    )
    def get(self, request: Request, username: str) -> Response:
        """A person's published clips, newest first, as far as the caller may see them."""
        author = person_or_404(request.user, username)
        ids, following = keyset_page(
            request, Clip.objects.visible_to(request.user).filter(author=author), by="published_at"
        )
        found = clips_json(request.user, ids, origin(request))
        return page_response(following, [found[pk] for pk in ids if pk in found])


class HashtagClipsView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="hashtag_clips_list",
        parameters=[*LIST_PARAMETERS, SORT_PARAMETER],
        responses=page_of("HashtagClipPage", ClipSerializer),
    )
    def get(self, request: Request, name: str) -> Response:
        """Public clips whose caption carries the hashtag, as far as the caller may see them and does not mute.

        `top`: the best of the 500 newest; `newest`: by the time of publication."""
        sort, cursor = sort_of(request.query_params.get("sort")), request.query_params.get("cursor", "")
        limit = page_limit(request)
        tag = tag_named(name)
        page = tag_page(tag, request.user, sort=sort, cursor=cursor, limit=limit) if tag else TagPage()
        found = clips_json(request.user, page.clip_ids, origin(request))
        following = next_url(request, page.next, "sort") if page.next else None
        return page_response(following, [found[pk] for pk in page.clip_ids if pk in found])


class UserRepostsView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="user_reposts_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("RepostsTabPage", TabEntrySerializer),
    )
    def get(self, request: Request, username: str) -> Response:
        """The Reposts tab of a profile. It is empty for callers whom the tab or the reposts do not include."""
        owner = person_or_404(request.user, username)
        ids, following = keyset_page(request, Repost.objects.on_tab_of(owner, request.user))
        base = origin(request)
        lines = repost_lines(Repost.objects.filter(pk__in=ids).order_by("-pk"))
        clips = clips_json(request.user, [line.clip_id for line in lines], base)
        return page_response(
            following,
            [{**line_json(line, base), "clip": clips[line.clip_id]} for line in lines if line.clip_id in clips],
        )
