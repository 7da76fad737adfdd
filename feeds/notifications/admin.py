"""The desk for notifications: who was told what, in which groups, and what people want to hear of."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk, each

from . import services
from .models import Digest, Notification, NotificationGroup, NotificationSettings


class ReadState(admin.SimpleListFilter):
    title = _("read")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Read")), ("no", _("Unread"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[NotificationGroup]) -> QuerySet[NotificationGroup]:
        if self.value() is None:
            return queryset
        return queryset.filter(read_at__isnull=self.value() == "no")


@admin.register(Notification)
class NotificationDesk(BigDesk):
    list_display = ("id", "recipient", "kind", "actor", "clip_number", "repost_number", "created_at")
    list_filter = ("kind",)
    list_select_related = ("recipient", "actor")
    search_fields = ("=recipient__username", "=actor__username", "=clip__pk", "=group__pk")
    search_help_text = _("A handle (of either side), or the number of a clip or a group.")
    ordering = ("-pk",)

    @admin.display(description=_("clip"), ordering="clip")
    def clip_number(self, row: Notification) -> str:
        return f"{row.clip_id or '–'}"

    @admin.display(description=_("repost"), ordering="repost")
    def repost_number(self, row: Notification) -> str:
        return f"{row.repost_id or '–'}"


@admin.register(NotificationGroup)
class NotificationGroupDesk(BigDesk):
    list_display = ("id", "recipient", "kind", "clip_number", "day", "size", "is_open", "read_at")
    list_filter = ("kind", ReadState, "is_open")
    list_select_related = ("recipient",)
    search_fields = ("=recipient__username", "=clip__pk")
    search_help_text = _("A handle, or the number of a clip.")
    ordering = ("-pk",)

    @admin.display(description=_("clip"), ordering="clip")
    def clip_number(self, row: NotificationGroup) -> str:
        return f"{row.clip_id or '–'}"


@admin.register(NotificationSettings)
class NotificationSettingsDesk(BigDesk):
    list_display = ("user", "switched_off", "digest", "digest_due_at", "digest_sent_at")
    list_filter = ("digest",)
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = _("A handle, exactly.")
    ordering = ("-pk",)
    actions = ("end_digest",)

    @admin.display(description=_("switched off"))
    def switched_off(self, row: NotificationSettings) -> str:
        return ", ".join(row.off) or "–"

    @admin.action(description=_("End the e-mail digest"), permissions=["act"])
    def end_digest(self, request: HttpRequest, queryset: QuerySet[NotificationSettings]) -> None:
        each(self, request, queryset.select_related("user"), _end_digest, done=_("digest ended"))


def _end_digest(row: NotificationSettings) -> str | None:
    if row.digest == Digest.OFF:
        return "there is none"
    services.change_settings(user=row.user, digest=Digest.OFF)
    return None
