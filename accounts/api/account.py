"""The account itself in the API: its handle, its exports, and the ways out."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import departures, exports, handles, recent
from accounts.models import Departure, Export, ExportState, User

from .authentication import caller, sign_in
from .paging import LIST_PARAMETERS, keyset_page, page_of, page_response
from .people import origin
from .serializers import PASSWORD_LENGTH, TokenRequestSerializer, TokenSerializer


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


class ConfirmationSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(
        max_length=PASSWORD_LENGTH,
        trim_whitespace=False,
        write_only=True,
        required=False,
        allow_blank=True,
        help_text="Not needed with a token that is no older than 15 minutes.",
    )


class LeavingSerializer(serializers.Serializer[Any]):
    erase_at = serializers.DateTimeField(help_text="Until then `POST me/restore` calls it off.")


def confirmed_caller(request: Request) -> User:
    """The caller, who has just shown that it is really them. Raises: ConfirmationRequired, WrongPassword."""
    user = caller(request)
    given = ConfirmationSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    token = request.auth if isinstance(request.auth, AuthToken) else None
    password = given.validated_data.get("password", "")
    recent.confirm(user=user, password=password, request=request._request, token=token)
    return user


def leaving_json(departure: Departure) -> dict[str, Any]:
    return {"erase_at": departure.erase_at}


class PauseView(APIView):
    refusals = {"post": (409,)}

    @extend_schema(operation_id="me_pause", request=ConfirmationSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Deactivate: hidden from everyone and signed out everywhere until the next sign-in. Nothing is deleted."""
        departures.pause_account(user=confirmed_caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RestoreView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "sign_in"
    refusals = {"post": (401, 409)}

    @extend_schema(
        operation_id="me_restore",
        auth=[],
        request=TokenRequestSerializer,
        responses=OpenApiResponse(TokenSerializer, description="The account is back, and this is a token for it"),
    )
    def post(self, request: Request) -> Response:
        """Call the deletion of an account off and sign in, with what `POST auth/token` takes."""
        given = TokenRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token, secret = sign_in(request, restoring=True, **given.validated_data)
        return Response({"token": secret, "expires_at": token.expiry})


class ExportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ExportState.choices)
    progress = serializers.IntegerField(min_value=0, max_value=100)
    requested_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="The file is deleted then.")
    bytes = serializers.IntegerField(min_value=0)
    failure = serializers.CharField(allow_null=True, help_text="`storage_full`, `storage` or `gave_up`.")
    file = serializers.URLField(allow_null=True, help_text="Null unless it is ready.")


def export_json(export: Export, base: str) -> dict[str, Any]:
    is_ready = export.state == ExportState.READY
    return {
        "id": export.pk,
        "state": export.state,
        "progress": export.progress,
        "requested_at": export.requested_at,
        "ready_at": export.ready_at,
        "expires_at": export.expires_at,
        "bytes": export.bytes,
        "failure": export.failure_code or None,
        "file": f"{base}/api/v1/me/exports/{export.pk}/file" if is_ready else None,
    }


class ExportsView(APIView):
    refusals = {"post": (429,)}

    @extend_schema(
        operation_id="me_exports", parameters=LIST_PARAMETERS, responses=page_of("ExportPage", ExportSerializer)
    )
    def get(self, request: Request) -> Response:
        """One's own exports, newest first."""
        ids, following = keyset_page(request, Export.objects.filter(user=caller(request)))
        base = origin(request)
        rows = Export.objects.filter(pk__in=ids).order_by("-pk")
        return page_response(following, [export_json(export, base) for export in rows])

    @extend_schema(operation_id="me_export_create", request=None, responses={202: ExportSerializer})
    def post(self, request: Request) -> Response:
        """Have a ZIP made with everything one has put in. While one is under way, that one is the answer."""
        export, _created = exports.request_export(user=caller(request))
        return Response(export_json(export, origin(request)), status=status.HTTP_202_ACCEPTED)


class ExportView(APIView):
    @extend_schema(operation_id="me_export", responses=ExportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How far an export is."""
        export = Export.objects.filter(user=caller(request), pk=pk).first()
        if export is None:
            raise Http404
        return Response(export_json(export, origin(request)))


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
