"""What comes in is checked here; what goes out is documented here and made in `people.py`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.languages import zone
from accounts.models import BIO_LENGTH, NAME_LENGTH, SPEEDS, MuteScope, SendsFrom, TabAudience
from accounts.security_models import TOKEN_NAME_LENGTH
from accounts.text import clean_line, clean_text

PASSWORD_LENGTH = 4096  # characters; more would only buy time in the hasher


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False, write_only=True)


class TokenRequestSerializer(CredentialsSerializer):
    code = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        default="",
        write_only=True,
        help_text="With two-step sign-in: six digits of the authenticator app, or a recovery code. Each is good once.",
    )
    name = serializers.CharField(
        max_length=4 * TOKEN_NAME_LENGTH,
        required=False,
        allow_blank=True,
        default="",
        help_text="What the token is for, to recognise it among others.",
    )


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once; the server keeps only a hash.")
    expires_at = serializers.DateTimeField()


class SignUpSerializer(CredentialsSerializer):
    birth_date = serializers.DateField(help_text="Shown to nobody else.")


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    display_name = serializers.CharField(help_text="Empty: call the person by the username.")
    avatar = serializers.URLField(allow_null=True)


class EdgeCountsSerializer(serializers.Serializer[Any]):
    followers = serializers.IntegerField()
    following = serializers.IntegerField()


class MuteStateSerializer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(choices=MuteScope.choices)
    until = serializers.DateTimeField(allow_null=True)


class RelationSerializer(serializers.Serializer[Any]):
    """How the caller stands to the person."""

    is_self = serializers.BooleanField()
    follows = serializers.BooleanField()
    requested = serializers.BooleanField(help_text="Asked to follow a private account; not answered yet.")
    followed_by = serializers.BooleanField()
    show_reposts = serializers.BooleanField()
    blocks = serializers.BooleanField()
    mute = MuteStateSerializer(allow_null=True)


class PublicProfileSerializer(PersonSerializer):
    bio = serializers.CharField()
    is_private = serializers.BooleanField()
    counts = EdgeCountsSerializer()
    joined_at = serializers.DateTimeField()


class ProfileSerializer(PublicProfileSerializer):
    relation = RelationSerializer(allow_null=True, help_text="Null for callers who are not signed in.")


class MeSerializer(PublicProfileSerializer):
    birth_date = serializers.DateField(allow_null=True)
    reposts_tab = serializers.ChoiceField(choices=TabAudience.choices)
    raise_watched = serializers.BooleanField()
    sends_from = serializers.ChoiceField(choices=SendsFrom.choices)
    language = serializers.ChoiceField(choices=["", *dict(settings.LANGUAGES)], help_text="Empty: as the client asks.")
    time_zone = serializers.CharField(help_text="Of the tz database, such as Europe/Berlin. Empty: UTC.")
    captions_on = serializers.BooleanField(help_text="Captions are shown where a clip has them.")
    playback_percent = serializers.IntegerField(help_text="Speed of clips, in percent.")


class MeChangesSerializer(serializers.Serializer[Any]):
    """Send only what changes."""

    # The limits hold for what is left after cleaning; the service asks them.
    display_name = serializers.CharField(
        max_length=4 * NAME_LENGTH, allow_blank=True, required=False, help_text=f"Up to {NAME_LENGTH} characters."
    )
    bio = serializers.CharField(
        max_length=4 * BIO_LENGTH, allow_blank=True, required=False, help_text=f"Up to {BIO_LENGTH} characters."
    )
    is_private = serializers.BooleanField(
        required=False, help_text="Opening a private account accepts every waiting request."
    )
    reposts_tab = serializers.ChoiceField(choices=TabAudience.choices, required=False)
    raise_watched = serializers.BooleanField(required=False)
    sends_from = serializers.ChoiceField(
        choices=SendsFrom.choices, required=False, help_text="Who may send clips. Nobody closes both ways."
    )
    language = serializers.ChoiceField(choices=["", *dict(settings.LANGUAGES)], required=False)
    time_zone = serializers.CharField(max_length=64, required=False, allow_blank=True)
    captions_on = serializers.BooleanField(required=False)
    playback_percent = serializers.ChoiceField(choices=SPEEDS, required=False)

    def validate_time_zone(self, value: str) -> str:
        if value and zone(value) is None:
            raise serializers.ValidationError(_("Not the name of a time zone, such as Europe/Berlin."))
        return value

    def validate_display_name(self, text: str) -> str:
        return clean_line(text)

    def validate_bio(self, text: str) -> str:
        return clean_text(text)


class FollowRequestSerializer(serializers.Serializer[Any]):
    user = PersonSerializer()
    requested_at = serializers.DateTimeField()


class FollowChoicesSerializer(serializers.Serializer[Any]):
    show_reposts = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Absent: as it was, and true at first."
    )


class MuteSerializer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(choices=MuteScope.choices, default=MuteScope.ALL)
    until = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Null: until it is undone."
    )

    def validate_until(self, until: Any) -> Any:
        if until is not None and until <= timezone.now():
            raise serializers.ValidationError(_("Give a time in the future."), code="in_the_past")
        return until
