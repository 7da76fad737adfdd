"""Follow, block, mute and follow requests. PUT and DELETE are safe to repeat.

DELETE answers 204 whether or not there was an edge, and whether or not there is such a person: afterwards there
is no edge, and nobody learns from the answer who exists and who hides.
"""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import handles, services
from accounts.models import Follow, User
from accounts.selectors import Person, relation

from .authentication import caller
from .paging import LIST_PARAMETERS, keyset_page, page_of, page_response
from .people import origin, person_json, relation_json
from .serializers import FollowChoicesSerializer, FollowRequestSerializer, MuteSerializer, RelationSerializer
from .views import person_or_404


def _anybody(username: str) -> User | None:
    """The person with this handle, or who had it before: what one takes back is taken back under either."""
    return User.objects.filter(username=username).first() or handles.former_holder(username)


def _standing(request: Request, user: User) -> Response:
    """How the caller stands to `user` now: what every PUT of an edge answers."""
    return Response(relation_json(relation(request.user, user)))


def _gone() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)


class FollowView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(
        operation_id="user_follow",
        request=FollowChoicesSerializer,
        responses=RelationSerializer,
        examples=[OpenApiExample("no reposts", {"show_reposts": False}, request_only=True)],
    )
    def put(self, request: Request, username: str) -> Response:
        """Follow; a private account is asked first (`requested`). Repeat it to change `show_reposts`."""
        user = person_or_404(request.user, username)
        given = FollowChoicesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.follow_user(follower=caller(request), followee=user, **given.validated_data)
        return _standing(request, user)

    @extend_schema(operation_id="user_unfollow", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Unfollow, or withdraw the request."""
        if user := _anybody(username):
            services.unfollow_user(follower=caller(request), followee=user)
        return _gone()


class BlockView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(operation_id="user_block", request=None, responses=RelationSerializer)
    def put(self, request: Request, username: str) -> Response:
        """Block: both are hidden from each other everywhere, and every follow between them ends."""
        user = _anybody(username)
        # One's own block hides the person too; repeating it must still work.
        if user is None or not caller(request).blocks_made.filter(blocked=user).exists():
            user = person_or_404(request.user, username)
        services.block_user(blocker=caller(request), blocked=user)
        return _standing(request, user)

    @extend_schema(operation_id="user_unblock", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Take one's own block back. Follows do not come back with it."""
        if user := _anybody(username):
            services.unblock_user(blocker=caller(request), blocked=user)
        return _gone()


class MuteView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(
        operation_id="user_mute",
        request=MuteSerializer,
        responses=RelationSerializer,
        examples=[
            OpenApiExample(
                "reposts, for a while",
                {"scope": "reposts", "until": "2030-01-01T00:00:00Z"},
                request_only=True,
            )
        ],
    )
    def put(self, request: Request, username: str) -> Response:
        """Keep a person, or only their reposts, out of one's feeds. The other side is not told."""
        user = person_or_404(request.user, username)
        given = MuteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.mute_user(muter=caller(request), muted=user, **given.validated_data)
        return _standing(request, user)

    @extend_schema(operation_id="user_unmute", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Unmute."""
        if user := _anybody(username):
            services.unmute_user(muter=caller(request), muted=user)
        return _gone()


class FollowRequestsView(APIView):
    @extend_schema(
        operation_id="follow_requests_list",
        parameters=LIST_PARAMETERS,
        responses=page_of("FollowRequestPage", FollowRequestSerializer),
    )
    def get(self, request: Request) -> Response:
        """People who wait for an answer, newest first."""
        waiting = Follow.objects.pending().filter(followee=caller(request), follower__is_active=True)
        ids, following = keyset_page(request, waiting)
        rows = Follow.objects.filter(pk__in=ids).order_by("-pk")
        base = origin(request)
        return page_response(
            following,
            [
                {"user": person_json(Person(pk, username, name, avatar), base), "requested_at": at}
                for at, pk, username, name, avatar in rows.values_list(
                    "created_at",
                    "follower_id",
                    "follower__username",
                    "follower__display_name",
                    "follower__avatar",
                )
            ],
        )


class FollowRequestView(APIView):
    @extend_schema(operation_id="follow_request_accept", request=None, responses=RelationSerializer)
    def put(self, request: Request, username: str) -> Response:
        """Accept. Accepting twice is one acceptance."""
        follower = person_or_404(request.user, username)
        services.accept_follow_request(user=caller(request), follower=follower)
        return _standing(request, follower)

    @extend_schema(operation_id="follow_request_refuse", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Refuse. An accepted follower stays one."""
        if follower := _anybody(username):
            services.refuse_follow_request(user=caller(request), follower=follower)
        return _gone()
