"""The documentation of feeds; the JSON itself is made in `render.py`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.serializers import PersonSerializer
from clips.api.serializers import ClipSerializer
from feeds.control_list import KINDS
from feeds.controls import WORDS_LENGTH
from feeds.forms import MAX_ID, Watched
from feeds.models import ActivityKind
from feeds.why import FEEDS
from reposts.models import RepostAudience


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


class UntilSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Null: until it is undone."
    )

    def validate_until(self, until: Any) -> Any:
        if until is not None and until <= timezone.now():
            raise serializers.ValidationError(_("Give a time in the future."), code="in_the_past")
        return until


class WordsSerializer(UntilSerializer):
    text = serializers.CharField(max_length=4 * WORDS_LENGTH, help_text="At most 100 characters once cleaned.")


class FewerSerializer(serializers.Serializer[Any]):
    via = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=MAX_ID,
        help_text="The repost that the clip came by: `via` of the card.",
    )


class FewerWeightsSerializer(serializers.Serializer[Any]):
    """What For You multiplies by today: clips by the same author; those with a hashtag or reposter in common."""

    author = serializers.FloatField()
    others = serializers.FloatField()
    hashtags = serializers.ListField(child=serializers.CharField())
    reposter = PersonSerializer(allow_null=True)


class ControlSerializer(serializers.Serializer[Any]):
    """One choice. What does not belong to its kind is null or empty."""

    id = serializers.CharField(help_text="For `DELETE me/feed-controls/{id}`.")
    kind = serializers.ChoiceField(choices=list(KINDS))
    since = serializers.DateTimeField(help_text="Of a follow without reposts: since when one follows.")
    until = serializers.DateTimeField(allow_null=True)
    user = PersonSerializer(allow_null=True, help_text="Whom it is about; of a clip its author.")
    clip = serializers.IntegerField(allow_null=True)
    poster = serializers.URLField(allow_null=True, help_text="Null also when the clip is hidden from one by now.")
    text = serializers.CharField(help_text="The words, as typed.")
    weights = FewerWeightsSerializer(allow_null=True)


class FeedSettingsSerializer(serializers.Serializer[Any]):
    watched = serializers.ChoiceField(
        choices=[choice[:2] for choice in Watched.CHOICES],
        help_text="What becomes of watched clips: `keep` their place, `raise` by a further repost, `hide`.",
    )
    hide_reposted = serializers.BooleanField(help_text="What one reposted is not shown again.")
    hide_reposts_of_followed = serializers.BooleanField(
        help_text="Reposts of clips by people one follows are left out."
    )


class FeedSettingsChangesSerializer(serializers.Serializer[Any]):
    watched = serializers.ChoiceField(choices=[choice[:2] for choice in Watched.CHOICES], required=False)
    hide_reposted = serializers.BooleanField(required=False)
    hide_reposts_of_followed = serializers.BooleanField(required=False)


class ActionSerializer(serializers.Serializer[Any]):
    """What would change a line: a request to this API. PUTs of `hide_…` also take `until`."""

    code = serializers.CharField()
    method = serializers.ChoiceField(choices=["PUT", "DELETE"])
    url = serializers.URLField()
    body = serializers.DictField()


class EdgeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    user = PersonSerializer()
    at = serializers.DateTimeField()
    comment = serializers.CharField()
    repost_id = serializers.IntegerField(allow_null=True)
    audience = serializers.ChoiceField(choices=RepostAudience.choices, allow_null=True)
    via = PersonSerializer(allow_null=True, help_text="Through whom they met it, as far as the caller may see.")
    follows_since = serializers.DateTimeField(allow_null=True)
    brought = serializers.BooleanField(help_text="The card stands where this reason put it.")
    text = serializers.CharField()
    actions = ActionSerializer(many=True)


class TermSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=["source", "company", "freshness", "watched", "fewer"])
    factor = serializers.FloatField()
    text = serializers.CharField()


class RankingSerializer(serializers.Serializer[Any]):
    """The score is the product of the terms' factors."""

    position = serializers.IntegerField()
    candidates = serializers.IntegerField()
    score = serializers.FloatField()
    terms = TermSerializer(many=True)


class ObstacleSerializer(serializers.Serializer[Any]):
    """A choice of the caller that keeps the clip out, or (`user` reposted it `at`) one reason of it."""

    code = serializers.CharField()
    user = PersonSerializer(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField()
    undo = ActionSerializer(allow_null=True, help_text="Null: it is one of `me/feed-settings`.")


class WhySerializer(serializers.Serializer[Any]):
    feed = serializers.ChoiceField(choices=[(feed, feed) for feed in FEEDS])
    clip = serializers.IntegerField()
    author = PersonSerializer()
    in_feed = serializers.BooleanField(help_text="Whether it would be there if the feed were read again now.")
    summary = serializers.CharField()
    placed_at = serializers.DateTimeField(allow_null=True, help_text="Following: when it came to its place.")
    reasons = EdgeSerializer(many=True, help_text="Up to 20; that which brought it first.")
    more_reasons = serializers.IntegerField()
    ranking = RankingSerializer(allow_null=True, help_text="For You only.")
    kept_out_by = ObstacleSerializer(many=True)
    left_out = ObstacleSerializer(many=True, help_text="Reasons it could have, which the caller left out.")
    actions = ActionSerializer(many=True)
