"""The account itself in the API: its handle, its exports, and the ways out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import handles
from accounts.models import User

from .authentication import caller


class FormerHandleSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    reserved_until = serializers.DateTimeField(help_text="Until then nobody else can take it.")


class HandleStateSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    former = FormerHandleSerializer(many=True, help_text="Earlier handles that lead on to the caller.")
    changes_left = serializers.IntegerField(min_value=0)
    next_change_at = serializers.DateTimeField(allow_null=True, help_text="Null while a change is possible.")


class HandleSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=60)


def _state_json(user: User) -> dict[str, Any]:
    state = handles.handle_state(user)
    return {
        "username": state.username,
        "former": [{"username": row.handle, "reserved_until": row.reserved_until} for row in state.former],
        "changes_left": state.changes_left,
        "next_change_at": state.next_change_at,
    }


class HandleView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(operation_id="me_handle", responses=HandleStateSerializer)
    def get(self, request: Request) -> Response:
        """One's own handle, earlier ones, and how often it may still change."""
        return Response(_state_json(caller(request)))

    @extend_schema(
        operation_id="me_handle_change",
        request=HandleSerializer,
        responses=HandleStateSerializer,
        examples=[OpenApiExample("new handle", {"username": "ana.b"}, request_only=True)],
    )
    def put(self, request: Request) -> Response:
        """Change one's handle. The old one leads on to the new one; the same handle again changes nothing."""
        given = HandleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            _state_json(handles.change_handle(user=caller(request), handle=given.validated_data["username"]))
        )
