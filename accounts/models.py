"""People and the edges between them. Who may see whom is decided in `accounts.querysets`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .life_models import Departure as Departure
from .life_models import DepartureKind as DepartureKind
from .life_models import Erasure as Erasure
from .life_models import Export as Export
from .life_models import ExportState as ExportState
from .life_models import FormerHandle as FormerHandle
from .life_models import RetiredHandle as RetiredHandle
from .querysets import BlockQuerySet, FollowQuerySet, MuteQuerySet, UserManager
from .security_models import MailKind as MailKind
from .security_models import OutgoingMail as OutgoingMail
from .security_models import SecurityEvent as SecurityEvent
from .security_models import SecurityKind as SecurityKind
from .security_models import ThrottleMark as ThrottleMark
from .security_models import TokenLabel as TokenLabel

HANDLE_PATTERN = r"^[a-z0-9](?:[a-z0-9._]{0,28}[a-z0-9_])?$"
BIO_LENGTH = 300
NAME_LENGTH = 50
MINIMUM_AGE_YEARS = 13  # the age of digital consent nowhere goes below 13 (GDPR art. 8, COPPA)
SPEEDS = (50, 75, 100, 125, 150, 175, 200)  # percent of a clip's own speed

handle_validator = RegexValidator(
    HANDLE_PATTERN,
    _("Use 1 to 30 small letters a-z, digits, dots and underscores; start with a letter or digit."),
    code="invalid_handle",
)


class TabAudience(models.TextChoices):
    """Who may open the Reposts tab of a profile. It can only narrow what each repost allows."""

    FOLLOWERS = "followers", _("Followers")
    MUTUALS = "mutuals", _("Mutuals only")
    NOBODY = "nobody", _("Only me")


class SendsFrom(models.TextChoices):
    """Who may send a person clips. Nobody closes both ways: who takes nothing sends nothing."""

    MUTUALS = "mutuals", _("Mutuals")
    FOLLOWED = "followed", _("People I follow")
    NOBODY = "nobody", _("Nobody")


class User(AbstractUser):
    """A person. `username` is the handle: small letters, unique, shown after an @."""

    username = models.CharField(_("handle"), max_length=30, unique=True, validators=[handle_validator])
    display_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    bio = models.CharField(max_length=BIO_LENGTH, blank=True, validators=[MaxLengthValidator(BIO_LENGTH)])
    birth_date = models.DateField(null=True, blank=True)
    avatar = models.CharField(
        max_length=120, blank=True, help_text=_("Path below MEDIA_ROOT of a square WebP that we made.")
    )
    is_private = models.BooleanField(
        _("private account"), default=False, help_text=_("Only accepted followers see clips and reposts.")
    )
    reposts_tab = models.CharField(_("Reposts tab"), max_length=10, choices=TabAudience, default=TabAudience.FOLLOWERS)
    raise_watched = models.BooleanField(
        _("bring watched clips back"),
        default=False,
        help_text=_("A further repost raises a clip that was watched already."),
    )
    sends_from = models.CharField(_("clips sent by"), max_length=10, choices=SendsFrom, default=SendsFrom.MUTUALS)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES, help_text=_("Empty: as the browser asks.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, help_text=_("Empty: as the browser tells."))
    captions_on = models.BooleanField(_("captions"), default=False, help_text=_("Show captions where a clip has them."))
    playback_percent = models.PositiveSmallIntegerField(
        _("playback speed"), default=100, choices=[(percent, f"{percent / 100:g}×") for percent in SPEEDS]
    )
    # What the feeds leave out; the rules are in `feeds.querysets`.
    hide_reposted = models.BooleanField(
        _("leave out what I reposted"), default=True, help_text=_("Clips I passed on are not shown to me again.")
    )
    hide_watched = models.BooleanField(
        _("leave out watched clips"), default=False, help_text=_("Clips I watched are not shown to me again.")
    )
    hide_reposts_of_followed = models.BooleanField(
        _("only reposts of people I do not follow"),
        default=False,
        help_text=_("Reposts of clips by people I follow are no reason in my feeds."),
    )
    last_seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    is_dormant = models.BooleanField(
        default=False,
        help_text=_("Not seen for ACTIVE_DAYS: fan-out passes by, the feed is rebuilt on return."),
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text=_("Raised to end every session: those made before no longer count.")
    )

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    objects = UserManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(reposts_tab__in=TabAudience.values), name="accounts_user_reposts_tab"),
            models.CheckConstraint(condition=Q(sends_from__in=SendsFrom.values), name="accounts_user_sends_from"),
            models.CheckConstraint(condition=Q(playback_percent__in=SPEEDS), name="accounts_user_playback_percent"),
        ]

    def __str__(self) -> str:
        return f"@{self.username}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:profile", args=[self.username])

    @property
    def name(self) -> str:
        """What to call the person: the display name, else the handle."""
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be believed. Changes with the password and with `session_epoch`."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for digest in super().get_session_auth_fallback_hash():
            yield f"{digest}.{self.session_epoch}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


def age_on(birth_date: date, today: date) -> int:
    """Whole years between `birth_date` and `today`."""
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


class Follow(models.Model):
    """`follower` follows `followee`; a request while `accepted_at` is null (private accounts)."""

    # Foreign keys here and below have no index of their own where a unique key or listing starts with them.

    follower = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="following_edges")
    followee = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="follower_edges")
    accepted_at = models.DateTimeField(null=True, blank=True)
    show_reposts = models.BooleanField(default=True)
    is_dormant = models.BooleanField(
        default=False, help_text=_("The follower's `is_dormant`, kept here so that fan-out reads one index.")
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followee"], name="accounts_follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followee")), name="accounts_follow_not_self"),
        ]
        indexes = [
            # Fan-out walks this one in follower order and touches no table row.
            models.Index(
                fields=["followee", "follower"],
                condition=Q(accepted_at__isnull=False, is_dormant=False),
                name="accounts_follow_fanout",
            ),
            models.Index(fields=["followee", "-id"], name="accounts_follow_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followee_id}"


class Block(models.Model):
    """`blocker` blocks `blocked`. It hides both from each other everywhere."""

    blocker = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="blocks_made")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks_received")
    created_at = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="accounts_block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="accounts_block_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} ✕ {self.blocked_id}"


class MuteScope(models.TextChoices):
    ALL = "all", _("Everything")
    REPOSTS = "reposts", _("Reposts only")


class Mute(models.Model):
    """`muter` keeps `muted` out of the feeds, for ever or `until` a time. The other side is not told."""

    muter = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="mutes_made")
    muted = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes_received")
    scope = models.CharField(max_length=8, choices=MuteScope, default=MuteScope.ALL)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="accounts_mute_once"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="accounts_mute_not_self"),
            models.CheckConstraint(condition=Q(scope__in=MuteScope.values), name="accounts_mute_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.muter_id} mutes {self.muted_id} ({self.scope})"
