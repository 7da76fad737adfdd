"""The desk for the activity log, its fan-out and what each viewer's feed store holds."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk, each

from . import controls, fanout, upkeep
from .models import Activity, FanoutChunk, FeedControl, FeedState, SeenClip, TrendingClip
from .notifications import admin as notifications  # noqa: F401 -- Django looks for desks here only
from .search import admin as search  # noqa: F401 -- Django looks for desks here only
from .stores import get_store

ENTRIES_SHOWN = 40
_TOP = 2**63 - 1  # above every activity id


class Delivery(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "delivered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In the stores")), ("no", _("Merged at read"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        if self.value() is None:
            return queryset
        return queryset.filter(delivered_at__isnull=self.value() == "no")


class Progress(admin.SimpleListFilter):
    title = _("progress")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Waiting")),
            ("held", _("A worker holds it")),
            ("done", _("Done")),
            ("hard", _("Tried more than once")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FanoutChunk]) -> QuerySet[FanoutChunk]:
        held = Q(done_at=None, lease_until__gt=timezone.now())
        match self.value():
            case "open":
                return queryset.filter(done_at=None).exclude(held)
            case "held":
                return queryset.filter(held)
            case "done":
                return queryset.filter(done_at__isnull=False)
            case "hard":
                return queryset.filter(attempts__gt=1)
        return queryset


class Staleness(admin.SimpleListFilter):
    title = _("store")
    parameter_name = "store"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("fresh", _("Complete")), ("stale", _("To be filled at the next read"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeedState]) -> QuerySet[FeedState]:
        complete = Q(version=F("built_version"))
        return {"fresh": queryset.filter(complete), "stale": queryset.exclude(complete)}.get(
            self.value() or "", queryset
        )


@admin.register(Activity)
class ActivityDesk(BigDesk):
    list_display = ("id", "actor", "kind", "clip", "repost_number", "created_at", "fanout", "delivered_at")
    list_filter = ("kind", "fanout", Delivery)
    list_select_related = ("actor", "clip")
    search_fields = ("=actor__username", "=clip__pk", "=repost__pk")
    search_help_text = _("A handle, or the number of a clip or a repost.")
    ordering = ("-pk",)

    @admin.display(description=_("repost"), ordering="repost")
    def repost_number(self, activity: Activity) -> str:
        return f"{activity.repost_id or '–'}"


@admin.register(FanoutChunk)
class FanoutChunkDesk(BigDesk):
    list_display = (
        "id", "activity_number", "follower_from", "follower_to", "planned_rows", "attempts", "lease_until", "done_at",
    )  # fmt: skip
    list_filter = (Progress,)
    search_fields = ("=pk", "=activity__pk", "=activities__pk")
    search_help_text = _("The number of a chunk or of an activity.")
    ordering = ("-pk",)
    actions = ("redeliver",)

    @admin.display(description=_("activity"), ordering="activity")
    def activity_number(self, chunk: FanoutChunk) -> str:
        return f"{chunk.activity_id or _('several')}"

    @admin.action(description=_("Deliver again (writes only what is missing)"), permissions=["act"])
    def redeliver(self, request: HttpRequest, queryset: QuerySet[FanoutChunk]) -> None:
        each(self, request, queryset, _redeliver, done=_("queued for delivery"))


def _redeliver(chunk: FanoutChunk) -> str | None:
    return None if fanout.redeliver(chunk_id=chunk.pk) else gettext("a worker holds it")


@admin.register(FeedState)
class FeedStateDesk(BigDesk):
    list_display = ("viewer", "complete", "version", "built_version", "floor", "built_at")
    list_filter = (Staleness,)
    list_select_related = ("viewer",)
    search_fields = ("viewer__username",)
    search_help_text = _("A handle.")
    ordering = ("-pk",)
    fields = ("viewer", "complete", "version", "built_version", "floor", "built_at", "newest_entries")
    actions = ("make_stale", "rebuild")

    @admin.display(boolean=True)
    def complete(self, state: FeedState) -> bool:
        return not state.is_stale

    @admin.display(description=_("newest %(count)d entries") % {"count": ENTRIES_SHOWN})
    def newest_entries(self, state: FeedState) -> str:
        """What the store proposes: two queries. What the viewer sees of it is decided at every read."""
        entries = get_store().window(state.viewer_id, below=_TOP, floor=0, limit=ENTRIES_SHOWN)
        ids = [entry.activity_id for entry in entries]
        log = Activity.objects.select_related("actor", "repost").in_bulk(ids)
        shown = set(Activity.objects.feed_of(state.viewer).filter(pk__in=ids).values_list("pk", flat=True))
        lines = [(entry, log.get(entry.activity_id), entry.activity_id in shown) for entry in entries]
        return render_to_string("admin/feeds/_entries.html", {"lines": lines})

    @admin.action(description=_("Mark stale: filled at the viewer's next read"), permissions=["act"])
    def make_stale(self, request: HttpRequest, queryset: QuerySet[FeedState]) -> None:
        each(self, request, queryset, _make_stale, done=_("marked stale"))

    @admin.action(description=_("Rebuild from the log now"), permissions=["act"])
    def rebuild(self, request: HttpRequest, queryset: QuerySet[FeedState]) -> None:
        each(self, request, queryset.select_related("viewer"), _rebuild, done=_("rebuilt"))


def _make_stale(state: FeedState) -> None:
    upkeep.mark_stale(viewer_id=state.viewer_id)


def _rebuild(state: FeedState) -> None:
    upkeep.mark_stale(viewer_id=state.viewer_id)
    upkeep.ready_state(state.viewer)


@admin.register(SeenClip)
class SeenClipDesk(BigDesk):
    list_display = ("viewer", "clip", "activity_id")
    list_select_related = ("viewer", "clip")
    search_fields = ("=viewer__username", "=clip__pk")
    search_help_text = _("A handle, or the number of a clip.")
    ordering = ("-pk",)


class Standing(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Holds now")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeedControl]) -> QuerySet[FeedControl]:
        if self.value() == "now":
            return queryset.active()  # type: ignore[attr-defined,no-any-return]
        if self.value() == "over":
            return queryset.filter(until__lte=timezone.now())
        return queryset


@admin.register(FeedControl)
class FeedControlDesk(BigDesk):
    """What people leave out of their feeds: for helping somebody whose feed seems empty. The words are theirs, so
    the list does not show them; the page of one row does."""

    list_display = ("viewer", "kind", "person", "clip", "created_at", "until")
    list_filter = ("kind", Standing)
    list_select_related = ("viewer", "person", "clip")
    search_fields = ("=viewer__username", "=person__username", "=clip__pk")
    search_help_text = _("A handle, exactly, or the number of a clip.")
    ordering = ("-pk",)
    fields = ("viewer", "kind", "person", "clip", "via", "text", "created_at", "until")
    actions = ("take_back",)

    @admin.action(description=_("Take back: the feed shows it again"), permissions=["act"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[FeedControl]) -> None:
        each(self, request, queryset.select_related("viewer"), _take_back, done=_("taken back"))


def _take_back(control: FeedControl) -> None:
    controls.undo(viewer=control.viewer, reference=f"c{control.pk}")


@admin.register(TrendingClip)
class TrendingClipDesk(BigDesk):
    list_display = ("clip", "score")
    list_select_related = ("clip",)
    search_fields = ("=clip__pk",)
    search_help_text = _("The number of a clip.")
    ordering = ("-score",)
