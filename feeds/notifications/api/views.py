"""Notifications: the list, its marks, how many are new, and what one wants to hear of."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
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
from accounts.api.people import origin
from feeds.notifications import digest, selectors, services
from feeds.notifications.models import Kind

from .render import line_json, settings_json
from .serializers import (
    MarksSerializer,
    NotificationSerializer,
    NotificationSettingsSerializer,
    NotificationSettingsStateSerializer,
    UnseenSerializer,
)


class NotificationsView(APIView):
    @extend_schema(
        operation_id="notifications_list",
        parameters=[
            *LIST_PARAMETERS,
            OpenApiParameter("tab", str, enum=list(selectors.TABS), description="Which kinds; all of them if absent."),
        ],
        responses=page_of("NotificationPage", NotificationSerializer),
    )
    def get(self, request: Request) -> Response:
        """What happened, newest first, grouped: one line a deed and a day while it is unread.

        Only what you may see now is told of. A line that grows moves to the front; it never comes twice."""
        tab = request.query_params.get("tab", "all")
        if tab not in selectors.TABS:
            raise ValidationError({"tab": serializers.ErrorDetail(_("There is no such tab."), "invalid_choice")})
        text = request.query_params.get("cursor")
        found = selectors.lines_page(
            caller(request), tab=tab, below=decode_cursor(text) if text else None, limit=page_limit(request)
        )
        following = next_url(request, encode_cursor(found.next)) if found.next is not None else None
        if following and "tab" in request.query_params:
            following += f"&tab={tab}"
        base = origin(request)
        return page_response(following, [line_json(line, base) for line in found.lines])


class NotificationMarksView(APIView):
    @extend_schema(
        operation_id="notifications_read",
        request=MarksSerializer,
        responses=UnseenSerializer,
        examples=[OpenApiExample("all that were there", {"up_to": 4711}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Mark lines as read, or the list as seen. Safe to repeat; ids that are not yours are passed over."""
        given = MarksSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user, marks = caller(request), given.validated_data
        if "ids" in marks:
            services.mark_read(user=user, group_ids=marks["ids"])
        if "up_to" in marks:
            services.mark_read(user=user, up_to=marks["up_to"])
        if "seen_up_to" in marks:
            services.mark_seen(user=user, up_to=marks["seen_up_to"])
        return Response({"unseen": selectors.unseen_count(user)})


class UnseenView(APIView):
    @extend_schema(operation_id="notifications_unseen", responses=UnseenSerializer)
    def get(self, request: Request) -> Response:
        """How many lines are new. Cheap: meant to be asked now and then."""
        return Response({"unseen": selectors.unseen_count(caller(request))})


class NotificationSettingsView(APIView):
    @extend_schema(operation_id="notification_settings_show", responses=NotificationSettingsStateSerializer)
    def get(self, request: Request) -> Response:
        """What you hear of, and how often by e-mail."""
        user = caller(request)
        return Response(settings_json(selectors.settings_of(user), digest.address_of(user)))

    @extend_schema(
        operation_id="notification_settings_change",
        request=NotificationSettingsSerializer,
        responses=NotificationSettingsStateSerializer,
        examples=[OpenApiExample("no likes, a daily mail", {"kinds": {"followed": False}, "digest": "daily"})],
    )
    def patch(self, request: Request) -> Response:
        """Change it; what is not sent stays. A switch holds for older notifications, too."""
        given = NotificationSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user, changes = caller(request), given.validated_data
        off = None
        if switches := changes.get("kinds"):
            stored = selectors.settings_of(user).off
            off = [kind for kind in Kind if not switches.get(kind.value, kind not in stored)]
        chosen = services.change_settings(user=user, off=off, digest=changes.get("digest"))
        return Response(settings_json(chosen, digest.address_of(user)), status=status.HTTP_200_OK)
