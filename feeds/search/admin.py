"""The desk for the search: what the index holds, and who paused their memory. What people searched for is theirs
alone: the desk says how many searches are kept, not which."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk

from .models import RecentSearch, SearchDocument, SearchPause


@admin.register(SearchDocument)
class SearchDocumentDesk(BigDesk):
    list_display = ("id", "kind", "number", "weight", "tokens")
    list_filter = ("kind",)
    search_fields = ("=id",)
    search_help_text = _("The number of a document: four times the number of the person, clip or tag, plus the kind's.")
    ordering = ("-pk",)
    actions = ("forget",)

    @admin.display(description=_("of number"))
    def number(self, document: SearchDocument) -> int:
        return document.target_id

    @admin.action(description=_("Take out; the hourly sweep puts back what belongs in"), permissions=["act"])
    def forget(self, request: HttpRequest, queryset: QuerySet[SearchDocument]) -> None:
        count, _rows = queryset.delete()
        self.message_user(request, _("%(count)d taken out.") % {"count": count})


@admin.register(RecentSearch)
class RecentSearchDesk(BigDesk):
    list_display = ("id", "user", "searched_at")
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = _("A handle, exactly.")
    ordering = ("-pk",)
    fields = ("user", "searched_at")


@admin.register(SearchPause)
class SearchPauseDesk(BigDesk):
    list_display = ("user", "since")
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = _("A handle, exactly.")
    ordering = ("-pk",)
