"""What comes in is checked here; what goes out is documented here and made in `render.py`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from clips.api.serializers import RAW_TEXT_LENGTH, ClipSerializer, OwnRepostSerializer
from reposts.models import RepostAudience


class RepostChangesSerializer(serializers.Serializer[Any]):
    comment = serializers.CharField(
        max_length=RAW_TEXT_LENGTH,
        allow_blank=True,
        allow_null=True,
        required=False,
        help_text="Up to 280 characters. Absent or null: as it was, and none at first.",
    )
    via = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        allow_null=True,
        required=False,
        help_text="The repost through which the clip was met: a card's `via`. Fixed by the first call.",
    )
    audience = serializers.ChoiceField(
        choices=RepostAudience.choices,
        required=False,
        allow_null=True,
        help_text="Who gets it. Absent or null: as it was, and followers at first.",
    )
    confirm = serializers.BooleanField(
        required=False, default=False, help_text="Go on after a question (`code: friction`)."
    )


class RepostSerializer(OwnRepostSerializer):
    clip = serializers.IntegerField(help_text="The clip's id.")
    via = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class RepostLineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user = PersonSerializer()
    comment = serializers.CharField()
    audience = serializers.ChoiceField(choices=RepostAudience.choices)
    at = serializers.DateTimeField()
    via = serializers.IntegerField(allow_null=True)


class TabEntrySerializer(RepostLineSerializer):
    clip = ClipSerializer()
