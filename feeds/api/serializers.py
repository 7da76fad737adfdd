"""The documentation of feeds; the JSON itself is made in `render.py`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from clips.api.serializers import ClipSerializer
from feeds.models import ActivityKind


class ReasonSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    user = PersonSerializer()
    comment = serializers.CharField()
    at = serializers.DateTimeField()
    repost_id = serializers.IntegerField(allow_null=True)


class CardSerializer(serializers.Serializer[Any]):
    """One clip with every reason it is here for, newest first."""

    clip = ClipSerializer()
    reasons = ReasonSerializer(many=True)
    why = serializers.CharField(help_text="The reasons in one plain sentence.")
    via = serializers.IntegerField(allow_null=True, help_text="Send it as `via` when reposting from this card.")
    follows_author = serializers.BooleanField()
    place = serializers.IntegerField(help_text="Where the card stands; cards come highest first. 0: unplaced.")
    products = serializers.ListField(child=serializers.DictField(), help_text="Empty for now.")


class NewCardsSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="21 means more than 20.")
    people = PersonSerializer(many=True, help_text="Up to three of those who brought them.")
    as_of = serializers.IntegerField()
