"""The activity log, the work of spreading it, and what each viewer's feed store holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clips.models import Clip
from reposts.models import Repost

from .notifications.models import Notification as Notification
from .notifications.models import NotificationGroup as NotificationGroup
from .notifications.models import NotificationSettings as NotificationSettings
from .querysets import ActivityQuerySet, FeedControlQuerySet
from .search.models import RecentSearch as RecentSearch
from .search.models import SearchDocument as SearchDocument
from .search.models import SearchPause as SearchPause


class ActivityKind(models.TextChoices):
    PUBLISH = "publish", _("published")
    REPOST = "repost", _("reposted")


class Fanout(models.TextChoices):
    """How an activity reaches its actor's followers."""

    WAITING = "waiting", _("waiting")
    PUSH = "push", _("push (in a chunk with others)")
    SPLIT = "split", _("push (in several chunks)")
    PULL = "pull", _("pull (merged at read)")


class Activity(models.Model):
    """One line of the log: `actor` published or reposted `clip`. Ids are handed out in commit order.

    The row is also the outbox: `fanout = waiting` until it is planned, `delivered_at` null until every
    follower's store has it. Whatever is not delivered is merged at read, so nothing waits for a worker.
    """

    kind = models.CharField(max_length=8, choices=ActivityKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="activities"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, db_index=False, related_name="activities")
    repost = models.OneToOneField(Repost, null=True, blank=True, on_delete=models.CASCADE, related_name="activity")
    created_at = models.DateTimeField(default=timezone.now)
    fanout = models.CharField(max_length=8, choices=Fanout, default=Fanout.WAITING)
    chunk = models.ForeignKey(
        "FanoutChunk", null=True, blank=True, on_delete=models.SET_NULL, db_index=False, related_name="activities"
    )
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["clip"], condition=Q(kind="publish"), name="feeds_activity_published_once"),
            models.CheckConstraint(
                condition=Q(kind="publish", repost__isnull=True) | Q(kind="repost", repost__isnull=False),
                name="feeds_activity_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["clip", "actor"], name="feeds_activity_by_clip"),
            models.Index(fields=["actor", "id"], name="feeds_activity_by_actor"),
            models.Index(fields=["actor", "id"], condition=Q(delivered_at=None), name="feeds_activity_undelivered"),
            models.Index(fields=["id"], condition=Q(fanout="waiting"), name="feeds_activity_waiting"),
            models.Index(fields=["id", "clip"], condition=Q(kind="publish"), name="feeds_activity_publications"),
            models.Index(
                fields=["chunk"],
                condition=Q(chunk__isnull=False, delivered_at=None),
                name="feeds_activity_by_open_chunk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.get_kind_display()} clip {self.clip_id}"


class FanoutChunk(models.Model):
    """A piece of fan-out that one worker writes in one statement.

    Either many small activities to all their followers (`activity` null; they point here), or one large
    activity to the followers with ids in `follower_from`..`follower_to`, both inclusive.
    """

    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="split_chunks")
    follower_from = models.BigIntegerField(null=True, blank=True)
    follower_to = models.BigIntegerField(null=True, blank=True)
    planned_rows = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="feeds_chunk_open")]

    def __str__(self) -> str:
        return f"chunk {self.pk} ({self.planned_rows} rows)"


class FeedState(models.Model):
    """What the feed store of a viewer is worth: complete from activity id `floor` up, unless stale.

    `version` rises when the store may miss something (a new follow, a return); a rebuild records in
    `built_version` which version it saw, so a change that races it leaves the store stale, not wrong.
    """

    viewer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="feed_state"
    )
    version = models.PositiveIntegerField(default=1)
    built_version = models.PositiveIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"feed store of {self.viewer_id}"

    @property
    def is_stale(self) -> bool:
        return self.built_version != self.version


class FeedEntry(models.Model):
    """One delivered activity in the `sql` store. Plain integers, no constraint: it proposes, the log disposes.

    On SQLite the table is WITHOUT ROWID (see migration 0001): some 11 bytes a row."""

    pk = models.CompositePrimaryKey("viewer_id", "activity_id")
    viewer_id = models.BigIntegerField()
    activity_id = models.BigIntegerField()
    clip_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = _("feed entries")

    def __str__(self) -> str:
        return f"activity {self.activity_id} for {self.viewer_id}"


class SeenClip(models.Model):
    """A viewer watched a clip when the log stood at `activity_id`: later reposts do not raise it again."""

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="seen_clips"
    )
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="seen_by")
    activity_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["viewer", "clip"], name="feeds_seenclip_once")]

    def __str__(self) -> str:
        return f"{self.viewer_id} has seen clip {self.clip_id}"


class ControlKind(models.TextChoices):
    """What a person leaves out of their feeds. Mutes of a person or of their reposts are `accounts.Mute`."""

    CLIP = "clip", _("One clip")
    CLIPS_BY = "clips_by", _("Clips by one person, whoever passes them on")
    REPOSTS_OF = "reposts_of", _("Reposts of one person’s clips")
    WORDS = "words", _("Clips and comments with certain words")
    FEWER = "fewer", _("Fewer clips like this one")


class FeedControl(models.Model):
    """`viewer` leaves something out of their feeds, for ever or `until` a time; nobody else is told.

    The rules are asked at read (`feeds.querysets`), so one that is over needs no cleaning. Which columns say what:

    - `clip`: the clip; `clips_by`, `reposts_of`: the person;
    - `words`: `text` as typed, `key` as compared (see `accounts.words.fold`);
    - `fewer`: the clip it was said of, its hashtags then in `text`, and `via`, the repost that it came by.
      Hides nothing: For You weighs it (`feeds.ranking`), less and less until `until`.
    """

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="feed_controls"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ControlKind)
    clip = models.ForeignKey(Clip, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    via = models.ForeignKey(Repost, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("text"), max_length=500, blank=True)
    key = models.CharField(max_length=420, null=True, blank=True)  # null where it takes no part in uniqueness
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = FeedControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed control")
        verbose_name_plural = _("feed controls")
        constraints = [
            # Also the indexes that the rules probe. Nulls are never equal, so each binds only its own kinds.
            models.UniqueConstraint(fields=["viewer", "kind", "clip"], name="feeds_control_clip_once"),
            models.UniqueConstraint(fields=["viewer", "kind", "person"], name="feeds_control_person_once"),
            models.UniqueConstraint(fields=["viewer", "kind", "key"], name="feeds_control_words_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["clip", "fewer"], clip__isnull=False, person=None, key=None)
                | Q(kind__in=["clips_by", "reposts_of"], clip=None, person__isnull=False, key=None)
                | (Q(kind="words", clip=None, person=None, key__isnull=False) & ~Q(key="")),
                name="feeds_control_shape",
            ),
        ]
        indexes = [models.Index(fields=["viewer", "-created_at"], name="feeds_control_listing")]

    def __str__(self) -> str:
        return f"{self.viewer_id} leaves out: {self.get_kind_display()}"


class TrendingClip(models.Model):
    """One of the most watched public clips of the last days, with its score then: a source of For You.

    Written anew by `feeds.trending` every few minutes; which of them a viewer may see is asked at read."""

    clip = models.OneToOneField(Clip, on_delete=models.CASCADE, primary_key=True, related_name="trending")
    score = models.FloatField(db_index=True)

    def __str__(self) -> str:
        return f"clip {self.clip_id} ({self.score:.1f})"
