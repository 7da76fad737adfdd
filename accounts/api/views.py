"""Tokens, sign-up, one's own profile and other people's."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import departures
from accounts.models import User
from accounts.registration import register_account
from accounts.services import update_profile

from .account import ConfirmationSerializer, LeavingSerializer, confirmed_caller, leaving_json
from .authentication import BearerAuthentication, caller, sign_in
from .people import me_json, origin, profile_json
from .serializers import (
    MeChangesSerializer,
    MeSerializer,
    ProfileSerializer,
    SignUpSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)


def person_or_404(viewer: User | AnonymousUser, username: str) -> User:
    """A person whose profile `viewer` may open. Raises: Http404, for hidden and unknown people alike."""
    user = User.objects.visible_to(viewer).filter(username=username).first()
    if user is None:
        raise Http404
    return user


class TokenView(APIView):
    throttle_scope = "sign_in"
    refusals = {"post": (401,)}

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Signing in asks for no identity: an expired token in the header must not be in the way.
        deleting = self.request is not None and self.request.method == "DELETE"
        return [BearerAuthentication()] if deleting else []

    def get_permissions(self) -> list[BasePermission]:
        deleting = self.request is not None and self.request.method == "DELETE"
        return [IsAuthenticated()] if deleting else [AllowAny()]

    @extend_schema(
        operation_id="token_create",
        auth=[],
        request=TokenRequestSerializer,
        responses=OpenApiResponse(TokenSerializer, description="Signed in"),
        examples=[
            OpenApiExample("ana", {"username": "ana", "password": "demo"}, request_only=True),
            OpenApiExample("token", {"token": "5f0c…", "expires_at": "2027-02-24T09:00:00Z"}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Sign in: exchange handle and password for a token that expires and can be revoked.

        An account with two-step sign-in also needs a `code`: without one the answer is 401 `mfa_required`."""
        given = TokenRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token, secret = sign_in(request, **given.validated_data)
        return Response({"token": secret, "expires_at": token.expiry})

    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out: the token of this request ends at once."""
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class AccountsView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "sign_up"

    @extend_schema(
        operation_id="account_create",
        auth=[],
        request=SignUpSerializer,
        responses={201: MeSerializer},
        examples=[
            OpenApiExample(
                "new account",
                {"username": "dora", "password": "correct horse battery", "birth_date": "1999-12-31"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Sign up. The same rules as on the site: the handle, the password, the minimum age."""
        given = SignUpSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = register_account(**given.validated_data)
        return Response(me_json(user, origin(request)), status=status.HTTP_201_CREATED)


class MeView(APIView):
    refusals = {"delete": (403, 409)}

    @extend_schema(operation_id="me_show", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Own profile and settings."""
        return Response(me_json(caller(request), origin(request)))

    @extend_schema(operation_id="me_change", request=MeChangesSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change own profile and settings; what is not sent stays."""
        given = MeChangesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = update_profile(user=caller(request), **given.validated_data)
        return Response(me_json(user, origin(request)))

    @extend_schema(operation_id="me_delete", request=ConfirmationSerializer, responses={202: LeavingSerializer})
    def delete(self, request: Request) -> Response:
        """Have one's account deleted: hidden from everyone and signed out at once, erased at `erase_at`.

        Needs the password in the body, or a token no older than 15 minutes. `POST me/restore` calls it off."""
        user = confirmed_caller(request)
        return Response(leaving_json(departures.request_deletion(user=user)), status=status.HTTP_202_ACCEPTED)


class ProfileView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="user_show", responses=ProfileSerializer)
    def get(self, request: Request, username: str) -> Response:
        """A person's profile. In a block, either way, there is nobody here."""
        user = person_or_404(request.user, username)
        return Response(profile_json(request.user, user, origin(request)))
