"""What comes in is checked here; what goes out is documented here and made in `render.py`.

The texts' own limits are in the services, which count after cleaning: what is refused here could not fit anyhow.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from clips.models import Audience, ClipState, RepostPolicy

RAW_TEXT_LENGTH = 20_000  # characters before cleaning
LONGEST_MS = 24 * 3600 * 1000


class ClipTextsSerializer(serializers.Serializer[Any]):
    caption = serializers.CharField(
        max_length=RAW_TEXT_LENGTH, allow_blank=True, required=False, help_text="Up to 2,200 characters."
    )
    alt_text = serializers.CharField(
        max_length=RAW_TEXT_LENGTH,
        allow_blank=True,
        required=False,
        help_text="What is to be seen, for people who cannot see it. Up to 1,000 characters.",
    )
    visibility = serializers.ChoiceField(choices=Audience.choices, required=False)
    allow_reposts = serializers.ChoiceField(choices=RepostPolicy.choices, required=False)


class UploadSerializer(ClipTextsSerializer):
    # Empty files and long names are judged by the service, whose refusals have codes of their own.
    video = serializers.FileField(allow_empty_file=True, help_text="MP4, MOV, WebM or MKV.")


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class ClipStatusSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ClipState.choices)
    progress = serializers.IntegerField(help_text="Percent.")
    failure = FailureSerializer(allow_null=True)


class SourceSerializer(serializers.Serializer[Any]):
    """A progressive MP4 (H.264, AAC). Answers ranges; asks for the same rights as the clip, at each request."""

    url = serializers.URLField()
    short_edge = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bytes = serializers.IntegerField()


class CountsSerializer(serializers.Serializer[Any]):
    reposts = serializers.IntegerField()
    watches = serializers.IntegerField()


class OwnRepostSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    comment = serializers.CharField()
    audience = serializers.ChoiceField(choices=[("followers", "Followers"), ("mutuals", "Mutuals only")])
    comment_detached = serializers.BooleanField(help_text="The author took the comment off their clip.")


class OwnStateSerializer(serializers.Serializer[Any]):
    is_author = serializers.BooleanField()
    reposted = OwnRepostSerializer(allow_null=True)


class ClipSerializer(ClipStatusSerializer):
    author = PersonSerializer()
    caption = serializers.CharField()
    alt_text = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Audience.choices)
    allow_reposts = serializers.ChoiceField(choices=RepostPolicy.choices)
    duration_ms = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    has_audio = serializers.BooleanField()
    poster = serializers.URLField(allow_null=True)
    placeholder = serializers.CharField(help_text="A tiny blurred picture as a `data:` URL, or empty.")
    sources = SourceSerializer(many=True, help_text="The smallest first.")
    counts = CountsSerializer()
    own = OwnStateSerializer(help_text="What the caller did with the clip.")
    published_at = serializers.DateTimeField(allow_null=True)


class WatchSerializer(serializers.Serializer[Any]):
    ms = serializers.IntegerField(
        min_value=0, max_value=LONGEST_MS, help_text="How far the person got, in milliseconds from the start."
    )


class WatchStateSerializer(serializers.Serializer[Any]):
    furthest_ms = serializers.IntegerField()
    watched = serializers.BooleanField(help_text="Far enough to count.")
