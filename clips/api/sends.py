"""Sending clips, and the inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.paging import (
    LIST_PARAMETERS,
    decode_cursor,
    encode_cursor,
    next_url,
    page_limit,
    page_of,
    page_response,
)
from accounts.api.people import origin, person_json
from accounts.api.serializers import PersonSerializer
from accounts.api.views import person_or_404
from accounts.models import User
from clips.models import Clip, Send, SendReaction
from clips.sends import inbox, sending
from clips.sends.inbox import Page, SendLine
from clips.sends.sending import Outcome

from .render import MEDIA_PATH
from .serializers import RAW_TEXT_LENGTH


class SendRequestSerializer(serializers.Serializer[Any]):
    to = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=True, max_length=200, help_text="1 to 20 handles."
    )
    text = serializers.CharField(
        max_length=RAW_TEXT_LENGTH, allow_blank=True, required=False, default="", help_text="Up to 280 characters."
    )


class DeliverySerializer(serializers.Serializer[Any]):
    """What came of it for one person. `unavailable` does not tell unknown from hidden or blocked."""

    username = serializers.CharField()
    outcome = serializers.ChoiceField(choices=[(one.value, one.value) for one in Outcome])
    detail = serializers.CharField(help_text="A sentence for the sender.")
    id = serializers.IntegerField(allow_null=True, help_text="Of the sent clip, when it was sent.")


class DeliveriesSerializer(serializers.Serializer[Any]):
    results = DeliverySerializer(many=True)


class SentClipSerializer(serializers.Serializer[Any]):
    """Enough to show and to open it; all of it is at `clips/{id}`."""

    id = serializers.IntegerField()
    author = PersonSerializer()
    caption = serializers.CharField()
    alt_text = serializers.CharField()
    poster = serializers.URLField()
    placeholder = serializers.CharField()
    duration_ms = serializers.IntegerField()


class SendSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    mine = serializers.BooleanField(help_text="The caller sent it.")
    clip = SentClipSerializer(allow_null=True, help_text="Null: not available to the caller (any more).")
    text = serializers.CharField()
    at = serializers.DateTimeField()
    read = serializers.BooleanField()
    reaction = serializers.ChoiceField(choices=SendReaction.choices, allow_blank=True)


class ConversationSerializer(serializers.Serializer[Any]):
    user = PersonSerializer()
    newest = SendSerializer()
    unread = serializers.IntegerField()


class ReadMarkSerializer(serializers.Serializer[Any]):
    up_to = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="The newest one read; absent: all."
    )


class ReadSerializer(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were not read before.")


class ReactionSerializer(serializers.Serializer[Any]):
    reaction = serializers.ChoiceField(choices=SendReaction.choices)


def line_json(line: SendLine, base: str) -> dict[str, Any]:
    clip = line.clip
    return {
        "id": line.id,
        "mine": line.mine,
        "clip": {
            "id": clip.id,
            "author": person_json(clip.author, base),
            "caption": clip.caption,
            "alt_text": clip.alt_text,
            "poster": f"{base}{MEDIA_PATH}/{clip.id}/media/poster.webp",
            "placeholder": clip.placeholder,
            "duration_ms": clip.duration_ms,
        }
        if clip
        else None,
        "text": line.text,
        "at": line.at,
        "read": line.read,
        "reaction": line.reaction,
    }


def _listed(request: Request, read: Callable[..., Page], render: Callable[[Any], dict[str, Any]]) -> Response:
    text = request.query_params.get("cursor")
    page = read(before=decode_cursor(text) if text else None, limit=page_limit(request))
    following = next_url(request, encode_cursor(page.next)) if page.next else None
    return page_response(following, [render(row) for row in page.rows])


class SendView(APIView):
    throttle_scope = "send"
    refusals = {"post": (422,)}

    @extend_schema(
        operation_id="clip_send",
        request=SendRequestSerializer,
        responses={200: OpenApiResponse(DeliveriesSerializer, description="What came of it for each person")},
        examples=[OpenApiExample("to two", {"to": ["ben", "chloe"], "text": "This one!"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Send a clip to up to 20 people who take clips from the caller: mutuals, unless they chose otherwise.

        Who cannot get it is passed over; `outcome` says why as far as that may be told. The same clip and text to the
        same person within ten minutes is sent once."""
        given = SendRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            deliveries = sending.send_clip(sender=caller(request), clip_id=pk, **given.validated_data)
        except Clip.DoesNotExist as error:
            raise Http404 from error
        return Response(
            {
                "results": [
                    {
                        "username": one.username,
                        "outcome": one.outcome.value,
                        "detail": one.detail,
                        "id": one.send.pk if one.send else None,
                    }
                    for one in deliveries
                ]
            }
        )


class InboxView(APIView):
    @extend_schema(
        operation_id="inbox_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("InboxPage", ConversationSerializer, unread=serializers.IntegerField()),
    )
    def get(self, request: Request) -> Response:
        """Conversations, the one with the newest clip first. `unread` counts all that the caller has not read."""
        user, base = caller(request), origin(request)
        response = _listed(
            request,
            lambda **page: inbox.inbox_page(user, **page),
            lambda row: {
                "user": person_json(row.person, base),
                "newest": line_json(row.newest, base),
                "unread": row.unread,
            },
        )
        response.data["unread"] = inbox.unread_count(user)
        return response


def _other(request: Request, username: str) -> User:
    other = person_or_404(request.user, username)
    if other.pk == caller(request).pk:
        raise Http404
    return other


class ThreadView(APIView):
    @extend_schema(
        operation_id="inbox_thread", parameters=LIST_PARAMETERS, responses=page_of("ThreadPage", SendSerializer)
    )
    def get(self, request: Request, username: str) -> Response:
        """What the caller and a person sent each other, the newest first. Reading marks nothing: see `read`."""
        user, other, base = caller(request), _other(request, username), origin(request)
        return _listed(
            request, lambda **page: inbox.thread_page(user, other, **page), lambda line: line_json(line, base)
        )

    @extend_schema(operation_id="inbox_thread_hide", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Take the whole conversation out of one's own side. The other side keeps it."""
        other = User.objects.filter(username=username).first()
        if other is not None:
            sending.hide_conversation(user=caller(request), other=other)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ThreadReadView(APIView):
    @extend_schema(operation_id="inbox_thread_read", request=ReadMarkSerializer, responses=ReadSerializer)
    def post(self, request: Request, username: str) -> Response:
        """Mark what the person sent as read. Safe to repeat."""
        given = ReadMarkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        other = _other(request, username)
        return Response({"read": sending.mark_read(user=caller(request), other=other, **given.validated_data)})


class SentView(APIView):
    @extend_schema(operation_id="inbox_send_hide", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one out of one's own side. 204 also when it is not there."""
        sending.hide(user=caller(request), send_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReactionView(APIView):
    @extend_schema(operation_id="inbox_send_react", request=ReactionSerializer, responses=SendSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Answer what one was sent with a reaction, or change it."""
        given = ReactionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self._react(request, pk, given.validated_data["reaction"])

    @extend_schema(operation_id="inbox_send_unreact", responses=SendSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Take the reaction back."""
        return self._react(request, pk, "")

    def _react(self, request: Request, pk: int, reaction: str) -> Response:
        try:
            send = sending.react(user=caller(request), send_id=pk, reaction=reaction)
        except Send.DoesNotExist as error:
            raise Http404 from error
        return Response(line_json(inbox.line_of(caller(request), send), origin(request)))
