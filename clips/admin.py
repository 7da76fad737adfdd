"""The desk for clips: seen and played in place, whoever may see them outside."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk, BoundedPaginator, Desk, confirmed, each

from . import admin_views, publication, services
from .captions import admin as captions_admin  # noqa: F401 (its desk registers itself)
from .exceptions import ClipRefused, NotRetryable
from .models import Clip, Plan, Rendition, Watch
from .querysets import STAGES
from .sends import admin as sends  # noqa: F401 -- Django looks for desks here only
from .talk import admin as talk_admin  # noqa: F401 (its desks register themselves)

EDITED = ("caption", "alt_text", "visibility", "allow_reposts", "allow_comments")


class Presence(admin.SimpleListFilter):
    """Where a clip stands for its audience: `state` says only how far the media work came."""

    title = _("presence")
    parameter_name = "presence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("live", _("Live")),
            ("draft", _("Drafts")),
            ("scheduled", _("Scheduled")),
            ("deleted", _("Deleted by the author")),
            ("removed", _("Removed by a moderator")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clip]) -> QuerySet[Clip]:
        match self.value():
            case "live":
                return queryset.filter(state="ready", deleted_at=None, removed_at=None, author__is_active=True)
            case "draft" | "scheduled" as stage:
                return queryset.filter(STAGES[stage], deleted_at=None, removed_at=None)
            case "deleted":
                return queryset.filter(deleted_at__isnull=False)
            case "removed":
                return queryset.filter(removed_at__isnull=False)
        return queryset


class RenditionInline(admin.TabularInline):
    model = Rendition
    fields = readonly_fields = ("short_edge", "width", "height", "bytes", "path")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def media_address(clip_id: int, file: str) -> str:
    """Address of a clip's file for moderators, such as `poster` or `480.mp4`."""
    return reverse("admin:clips_clip_media", args=[clip_id, file])


@admin.register(Clip)
class ClipDesk(Desk):
    list_display = (
        "picture", "title", "author", "state", "presence", "visibility", "allow_reposts",
        "repost_count", "like_count", "comment_count", "watch_count", "length", "published_at",
    )  # fmt: skip
    list_display_links = ("picture", "title")
    list_filter = ("state", Presence, "visibility", "allow_reposts", "has_audio", "failure_code")
    list_select_related = ("author",)
    search_fields = ("=pk", "caption", "=author__username", "=sha256")
    search_help_text = _("A number, words of the caption, a handle, or the SHA-256 of an upload.")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    list_per_page = 25
    paginator = BoundedPaginator
    edited_fields = EDITED
    fieldsets = (
        (None, {"fields": ("player", *EDITED)}),
        (
            _("Who and when"),
            {
                "fields": (
                    "author", "presence", "created_at", "published_at", "plan", "publish_at",
                    "deleted_at", "removed_at",
                )
            },
        ),
        (_("How far it went"), {"fields": ("repost_count", "watch_count", "like_count", "comment_count")}),
        (
            _("Media"),
            {
                "fields": (
                    "state", "progress", "attempts", "lease_until", "failure_code", "failure_detail",
                    "length", "width", "height", "has_audio", "caption_languages",
                    "original_name", "original_bytes", "sha256",
                ),
            },
        ),
    )  # fmt: skip
    inlines = (RenditionInline,)
    actions = ("delete_clips", "retry_clips", "unschedule_clips")

    def get_urls(self) -> list[URLPattern]:
        media = admin_views.media_view(self)
        return [path("<int:pk>/media/<str:file>", media, name="clips_clip_media"), *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("caption", "alt_text"):
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3, "dir": "auto"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Clip, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in EDITED if name in form.changed_data}
        services.update_clip(clip=obj, **changes)

    @admin.display(description="")
    def picture(self, clip: Clip) -> SafeString | str:
        if not clip.poster or clip.deleted_at:
            return format_html('<span class="desk-poster desk-poster-none" title="{}"></span>', _("no picture"))
        return format_html(
            '<img class="desk-poster" src="{}" alt="{}" width="45" height="80" loading="lazy">',
            media_address(clip.pk, "poster"),
            clip.alt_text or _("Poster of clip %(number)d") % {"number": clip.pk},
        )

    @admin.display(description=_("clip"), ordering="pk")
    def title(self, clip: Clip) -> SafeString:
        text = Truncator(clip.caption).chars(60) or _("no caption")
        return format_html('<span class="desk-id">{}</span> <bdi>{}</bdi>', clip.pk, text)

    @admin.display
    def presence(self, clip: Clip) -> str:
        if clip.deleted_at:
            return gettext("deleted")
        if clip.removed_at:
            return gettext("removed")
        if clip.state == "held":
            return str(clip.get_plan_display())
        if not clip.is_live:
            return gettext("not published")
        return gettext("live") if clip.author.is_active else gettext("author inactive")

    @admin.display(ordering="duration_ms")
    def length(self, clip: Clip) -> str:
        return f"{clip.duration_ms / 1000:.1f} s" if clip.duration_ms else "–"

    @admin.display(description=_("as people see it"))
    def player(self, clip: Clip) -> SafeString | str:
        made = clip.renditions.order_by("short_edge").first()
        if made is None or clip.deleted_at:
            return gettext("Nothing to play.")
        return format_html(
            '<video class="desk-player" controls loop playsinline preload="metadata" poster="{}" src="{}"></video>',
            media_address(clip.pk, "poster"),
            media_address(clip.pk, f"{made.short_edge}.mp4"),
        )

    @admin.action(description=_("Delete clips, their files too"), permissions=["act"])
    def delete_clips(self, request: HttpRequest, queryset: QuerySet[Clip]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="delete_clips",
            title=_("Delete clips"),
            consequence=_(
                "They disappear from every page and feed at once, their reposts with them. "
                "Their files are erased: this cannot be undone."
            ),
        )
        if page is None:
            each(self, request, queryset, _delete, done=_("deleted"))
        return page

    @admin.action(description=_("Process failed clips again"), permissions=["act"])
    def retry_clips(self, request: HttpRequest, queryset: QuerySet[Clip]) -> None:
        each(self, request, queryset, _retry, done=_("queued again"))

    @admin.action(description=_("Take the schedule off: they become drafts"), permissions=["act"])
    def unschedule_clips(self, request: HttpRequest, queryset: QuerySet[Clip]) -> None:
        each(self, request, queryset, _unschedule, done=_("made drafts"))


def _unschedule(clip: Clip) -> str | None:
    if clip.plan != Plan.AT:
        return gettext("is not scheduled")
    try:
        publication.plan_clip(clip=clip, plan=Plan.DRAFT)
    except ClipRefused as refusal:
        return str(refusal.detail)
    return None


def _delete(clip: Clip) -> str | None:
    if clip.deleted_at:
        return gettext("is deleted already")
    services.delete_clip(clip=clip)
    return None


def _retry(clip: Clip) -> str | None:
    try:
        services.retry_clip(clip=clip)
    except NotRetryable as refusal:
        return str(refusal.detail)
    return None


@admin.register(Rendition)
class RenditionDesk(Desk):
    list_display = ("clip", "short_edge", "width", "height", "bytes")
    list_filter = ("short_edge",)
    list_select_related = ("clip",)
    search_fields = ("=clip__pk", "=clip__author__username")
    search_help_text = _("The number of a clip, or its author's handle.")
    ordering = ("-pk",)
    paginator = BoundedPaginator


@admin.register(Watch)
class WatchDesk(BigDesk):
    list_display = ("viewer", "clip", "furthest_ms", "plays", "source", "watched_at", "updated_at")
    list_filter = (("watched_at", admin.EmptyFieldListFilter), "source")
    list_select_related = ("viewer", "clip")
    search_fields = ("=viewer__username", "=clip__pk")
    search_help_text = _("A handle, or the number of a clip.")
    ordering = ("-pk",)
