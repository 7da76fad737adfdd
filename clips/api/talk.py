"""Likes, comments, replies, who liked, and hashtags as JSON. Clips of a hashtag are in `reposts.api`."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.paging import LIST_PARAMETERS, next_url, page_limit, page_of, page_response
from accounts.api.people import origin, person_json
from accounts.api.serializers import PersonSerializer
from clips.models import Clip, Comment
from clips.tags import selectors as tags
from clips.talk import comments, likes, selectors

from .serializers import RAW_TEXT_LENGTH
from .views import clip_or_404

SORT_PARAMETER = OpenApiParameter(
    "sort",
    {"type": "string", "enum": list(selectors.SORTS)},
    description="`top` (by likes, the default) or `newest`.",
)


# --- What comes in and goes out -----------------------------------------------------------------------


class CommentTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=RAW_TEXT_LENGTH, allow_blank=True, help_text="Up to 500 characters after cleaning."
    )


class NewCommentSerializer(CommentTextSerializer):
    parent = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        allow_null=True,
        required=False,
        help_text="The comment, or reply, that is answered. Threads are one level deep.",
    )


class CommentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    clip = serializers.IntegerField(help_text="The clip's id.")
    parent = serializers.IntegerField(allow_null=True, help_text="The comment that began the thread.")
    author = PersonSerializer()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="`likes` and `replies`.")
    pinned = serializers.BooleanField()
    by_author = serializers.BooleanField(help_text="Written by the clip's author.")
    liked_by_author = serializers.BooleanField()
    own = serializers.DictField(
        child=serializers.BooleanField(),
        help_text="Of the caller: `is_writer`, `liked`, `may_edit`, `may_delete`, `may_pin`.",
    )


class LikeStateSerializer(serializers.Serializer[Any]):
    liked = serializers.BooleanField()
    likes = serializers.IntegerField(help_text="Of the clip or comment, now.")


class LikerSerializer(serializers.Serializer[Any]):
    user = PersonSerializer()
    at = serializers.DateTimeField()


class HashtagSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="The folded name, without the sign.")
    clips = serializers.IntegerField(help_text="Of them the caller may see so many.")
    more = serializers.BooleanField(help_text="There are more: counting stops at 1,000.")
    url = serializers.URLField(help_text="Its page.")


def comment_json(comment: selectors.CommentView, base: str) -> dict[str, Any]:
    return {
        "id": comment.id,
        "clip": comment.clip_id,
        "parent": comment.parent_id,
        "author": person_json(comment.author, base),
        "text": comment.text,
        "at": comment.at,
        "edited_at": comment.edited_at,
        "counts": {"likes": comment.like_count, "replies": comment.reply_count},
        "pinned": comment.is_pinned,
        "by_author": comment.is_by_author,
        "liked_by_author": comment.liked_by_author,
        "own": {
            "is_writer": comment.is_own,
            "liked": comment.is_liked,
            "may_edit": comment.may_edit,
            "may_delete": comment.may_delete,
            "may_pin": comment.may_pin,
        },
    }


def comment_or_404(request: Request, pk: int) -> Comment:
    """A comment that the caller may see. Raises: Http404, for hidden and unknown ones alike."""
    comment = Comment.objects.visible_to(request.user).select_related("clip").filter(pk=pk).first()
    if comment is None:
        raise Http404
    return comment


def _shown(request: Request, pk: int) -> dict[str, Any]:
    view = selectors.comment_views(Comment.objects.visible_to(request.user).filter(pk=pk), request.user)
    if not view:
        raise Http404
    return comment_json(view[0], origin(request))


# --- Views --------------------------------------------------------------------------------------------


class _TalkView(APIView):
    """Writing has a scope of its own; reading is for everyone who sees the clip."""

    writing_scope = "comment"
    open_to_all = True

    def get_throttles(self) -> list[BaseThrottle]:
        reading = self.request is not None and self.request.method in SAFE_METHODS
        self.throttle_scope = None if reading else self.writing_scope
        return super().get_throttles()

    def get_permissions(self) -> list[BasePermission]:
        reading = self.request is not None and self.request.method in SAFE_METHODS
        return [AllowAny()] if reading and self.open_to_all else [IsAuthenticated()]


class ClipLikeView(_TalkView):
    writing_scope = "like"

    @extend_schema(operation_id="clip_like", request=None, responses=LikeStateSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Like a clip. Repeating it changes nothing."""
        try:
            likes.like_clip(user=caller(request), clip_id=pk)
        except Clip.DoesNotExist as error:
            raise Http404 from error
        count = Clip.objects.values_list("like_count", flat=True).get(pk=pk)
        return Response({"liked": True, "likes": count})

    @extend_schema(operation_id="clip_unlike", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's like back. 204 also when there is none, whatever became of the clip."""
        likes.unlike_clip(user=caller(request), clip_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClipLikesView(APIView):
    refusals = {"get": (403,)}

    @extend_schema(
        operation_id="clip_likes_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("LikesPage", LikerSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Who likes one's own clip, newest first. Of others' clips nobody is told (`not_the_author`)."""
        clip = clip_or_404(request.user, pk)
        if clip.author_id != request.user.pk:
            raise PermissionDenied(_("Only the author can do that."), code="not_the_author")
        cursor, limit = request.query_params.get("cursor", ""), page_limit(request)
        page = selectors.likers_page(clip, caller(request), cursor=cursor, limit=limit)
        base = origin(request)
        found = [{"user": person_json(row.person, base), "at": row.at} for row in page.likers]
        return page_response(next_url(request, page.next) if page.next else None, found)


class CommentsView(_TalkView):
    refusals = {"post": (409, 422)}

    @extend_schema(
        operation_id="clip_comments_list",
        parameters=[*LIST_PARAMETERS, SORT_PARAMETER],
        responses=page_of(
            "CommentPage", CommentSerializer, count=serializers.IntegerField(help_text="Standing comments and replies.")
        ),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Comments on a clip, the pinned one first, as far as their writers reach the caller.

        `newest` neither doubles nor skips; in `top` a comment that gains likes meanwhile may do either."""
        clip = clip_or_404(request.user, pk)
        page = selectors.comments_page(
            clip,
            request.user,
            sort=selectors.sort_of(request.query_params.get("sort")),
            cursor=request.query_params.get("cursor", ""),
            limit=page_limit(request),
        )
        return _page(request, page, count=clip.comment_count)

    @extend_schema(
        operation_id="comment_create",
        request=NewCommentSerializer,
        responses={
            200: OpenApiResponse(CommentSerializer, description="The same words were posted just now: that comment"),
            201: OpenApiResponse(CommentSerializer, description="Posted"),
        },
        examples=[
            OpenApiExample("a comment", {"text": "What a light!"}, request_only=True),
            OpenApiExample("a reply", {"text": "@ana Where is this?", "parent": 17}, request_only=True),
        ],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write a comment or a reply. A reply to a reply hangs under the same comment.

        409 tells why one may not (`comments_closed`, `comments_limited`), 422 that the text is at fault
        (`comment_empty`, `comment_too_long`), 404 also that the parent is gone."""
        given = NewCommentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            comment, created = comments.post_comment(
                user=caller(request),
                clip_id=pk,
                text=given.validated_data["text"],
                parent_id=given.validated_data.get("parent"),
            )
        except (Clip.DoesNotExist, Comment.DoesNotExist) as error:
            raise Http404 from error
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        where = origin(request) + reverse("api:comment", args=[comment.pk])
        return Response(_shown(request, comment.pk), status=code, headers={"Location": where})


def _page(request: Request, page: selectors.CommentPage, **more: Any) -> Response:
    base = origin(request)
    found = [comment_json(comment, base) for comment in page.comments]
    return page_response(next_url(request, page.next, "sort") if page.next else None, found, **more)


class CommentView(_TalkView):
    refusals = {"patch": (409, 422)}

    @extend_schema(operation_id="comment_show", responses=CommentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_shown(request, pk))

    @extend_schema(operation_id="comment_change", request=CommentTextSerializer, responses=CommentSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one's own comment within 15 minutes; it is marked as edited."""
        comment_or_404(request, pk)
        given = CommentTextSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            comments.edit_comment(user=caller(request), comment_id=pk, text=given.validated_data["text"])
        except Comment.DoesNotExist as error:
            raise Http404 from error
        return Response(_shown(request, pk))

    @extend_schema(operation_id="comment_delete", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete one's own comment, or any on one's own clip; replies go with it. Repeating it answers 204 again,
        until it is erased after a day."""
        try:
            comments.delete_comment(user=caller(request), comment_id=pk)
        except Comment.DoesNotExist as error:
            raise Http404 from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class CommentRestoreView(_TalkView):
    refusals = {"post": (409,)}

    @extend_schema(operation_id="comment_restore", request=None, responses=CommentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Undo one's deletion of a comment, within an hour (else 409 `not_restorable`)."""
        try:
            comments.restore_comment(user=caller(request), comment_id=pk)
        except Comment.DoesNotExist as error:
            raise Http404 from error
        return Response(_shown(request, pk))


class RepliesView(_TalkView):
    @extend_schema(
        operation_id="comment_replies_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("ReplyPage", CommentSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Replies to a comment, oldest first."""
        comment = comment_or_404(request, pk)
        cursor, limit = request.query_params.get("cursor", ""), page_limit(request)
        return _page(request, selectors.replies_page(comment.pk, request.user, cursor=cursor, limit=limit))


class CommentLikeView(_TalkView):
    writing_scope = "like"

    @extend_schema(operation_id="comment_like", request=None, responses=LikeStateSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Like a comment. Repeating it changes nothing."""
        try:
            likes.like_comment(user=caller(request), comment_id=pk)
        except Comment.DoesNotExist as error:
            raise Http404 from error
        count = Comment.objects.values_list("like_count", flat=True).get(pk=pk)
        return Response({"liked": True, "likes": count})

    @extend_schema(operation_id="comment_unlike", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's like back. 204 also when there is none, whatever became of the comment."""
        likes.unlike_comment(user=caller(request), comment_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CommentPinView(_TalkView):
    refusals = {"put": (409,)}

    @extend_schema(operation_id="comment_pin", request=None, responses=CommentSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Put a comment on one's own clip above the others, in place of the one that was there."""
        return self._set(request, pk, pinned=True)

    @extend_schema(operation_id="comment_unpin", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it down again. Repeating it changes nothing."""
        self._set(request, pk, pinned=False)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _set(self, request: Request, pk: int, *, pinned: bool) -> Response:
        try:
            comments.pin_comment(user=caller(request), comment_id=pk, pinned=pinned)
        except Comment.DoesNotExist as error:
            raise Http404 from error
        return Response(_shown(request, pk))


class HashtagView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="hashtag_show", responses=HashtagSerializer)
    def get(self, request: Request, name: str) -> Response:
        """A hashtag, in whatever spelling. One that no clip of the caller's world carries has 0 clips."""
        tag = tags.tag_named(name)
        head = tags.tag_head(tag, request.user) if tag else tags.TagHead(name, 0, False)
        url = origin(request) + reverse("clips:hashtag", args=[name])
        return Response({"name": head.name, "clips": head.count, "more": head.more, "url": url})
