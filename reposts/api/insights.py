"""The author's statistics over the API: the same figures as the pages, with the same silence about few people."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import caller
from accounts.api.people import origin, person_json
from accounts.api.serializers import PersonSerializer
from clips.api.views import own_clip_or_404
from clips.models import ClipState, WatchSource
from reposts.insights.figures import Figure
from reposts.insights.overview import overview
from reposts.insights.spread import Spread, spread
from reposts.insights.watching import DAYS, Day, Watching, watching

DAYS_PARAMETER = OpenApiParameter("days", {"type": "integer", "enum": list(DAYS)}, description="28 when absent.")


class FigureSerializer(serializers.Serializer[Any]):
    """A number of people. One or two are not told apart: `value` is null and `few` true."""

    value = serializers.IntegerField(allow_null=True)
    few = serializers.BooleanField()


class InsightDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    views = serializers.IntegerField(help_text="Numbers below 3 are added to the next day.")
    likes = serializers.IntegerField()
    comments = serializers.IntegerField()


class InsightSourceSerializer(serializers.Serializer[Any]):
    source = serializers.ChoiceField(choices=WatchSource.choices)
    viewers = serializers.IntegerField()


class HopSerializer(serializers.Serializer[Any]):
    hop = serializers.IntegerField(help_text="1: straight from the clip. The last one holds all beyond.")
    reposts = serializers.IntegerField()


class AmplifierSerializer(serializers.Serializer[Any]):
    user = PersonSerializer()
    repost = serializers.IntegerField()
    viewers = FigureSerializer(help_text="People who watched through that repost, or one that came of it.")
    onward = FigureSerializer(help_text="Reposts that came of it.")


class ClipInsightsSerializer(serializers.Serializer[Any]):
    viewers = FigureSerializer()
    plays = serializers.IntegerField(allow_null=True, help_text="Null for few viewers.")
    retention = serializers.ListField(
        child=serializers.IntegerField(), help_text="Percent of the viewers who reached each tenth; empty for few."
    )
    followers_gained = FigureSerializer(help_text="Follows within 24 hours after watching.")
    sources = InsightSourceSerializer(many=True, help_text="Those with 3 viewers and more.")
    other_sources = FigureSerializer()
    days = InsightDaySerializer(many=True)
    reposts = serializers.IntegerField()
    hops = HopSerializer(many=True)
    unplaced_reposts = FigureSerializer(help_text="By people the author does not see, too few at one hop to say which.")
    viewers_through_reposts = FigureSerializer()
    amplifiers = AmplifierSerializer(many=True, help_text="Only people whose repost the author may see.")


class ClipRowSerializer(serializers.Serializer[Any]):
    clip = serializers.IntegerField()
    viewers = FigureSerializer()
    plays = serializers.IntegerField(allow_null=True)
    finished = serializers.IntegerField(allow_null=True, help_text="Percent of the viewers; null for few.")
    reposts = serializers.IntegerField()
    likes = serializers.IntegerField()
    comments = serializers.IntegerField()


class OverviewSerializer(serializers.Serializer[Any]):
    views = FigureSerializer()
    likes = serializers.IntegerField()
    comments = serializers.IntegerField()
    reposts = serializers.IntegerField()
    new_followers = serializers.IntegerField()
    followers_gained = FigureSerializer()
    days = InsightDaySerializer(many=True)
    clips = ClipRowSerializer(many=True, help_text="The newest 20.")


def _days(request: Request) -> int:
    """Raises: ValidationError."""
    text = request.query_params.get("days", str(DAYS[1]))
    if text not in map(str, DAYS):
        fault = ErrorDetail(_("One of: %(names)s.") % {"names": ", ".join(map(str, DAYS))}, "invalid_choice")
        raise ValidationError({"days": fault})
    return int(text)


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "few": figure.is_few}


def _day(day: Day) -> dict[str, Any]:
    return {"day": day.day, "views": day.views, "likes": day.likes, "comments": day.comments}


class ClipInsightsView(APIView):
    refusals = {"get": (403,)}

    @extend_schema(operation_id="clip_insights", parameters=[DAYS_PARAMETER], responses=ClipInsightsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How one's own published clip was watched, how far it went, and who carried it."""
        days = _days(request)
        clip = own_clip_or_404(request.user, pk)
        if clip.state != ClipState.READY or clip.removed_at is not None:
            raise Http404
        return Response(_clip_json(watching(clip, days=days), spread(clip), origin(request)))


def _clip_json(seen: Watching, went: Spread, base: str) -> dict[str, Any]:
    return {
        "viewers": _figure(seen.viewers),
        "plays": seen.plays,
        "retention": seen.retention,
        "followers_gained": _figure(seen.followers_gained),
        "sources": [{"source": name, "viewers": number} for name, number in seen.sources.parts],
        "other_sources": _figure(seen.sources.rest),
        "days": [_day(day) for day in seen.days],
        "reposts": went.reposts,
        "hops": [{"hop": hop.number, "reposts": hop.seen + hop.others} for hop in went.hops],
        "unplaced_reposts": _figure(went.unplaced),
        "viewers_through_reposts": _figure(went.viewers),
        "amplifiers": [
            {
                "user": person_json(one.repost.user, base),
                "repost": one.repost.id,
                "viewers": _figure(one.reach),
                "onward": _figure(one.onward),
            }
            for one in went.amplifiers
        ],
    }


class OverviewView(APIView):
    @extend_schema(operation_id="me_insights", parameters=[DAYS_PARAMETER], responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        """The last days of all of one's clips, and the newest clips with their numbers."""
        found = overview(caller(request), days=_days(request))
        return Response(
            {
                "views": _figure(found.views),
                "likes": found.likes,
                "comments": found.comments,
                "reposts": found.reposts,
                "new_followers": found.followers,
                "followers_gained": _figure(found.gained),
                "days": [_day(day) for day in found.days],
                "clips": [
                    {
                        "clip": row.clip.pk,
                        "viewers": _figure(row.viewers),
                        "plays": row.plays,
                        "finished": row.finished,
                        "reposts": row.clip.repost_count,
                        "likes": row.clip.like_count,
                        "comments": row.clip.comment_count,
                    }
                    for row in found.clips
                ],
            }
        )
