"""One's own tokens, browsers and security log."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import mfa, security, sessions, tokens
from accounts.models import SecurityEvent, SecurityKind, TokenLabel

from .authentication import caller
from .paging import LIST_PARAMETERS, keyset_page, page_of, page_response


class TokenRowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How the token begins.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="Exact to ten minutes.")
    expires_at = serializers.DateTimeField(allow_null=True)
    is_current = serializers.BooleanField(help_text="The token of this very request.")


class SessionRowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    device = serializers.CharField(allow_blank=True, help_text="Browser and system, as they say; can be empty.")
    network = serializers.CharField(allow_blank=True, help_text="The address without its last part.")
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(help_text="Exact to ten minutes.")
    is_current = serializers.BooleanField()


class SecurityEventSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SecurityKind.choices)
    at = serializers.DateTimeField()
    device = serializers.CharField(allow_blank=True)
    network = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class SecuritySerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(allow_null=True, help_text="The confirmed address.")
    mfa = serializers.BooleanField(help_text="Whether a password alone does not sign in.")


class SecurityView(APIView):
    @extend_schema(operation_id="security_show", responses=SecuritySerializer)
    def get(self, request: Request) -> Response:
        """How the account is protected."""
        user = caller(request)
        return Response({"email": security.confirmed_address(user) or None, "mfa": mfa.has_mfa(user)})


class TokensView(APIView):
    @extend_schema(
        operation_id="tokens_list", parameters=LIST_PARAMETERS, responses=page_of("TokenPage", TokenRowSerializer)
    )
    def get(self, request: Request) -> Response:
        """One's own living API tokens, newest first. The secret texts are not known to the server."""
        ids, following = keyset_page(request, tokens.living(caller(request)))
        current = request.auth if isinstance(request.auth, AuthToken) else None
        rows = tokens.list_tokens(TokenLabel.objects.filter(pk__in=ids), current)
        return page_response(
            following,
            TokenRowSerializer(rows, many=True).data,
        )


class OwnTokenView(APIView):
    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke one of one's own tokens. 204 also when it is gone already."""
        tokens.revoke_token(user=caller(request), token_id=pk, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionsView(APIView):
    @extend_schema(operation_id="sessions_list", responses=page_of("SessionPage", SessionRowSerializer), parameters=[])
    def get(self, request: Request) -> Response:
        """The browsers that are signed in to one's account: at most 100, on one page."""
        rows = sessions.list_sessions(caller(request), request._request.session.session_key)
        return page_response(None, SessionRowSerializer(rows, many=True).data)

    @extend_schema(operation_id="sessions_end_others", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out every browser but the calling one (all of them, for a caller with a token)."""
        key = request._request.session.session_key if request.auth is None else None
        sessions.end_others(user=caller(request), keep_key=key, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionView(APIView):
    @extend_schema(operation_id="sessions_end", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Sign one browser out. 204 also when it is gone already."""
        sessions.end_session(user=caller(request), session_id=pk, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SecurityEventsView(APIView):
    @extend_schema(
        operation_id="security_events_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("SecurityEventPage", SecurityEventSerializer),
    )
    def get(self, request: Request) -> Response:
        """What happened to the safety of one's account, newest first; kept for a year."""
        ids, following = keyset_page(request, SecurityEvent.objects.filter(user=caller(request)))
        rows = SecurityEvent.objects.filter(pk__in=ids).order_by("-pk")
        return page_response(following, SecurityEventSerializer(rows, many=True).data)
