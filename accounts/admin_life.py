"""The desk for leaving: former handles, departures, erasures and exports."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from . import departures, exports, services
from .desk import BigDesk, Desk, confirmed, each
from .exceptions import AccountsError
from .models import Departure, Erasure, Export, FormerHandle, RetiredHandle


@admin.register(FormerHandle)
class FormerHandleDesk(BigDesk):
    list_display = ("handle", "user", "given_up_at", "reserved_until")
    list_select_related = ("user",)
    search_fields = ("=handle", "=user__username")
    search_help_text = _lazy("A handle, exactly: the former or the present one.")
    date_hierarchy = "given_up_at"
    ordering = ("-pk",)


@admin.register(RetiredHandle)
class RetiredHandleDesk(BigDesk):
    """Handles of erased accounts that nobody may take yet, as keyed hashes: which they are cannot be told."""

    list_display = ("digest", "until")
    ordering = ("until", "pk")


@admin.register(Departure)
class DepartureDesk(Desk):
    """Who hid their account, and whose is about to be erased."""

    list_display = ("user", "kind", "since", "erase_at", "may_return", "started_at", "step", "attempts")
    list_filter = ("kind", "may_return", ("started_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = _lazy("A handle, exactly.")
    ordering = ("erase_at", "pk")
    actions = ("call_off", "expedite")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Only superusers end somebody's account sooner, or keep it against their word."""
        return bool(request.user.is_superuser)

    @admin.action(description=_lazy("Call off: the account is visible again"), permissions=["decide"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[Departure]) -> None:
        each(self, request, queryset.select_related("user"), self._call_off, done=_("called off"))

    def _call_off(self, departure: Departure) -> str | None:
        try:
            services.reactivate_user(user=departure.user)
        except AccountsError as error:
            return str(error.detail)
        return None

    @admin.action(description=_lazy("Erase now: the time of grace ends"), permissions=["decide"])
    def expedite(self, request: HttpRequest, queryset: QuerySet[Departure]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="expedite",
            title=_("Erase accounts now"),
            consequence=_("Everything of these people is erased within minutes. That cannot be undone by anybody."),
        )
        if page is None:
            each(self, request, queryset, self._expedite, done=_("to be erased now"))
        return page

    def _expedite(self, departure: Departure) -> str | None:
        return None if departures.expedite(departure=departure) else _("is not waiting to be erased")


@admin.register(Erasure)
class ErasureDesk(Desk):
    """That accounts were erased. Whose they were nobody knows any more."""

    list_display = ("pk", "asked_at", "finished_at", "attempts")
    list_display_links = None
    date_hierarchy = "finished_at"
    ordering = ("-pk",)


@admin.register(Export)
class ExportDesk(BigDesk):
    """That exports are made, and how it went. What is in them is for their owners alone."""

    list_display = (
        "pk",
        "user",
        "state",
        "progress",
        "requested_at",
        "expires_at",
        "bytes",
        "failure_code",
        "attempts",
    )
    list_filter = ("state", "failure_code")
    list_select_related = ("user",)
    search_fields = ("=user__username",)
    search_help_text = _lazy("A handle, exactly.")
    ordering = ("-pk",)
    fields = (*list_display[1:], "ready_at", "lease_until")
    actions = ("remove",)

    @admin.action(description=_lazy("Remove with the file"), permissions=["act"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Export]) -> None:
        count = 0
        for export in queryset:
            exports.drop(export)
            count += 1
        self.message_user(request, _("%(count)d removed.") % {"count": count}, messages.SUCCESS)
