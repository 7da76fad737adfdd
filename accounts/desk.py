"""What the pages of the moderators' desk (the Django admin) have in common, in every app.

Rows here are made and changed by services. The desk shows them, and its actions call those services.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

MOST_COUNTED = 10_000  # rows; counting a table of millions takes seconds, and nobody turns to page 200


class BoundedPaginator(Paginator):
    """Counts no further than MOST_COUNTED rows: pages beyond are reached by search and filters."""

    @cached_property
    def count(self) -> int:
        return len(self.object_list.values_list("pk")[:MOST_COUNTED])  # type: ignore[attr-defined]


class Desk(admin.ModelAdmin):
    """A page of rows that services own: nothing is added, changed or deleted by hand.

    The `view` permission opens it. Actions declare `permissions=["act"]`, for which one needs the `change`
    permission. A subclass that lets something be edited on the row's page says so by `edited_fields`.
    """

    show_full_result_count = False
    list_per_page = 50
    edited_fields: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """What actions ask for. Apart from `has_change_permission`, so that a page without a field to edit has
        no Save button."""
        return admin.ModelAdmin.has_change_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.edited_fields) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        shown = [name for name in _flat(self.get_fields(request, obj)) if name not in self.edited_fields]
        return shown

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if self.fields:
            return self.fields
        if self.fieldsets:
            return [name for _title, options in self.fieldsets for name in options["fields"]]
        return [field.name for field in self.model._meta.fields]


class BigDesk(Desk):
    """A `Desk` for tables that grow with every view and every follower."""

    paginator = BoundedPaginator


class EdgeDesk(BigDesk):
    """A `Desk` for edges between people: they can be ended, by the service that ends them for their owners."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def end(self, edge: Any) -> None:
        """Call the service that ends this edge."""
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.end(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for edge in queryset.select_related():
            self.end(edge)


def _flat(fields: Any) -> list[str]:
    return [name for entry in fields for name in (entry if isinstance(entry, (list, tuple)) else [entry])]


def confirmed(
    desk: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    action: str,
    title: str,
    consequence: str,
) -> TemplateResponse | None:
    """The page that asks before an action which cannot simply be taken back; None once it was answered.

    `action` is the name of the action's method, `consequence` a sentence that says what will happen."""
    if request.POST.get("confirmed"):
        return None
    context = {
        **desk.admin_site.each_context(request),
        "title": title,
        "consequence": consequence,
        "rows": list(rows),
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "opts": desk.model._meta,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def each(
    desk: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    do: Callable[[Any], str | None],
    *,
    done: str,
) -> None:
    """Call `do` on every row, note the change in the history of the row, and say how many it was.

    `do` returns why nothing was done, or None. `done` is what happened, such as "undone"."""
    count = 0
    refusals: list[str] = []
    for row in rows:
        if reason := do(row):
            refusals.append(f"{row}: {reason}")
            continue
        desk.log_change(request, row, done)
        count += 1
    if count:
        desk.message_user(request, _("%(count)d %(done)s.") % {"count": count, "done": done}, messages.SUCCESS)
    for refusal in refusals[:5]:
        desk.message_user(request, refusal, messages.WARNING)
    if len(refusals) > 5:
        desk.message_user(request, _("… and %(count)d more.") % {"count": len(refusals) - 5}, messages.WARNING)
