"""What comes in is checked here; what goes out is documented here and made in `render.py`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.paging import MAX_ID
from accounts.api.serializers import PersonSerializer
from feeds.notifications.models import Digest, Kind

MOST_LINES = 100


class NotificationClipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    caption = serializers.CharField()
    poster = serializers.URLField(allow_null=True)
    failure = serializers.CharField(help_text="Why it could not be prepared; empty otherwise.")


class NotificationSerializer(serializers.Serializer[Any]):
    """A line of the list: one deed, or the same deed of several people."""

    id = serializers.IntegerField(help_text="The line's, for `notifications/read`.")
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField(help_text="The line as a sentence, in your language.")
    people = PersonSerializer(many=True, help_text="The newest, up to three.")
    count = serializers.IntegerField(help_text="How many people in all.")
    clip = NotificationClipSerializer(allow_null=True)
    quote = serializers.CharField(help_text="What the newest of them wrote; may be empty.")
    at = serializers.DateTimeField(help_text="Of the newest.")
    newest = serializers.IntegerField(help_text="The newest notification in it, for `up_to` and `seen_up_to`.")
    read = serializers.BooleanField()


class MarksSerializer(serializers.Serializer[Any]):
    """At least one of them."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        required=False,
        max_length=MOST_LINES,
        help_text="Lines to mark as read.",
    )
    up_to = serializers.IntegerField(
        min_value=0, max_value=MAX_ID, required=False, help_text="Mark all lines read that have nothing newer."
    )
    seen_up_to = serializers.IntegerField(
        min_value=0,
        max_value=MAX_ID,
        required=False,
        help_text="The list was opened when this was its newest notification: counts as seen, not as read.",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data:
            raise serializers.ValidationError(_("Send `ids`, `up_to` or `seen_up_to`."), code="required")
        return data


class UnseenSerializer(serializers.Serializer[Any]):
    unseen = serializers.IntegerField(help_text="Lines that are new since the list was opened; 100 means more than 99.")


class SwitchesSerializer(serializers.Serializer[Any]):
    """One switch for each kind."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {kind.value: serializers.BooleanField(required=False, help_text=str(kind.label)) for kind in Kind}


class NotificationSettingsSerializer(serializers.Serializer[Any]):
    """Send only what changes."""

    kinds = SwitchesSerializer(required=False)
    digest = serializers.ChoiceField(choices=Digest.choices, required=False)


class NotificationSettingsStateSerializer(serializers.Serializer[Any]):
    kinds = SwitchesSerializer()
    digest = serializers.ChoiceField(choices=Digest.choices)
    digest_address = serializers.EmailField(
        allow_null=True, help_text="Where it goes. Null: no address is confirmed, so nothing is sent."
    )
