"""What comes in is checked here; what goes out is documented here and made in `render.py`.

The texts' own limits are in the services, which count after cleaning: what is refused here could not fit anyhow.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from clips.captions import webvtt
from clips.models import Audience, ClipState, CommentPolicy, Plan, RepostPolicy, WatchSource

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
    allow_comments = serializers.ChoiceField(
        choices=CommentPolicy.choices, required=False, help_text="Who of those who see it may comment."
    )


class PublishSerializer(serializers.Serializer[Any]):
    publish = serializers.ChoiceField(
        choices=Plan.choices, required=False, help_text="Now (the default), kept as a draft, or at a time."
    )
    publish_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="For `at`: 5 minutes to 60 days from now."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """A time alone says that it is to be scheduled."""
        if given.get("publish_at"):
            given.setdefault("publish", Plan.AT)
        return given


class UploadSerializer(PublishSerializer, ClipTextsSerializer):
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
    publish = serializers.ChoiceField(choices=Plan.choices, help_text="What is to become of it; `now` once published.")
    publish_at = serializers.DateTimeField(allow_null=True)


class SourceSerializer(serializers.Serializer[Any]):
    """A progressive MP4 (H.264, AAC). Answers ranges; asks for the same rights as the clip, at each request."""

    url = serializers.URLField()
    short_edge = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    bytes = serializers.IntegerField()


class CaptionLinkSerializer(serializers.Serializer[Any]):
    """Captions in one language, as WebVTT."""

    language = serializers.CharField(help_text="A BCP 47 tag.")
    label = serializers.CharField(help_text="The language's own name for itself.")
    url = serializers.URLField()


class CountsSerializer(serializers.Serializer[Any]):
    reposts = serializers.IntegerField()
    watches = serializers.IntegerField()
    likes = serializers.IntegerField()
    comments = serializers.IntegerField(help_text="With replies. The list can show fewer.")


class OwnRepostSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    comment = serializers.CharField()
    audience = serializers.ChoiceField(choices=[("followers", "Followers"), ("mutuals", "Mutuals only")])
    comment_detached = serializers.BooleanField(help_text="The author took the comment off their clip.")


class OwnStateSerializer(serializers.Serializer[Any]):
    is_author = serializers.BooleanField()
    liked = serializers.BooleanField()
    reposted = OwnRepostSerializer(allow_null=True)


class ClipSerializer(ClipStatusSerializer):
    author = PersonSerializer()
    caption = serializers.CharField()
    alt_text = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Audience.choices)
    allow_reposts = serializers.ChoiceField(choices=RepostPolicy.choices)
    allow_comments = serializers.ChoiceField(choices=CommentPolicy.choices)
    duration_ms = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    has_audio = serializers.BooleanField()
    poster = serializers.URLField(allow_null=True)
    placeholder = serializers.CharField(help_text="A tiny blurred picture as a `data:` URL, or empty.")
    sources = SourceSerializer(many=True, help_text="The smallest first.")
    captions = CaptionLinkSerializer(many=True)
    counts = CountsSerializer()
    own = OwnStateSerializer(help_text="What the caller did with the clip.")
    published_at = serializers.DateTimeField(allow_null=True)


class WatchSerializer(serializers.Serializer[Any]):
    ms = serializers.IntegerField(
        min_value=0, max_value=LONGEST_MS, help_text="How far the person got, in milliseconds from the start."
    )
    play = serializers.BooleanField(required=False, help_text="They began to watch anew. Counted at most every 2 s.")
    source = serializers.ChoiceField(
        choices=WatchSource.choices, required=False, help_text="Where they met the clip. The first report counts."
    )
    via = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        allow_null=True,
        help_text="The repost that brought it to them: the `via` of the card.",
    )


class WatchStateSerializer(serializers.Serializer[Any]):
    furthest_ms = serializers.IntegerField()
    watched = serializers.BooleanField(help_text="Far enough to count.")


class CueSerializer(serializers.Serializer[Any]):
    start_ms = serializers.IntegerField(min_value=0, max_value=LONGEST_MS)
    end_ms = serializers.IntegerField(min_value=0, max_value=LONGEST_MS)
    text = serializers.CharField(
        max_length=RAW_TEXT_LENGTH, help_text="Up to 400 characters, with `<b>`, `<i>`, `<u>`."
    )


class CaptionsSerializer(serializers.Serializer[Any]):
    """Either the text of a file, or the cues."""

    content = serializers.CharField(
        max_length=webvtt.MAX_BYTES, required=False, trim_whitespace=False, help_text="WebVTT or SubRip."
    )
    cues = CueSerializer(many=True, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("content" in given) == ("cues" in given):
            raise serializers.ValidationError(_("Send either `content` or `cues`."), code="required")
        return given


class CaptionTrackSerializer(CaptionLinkSerializer):
    cue_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
