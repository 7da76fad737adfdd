"""The face of the desk as a whole, and the record of what was done at it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk

admin.site.site_title = _("Reprise desk")
admin.site.site_header = _("Reprise · moderators' desk")
admin.site.index_title = _("People, clips and how they spread")


@admin.register(LogEntry)
class LogEntryDesk(BigDesk):
    """Who did what here. Kept by Django's admin for every change and action; nobody can edit it."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message")
    list_filter = ("action_flag", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("=user__username", "object_repr", "=object_id")
    search_help_text = _("A handle, or the name or number of what was changed.")
    date_hierarchy = "action_time"
    ordering = ("-pk",)
    fields = ("action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "get_change_message")
