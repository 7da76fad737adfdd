"""The desk for sent clips: who sent how much to whom. What people wrote to each other is between them: the text shows
on the page of one row alone, for a report that names it. Loaded by `clips.admin`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import BigDesk

from ..models import Conversation, Send


class SendReading(admin.SimpleListFilter):
    title = gettext_lazy("read")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Read")), ("no", _("Not read yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Send]) -> QuerySet[Send]:
        if self.value() is None:
            return queryset
        return queryset.filter(read_at__isnull=self.value() == "no")


@admin.register(Send)
class SendDesk(BigDesk):
    list_display = ("id", "sender", "recipient", "clip", "created_at", "read_at", "reaction")
    list_filter = (SendReading, "reaction")
    list_select_related = ("sender", "recipient", "clip")
    search_fields = ("=sender__username", "=recipient__username", "=clip__pk")
    search_help_text = gettext_lazy("A handle, exactly, or the number of a clip.")
    ordering = ("-pk",)


@admin.register(Conversation)
class ConversationDesk(BigDesk):
    list_display = ("id", "owner", "other", "newest_id")
    list_select_related = ("owner", "other")
    search_fields = ("=owner__username", "=other__username")
    search_help_text = gettext_lazy("A handle, exactly.")
    ordering = ("-pk",)
