"""What a person leaves out of their feeds, over the API. PUT and DELETE can be repeated.

DELETE answers 204 whether or not there was a choice: afterwards there is none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ErrorDetail
from rest_framework.views import APIView

from accounts import services as people
from accounts.api.authentication import caller
from accounts.api.paging import LIST_PARAMETERS, next_url, page_limit, page_of, page_response
from accounts.api.people import origin
from accounts.api.views import person_or_404
from accounts.models import Mute, User
from clips.models import Clip
from feeds import controls
from feeds.control_list import KINDS, Place, control_lines, line_of
from feeds.forms import Watched
from feeds.models import ControlKind, FeedControl
from feeds.why import FEEDS, explain

from .render import control_json, settings_json, why_json
from .serializers import (
    ControlSerializer,
    FeedSettingsChangesSerializer,
    FeedSettingsSerializer,
    FewerSerializer,
    UntilSerializer,
    WhySerializer,
    WordsSerializer,
)

FEED = OpenApiParameter("feed", {"type": "string", "enum": list(FEEDS)}, required=True)
FOR_A_WHILE = OpenApiExample("for a while", {"until": "2030-01-01T00:00:00Z"}, request_only=True)


def _one_of(text: str | None, name: str, values: Any) -> str:
    """A query parameter that is one of `values`. Raises: ValidationError."""
    if text is None:
        raise ValidationError({name: ErrorDetail(_("This parameter is required."), "required")})
    if text not in values:
        raise ValidationError(
            {name: ErrorDetail(_("Give one of: %(values)s.") % {"values": ", ".join(values)}, "invalid_choice")}
        )
    return text


class WhyView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="clip_why", parameters=[FEED], responses=WhySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Why the clip is in a feed of the caller, or is not any more, and what would change it.

        Asked of the same rules that make the feed, now. `following` is somebody's: without a sign-in there is none."""
        feed = _one_of(request.query_params.get("feed"), "feed", FEEDS)
        if feed == "following":
            caller(request)
        try:
            found = explain(request.user, clip_id=pk, feed=feed)
        except Clip.DoesNotExist as error:
            raise Http404 from error
        return Response(why_json(found, origin(request), signed_in=request.user.is_authenticated))


class FeedControlsView(APIView):
    @extend_schema(
        operation_id="feed_controls",
        parameters=[*LIST_PARAMETERS, OpenApiParameter("kind", {"type": "string", "enum": list(KINDS)})],
        responses=page_of("FeedControlPage", ControlSerializer),
    )
    def get(self, request: Request) -> Response:
        """Everything the caller leaves out of their feeds, newest first: controls, mutes, follows without reposts."""
        kind = request.query_params.get("kind")
        cursor = request.query_params.get("cursor")
        page = control_lines(
            caller(request),
            kind=_one_of(kind, "kind", KINDS) if kind is not None else "",
            below=Place.decode(cursor) if cursor else None,
            limit=page_limit(request),
        )
        following = next_url(request, page.next.encode()) if page.next else None
        return page_response(following, [control_json(line, origin(request)) for line in page.rows])


class FeedControlView(APIView):
    @extend_schema(operation_id="feed_control_undo", responses={204: None})
    def delete(self, request: Request, reference: str) -> Response:
        """Take back one line of the list by its `id`, of whatever kind."""
        controls.undo(viewer=caller(request), reference=reference)
        return _gone()


def _gone() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)


def _until(request: Request) -> datetime | None:
    given = UntilSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    until: datetime | None = given.validated_data["until"]
    return until


def _line(request: Request, row: FeedControl | Mute) -> Response:
    """What was just chosen, as the list shows it."""
    return Response(control_json(line_of(caller(request), row), origin(request)))


class HiddenClipView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(
        operation_id="feed_hide_clip", request=UntilSerializer, responses=ControlSerializer, examples=[FOR_A_WHILE]
    )
    def put(self, request: Request, pk: int) -> Response:
        """Leave one clip out of one's feeds."""
        try:
            control = controls.hide_clip(viewer=caller(request), clip_id=pk, until=_until(request))
        except Clip.DoesNotExist as error:
            raise Http404 from error
        return _line(request, control)

    @extend_schema(operation_id="feed_show_clip", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Show it again."""
        controls.drop(viewer=caller(request), kind=ControlKind.CLIP, clip_id=pk)
        return _gone()


class FewerView(APIView):
    refusals = {"put": (409,)}

    @extend_schema(operation_id="feed_fewer", request=FewerSerializer, responses=ControlSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Weigh clips like this one less in For You: by the same person, with its hashtags, by its reposter (`via`).

        It fades by itself over 154 days; `weights` of the line say what it weighs today."""
        given = FewerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            control = controls.fewer_like(viewer=caller(request), clip_id=pk, via_id=given.validated_data["via"])
        except Clip.DoesNotExist as error:
            raise Http404 from error
        return _line(request, control)

    @extend_schema(operation_id="feed_fewer_undo", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it back."""
        controls.drop(viewer=caller(request), kind=ControlKind.FEWER, clip_id=pk)
        return _gone()


class _ByPersonView(APIView):
    refusals = {"put": (409,)}

    def _person(self, request: Request, username: str) -> User:
        return person_or_404(request.user, username)

    @staticmethod
    def _anybody(username: str) -> User | None:
        return User.objects.filter(username=username).first()


class RepostsOfView(_ByPersonView):
    @extend_schema(
        operation_id="feed_hide_reposts_of",
        request=UntilSerializer,
        responses=ControlSerializer,
        examples=[FOR_A_WHILE],
    )
    def put(self, request: Request, username: str) -> Response:
        """Leave out reposts of this person's clips; what they publish and repost themselves stays."""
        person = self._person(request, username)
        control = controls.hide_reposts_of(viewer=caller(request), person=person, until=_until(request))
        return _line(request, control)

    @extend_schema(operation_id="feed_show_reposts_of", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Show them again."""
        if person := self._anybody(username):
            controls.drop(viewer=caller(request), kind=ControlKind.REPOSTS_OF, person=person)
        return _gone()


class ClipsByView(_ByPersonView):
    @extend_schema(
        operation_id="feed_hide_clips_by", request=UntilSerializer, responses=ControlSerializer, examples=[FOR_A_WHILE]
    )
    def put(self, request: Request, username: str) -> Response:
        """Leave out this person's clips, whoever passes them on; what they repost of others stays."""
        person = self._person(request, username)
        control = controls.hide_clips_by(viewer=caller(request), person=person, until=_until(request))
        return _line(request, control)

    @extend_schema(operation_id="feed_show_clips_by", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Show them again."""
        if person := self._anybody(username):
            controls.drop(viewer=caller(request), kind=ControlKind.CLIPS_BY, person=person)
        return _gone()


class RepostsByView(_ByPersonView):
    @extend_schema(
        operation_id="feed_hide_reposts_by",
        request=UntilSerializer,
        responses=ControlSerializer,
        examples=[FOR_A_WHILE],
    )
    def put(self, request: Request, username: str) -> Response:
        """Leave out what this person reposts: a mute with the scope `reposts`. A mute of everything stays as it is."""
        person = self._person(request, username)
        mute = controls.hide_reposts_by(viewer=caller(request), person=person, until=_until(request))
        return _line(request, mute)

    @extend_schema(operation_id="feed_show_reposts_by", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        """Show them again, whichever way they were left out: by a mute, or by a follow without reposts."""
        if person := self._anybody(username):
            controls.show_reposts_by(viewer=caller(request), person=person)
        return _gone()


class HiddenWordsView(APIView):
    refusals = {"put": (409, 422)}

    @extend_schema(operation_id="feed_hide_words", request=WordsSerializer, responses=ControlSerializer)
    def put(self, request: Request) -> Response:
        """Leave out clips with these words in their caption, and reposts with them in their comment.

        Whole words one after another, after NFKC and case folding; in scripts without blanks any occurrence."""
        given = WordsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        control = controls.hide_words(viewer=caller(request), **given.validated_data)
        return _line(request, control)

    @extend_schema(
        operation_id="feed_show_words",
        parameters=[OpenApiParameter("text", str, required=True, description="The words, however they are typed.")],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        """Show them again."""
        text = request.query_params.get("text")
        if text is None:
            raise ValidationError({"text": ErrorDetail(_("This parameter is required."), "required")})
        controls.show_words(viewer=caller(request), text=text)
        return _gone()


class FeedSettingsView(APIView):
    @extend_schema(operation_id="feed_settings", responses=FeedSettingsSerializer)
    def get(self, request: Request) -> Response:
        """What holds for every clip of one's feeds."""
        return Response(settings_json(caller(request)))

    @extend_schema(
        operation_id="feed_settings_change", request=FeedSettingsChangesSerializer, responses=FeedSettingsSerializer
    )
    def patch(self, request: Request) -> Response:
        """Change it; what is not sent stays."""
        given = FeedSettingsChangesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        watched = changes.pop("watched", None)
        changes |= Watched.columns(watched) if watched else {}
        return Response(settings_json(people.update_profile(user=caller(request), **changes)))
