"""The two feeds and the count behind the "new" pill."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.paging import (
    LIST_PARAMETERS,
    MAX_ID,
    next_url,
    page_limit,
    page_of,
    page_response,
    whole_number,
)
from accounts.api.people import origin, person_json
from feeds.assembly import Page, following_page, new_cards
from feeds.cursor import Cursor
from feeds.for_you import for_you_page
from feeds.hydration import hydrate

from .render import cards_json
from .serializers import CardSerializer, NewCardsSerializer

DEFAULT_CARDS = 10

CardPage = page_of(
    "CardPage",
    CardSerializer,
    as_of=serializers.IntegerField(help_text="The snapshot: `since` of `feeds/following/new`."),
)


def _cursor(request: Request) -> Cursor | None:
    """Raises: BadCursor."""
    text = request.query_params.get("cursor")
    return Cursor.decode(text) if text else None


def _answer(request: Request, page: Page, whys: list[str] | None = None) -> Response:
    items = hydrate(request.user, page.cards, whys)
    following = next_url(request, page.next.encode()) if page.next else None
    return page_response(following, cards_json(items, origin(request)), as_of=page.as_of)


class FollowingView(APIView):
    @extend_schema(operation_id="feed_following", parameters=LIST_PARAMETERS, responses=CardPage)
    def get(self, request: Request) -> Response:
        """What the people one follows published and reposted: one card a clip, with all its reasons.

        No clip comes twice and none is skipped while paging, whatever arrives meanwhile."""
        limit = page_limit(request, DEFAULT_CARDS)
        return _answer(request, following_page(caller(request), cursor=_cursor(request), limit=limit))


class ForYouView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="feed_for_you", parameters=LIST_PARAMETERS, responses=CardPage)
    def get(self, request: Request) -> Response:
        """Clips one may like, each with its reason. Callers who are not signed in get fresh and popular ones."""
        limit = page_limit(request, DEFAULT_CARDS)
        page, whys = for_you_page(request.user, cursor=_cursor(request), limit=limit)
        return _answer(request, page, whys)


class NewCardsView(APIView):
    @extend_schema(
        operation_id="feed_following_new",
        parameters=[
            OpenApiParameter(
                "since",
                {"type": "integer", "minimum": 0, "maximum": MAX_ID},
                required=True,
                description="`as_of` of the page on screen.",
            )
        ],
        responses=NewCardsSerializer,
    )
    def get(self, request: Request) -> Response:
        """How many cards came since a snapshot. Cheap: meant to be asked every few seconds."""
        since = whole_number(request.query_params.get("since"), name="since", lowest=0, highest=MAX_ID)
        new = new_cards(caller(request), since=since)
        base = origin(request)
        people = [person_json(who, base) for who in new.people]
        return Response({"count": new.count, "people": people, "as_of": new.as_of})
