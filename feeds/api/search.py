"""Search, and what the caller searched for lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.paging import MAX_LIMIT, BadPageCursor, next_url, page_limit, page_of, page_response
from accounts.api.people import origin, person_json, relation_json
from accounts.api.serializers import PersonSerializer, RelationSerializer
from accounts.listings import PersonRow
from clips.api.serializers import ClipSerializer
from clips.models import Hashtag
from clips.selectors import ClipView
from feeds.search import clips, people, recent, tags
from feeds.search.paging import Cursor
from reposts.api.render import clips_json

TYPES = ("top", "people", "clips", "tags")
RAW_QUERY_LENGTH = 1_000  # characters; the first 100 are read
TOP = {"people": 3, "tags": 3}  # of a `top` page, the rest are clips


class SearchQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=RAW_QUERY_LENGTH, allow_blank=True)
    type = serializers.ChoiceField(choices=TYPES, default="top")
    cursor = serializers.CharField(required=False, allow_blank=True, max_length=200)


class TagSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Without its sign, folded: as its address has it.")


class FoundPersonSerializer(PersonSerializer):
    relation = RelationSerializer(allow_null=True, help_text="Null for callers who are not signed in.")


class SearchResultSerializer(serializers.Serializer[Any]):
    """One of `person`, `clip` and `tag` is there, the others are null."""

    type = serializers.ChoiceField(choices=("person", "clip", "tag"))
    person = FoundPersonSerializer(allow_null=True)
    clip = ClipSerializer(allow_null=True)
    tag = TagSerializer(allow_null=True)


class RecentSearchSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    query = serializers.CharField()
    searched_at = serializers.DateTimeField()


class RecentSearchesSerializer(serializers.Serializer[Any]):
    paused = serializers.BooleanField(help_text="Nothing that is searched for is remembered.")
    results = RecentSearchSerializer(many=True, help_text="The newest first, at most 20.")


class RememberSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=RAW_QUERY_LENGTH)


class PauseSerializer(serializers.Serializer[Any]):
    paused = serializers.BooleanField()


def _result(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "person": None, "clip": None, "tag": None} | {kind: value}


def _person(row: PersonRow, request: Request) -> dict[str, Any]:
    how = relation_json(row.relation) if request.user.is_authenticated else None
    return _result("person", {**person_json(row.person, origin(request)), "relation": how})


def _clips(rows: list[ClipView], request: Request) -> list[dict[str, Any]]:
    found = clips_json(request.user, [view.id for view in rows], origin(request))
    return [_result("clip", found[view.id]) for view in rows if view.id in found]


def _tag(tag: Hashtag) -> dict[str, Any]:
    return _result("tag", {"name": tag.name})


class SearchView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", {"type": "string", "maxLength": RAW_QUERY_LENGTH}, required=True,
                             description="Beginnings of words; all must match. The first 100 characters are read."),
            OpenApiParameter("type", {"type": "string", "enum": list(TYPES), "default": "top"},
                             description="`top` is one page of a few of each; the others are lists."),
            OpenApiParameter("cursor", {"type": "string", "maxLength": 200},
                             description="Where to go on: taken from `next`, never made by hand."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
                             description="Results a page. A page can be shorter; only `next: null` means the end."),
        ],
        responses=page_of("SearchPage", SearchResultSerializer),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """People, clips and hashtags by the beginnings of words, in any script, as far as the caller may see them.

        Nothing is remembered: apps that keep recent searches say so with `POST me/recent-searches`."""
        given = SearchQuerySerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        text, kind, cursor = (given.validated_data.get(name, "") for name in ("q", "type", "cursor"))
        limit = page_limit(request)
        if kind == "top":
            if cursor:
                raise BadPageCursor
            return page_response(None, self._top(request, text, limit))
        search, letter, shown = self._list(kind, request)
        page = search(request.user, text, cursor=Cursor.decode(cursor, letter) if cursor else None, limit=limit)
        following = next_url(request, page.next.encode(), "q", "type") if page.next else None
        return page_response(following, shown(page.rows))

    def _list(self, kind: str, request: Request) -> tuple[Callable[..., Any], str, Callable[[Any], list[Any]]]:
        """How a kind is searched, the letter of its cursors, and how its rows are shown."""
        if kind == "people":
            return people.search_people, people.KIND, lambda rows: [_person(row, request) for row in rows]
        if kind == "clips":
            return clips.search_clips, clips.KIND, lambda rows: _clips(rows, request)
        return tags.search_tags, tags.KIND, lambda rows: [_tag(row) for row in rows]

    def _top(self, request: Request, text: str, limit: int) -> list[dict[str, Any]]:
        found = people.search_people(request.user, text, limit=min(limit, TOP["people"])).rows
        results = [_person(row, request) for row in found]
        if left := limit - len(results):
            results += [_tag(row) for row in tags.search_tags(request.user, text, limit=min(left, TOP["tags"])).rows]
        if left := limit - len(results):
            results += _clips(clips.search_clips(request.user, text, limit=left).rows, request)
        return results


class RecentSearchesView(APIView):
    @extend_schema(operation_id="recent_searches_list", responses=RecentSearchesSerializer)
    def get(self, request: Request) -> Response:
        """What the caller searched for lately. Nobody else sees it."""
        return Response(self._state(request))

    @extend_schema(operation_id="recent_searches_add", request=RememberSerializer, responses=RecentSearchesSerializer)
    def post(self, request: Request) -> Response:
        """Remember a search, at the top. The same again only moves it there; while paused nothing is kept."""
        given = RememberSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        recent.remember(user=caller(request), query=given.validated_data["q"])
        return Response(self._state(request))

    @extend_schema(operation_id="recent_searches_pause", request=PauseSerializer, responses=RecentSearchesSerializer)
    def patch(self, request: Request) -> Response:
        """Pause remembering, or go on."""
        given = PauseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        recent.set_paused(user=caller(request), paused=given.validated_data["paused"])
        return Response(self._state(request))

    @extend_schema(operation_id="recent_searches_clear", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget them all."""
        recent.clear(user=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _state(self, request: Request) -> dict[str, Any]:
        user = caller(request)
        rows = [{"id": row.pk, "query": row.query, "searched_at": row.searched_at} for row in recent.recent(user)]
        return {"paused": recent.is_paused(user), "results": rows}


class RecentSearchView(APIView):
    @extend_schema(operation_id="recent_search_remove", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Forget one. 204 also when it is not there."""
        recent.remove(user=caller(request), search_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
