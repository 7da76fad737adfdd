"""The desk for reposts: who passed what on, through whom, with which words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.desk import BigDesk, each

from . import services
from .models import Arrival, Repost

LONGEST_CHAIN = 12  # steps shown; one query a step


class Standing(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("live", _("Standing")), ("undone", _("Undone")), ("detached", _("Comment taken off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Repost]) -> QuerySet[Repost]:
        match self.value():
            case "live":
                return queryset.filter(undone_at=None)
            case "undone":
                return queryset.filter(undone_at__isnull=False)
            case "detached":
                return queryset.filter(comment_detached_at__isnull=False)
        return queryset


class Depth(admin.SimpleListFilter):
    title = _("depth")
    parameter_name = "depth"
    ranges = {"0": (0, 0), "1": (1, 2), "3": (3, 9), "10": (10, 10**9)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("0", _("From the clip itself")),
            ("1", _("1 or 2 steps on")),
            ("3", _("3 to 9 steps on")),
            ("10", _("10 and more")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Repost]) -> QuerySet[Repost]:
        bounds = self.ranges.get(self.value() or "")
        return queryset.filter(depth__range=bounds) if bounds else queryset


@admin.register(Repost)
class RepostDesk(BigDesk):
    list_display = ("number", "user", "clip", "words", "audience", "depth", "through", "created_at", "standing")
    list_filter = (Standing, "audience", Depth, ("comment", admin.EmptyFieldListFilter))
    list_select_related = ("user", "clip", "via__user")
    search_fields = ("comment", "=user__username", "=clip__pk", "=clip__author__username")
    search_help_text = _("Words of the comment, a handle (reposter or author), or the number of a clip.")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = (
        "user", "clip", "comment", "audience", "created_at", "undone_at", "comment_detached_at", "chain", "onward",
    )  # fmt: skip
    actions = ("undo",)

    @admin.display(description=_("repost"), ordering="pk")
    def number(self, repost: Repost) -> str:
        return f"{repost.pk}"

    @admin.display(description=_("comment"))
    def words(self, repost: Repost) -> SafeString | str:
        return format_html("<bdi>{}</bdi>", Truncator(repost.comment).chars(80)) if repost.comment else "–"

    @admin.display(ordering="via")
    def through(self, repost: Repost) -> str:
        return f"{repost.via.user} ({repost.via_id})" if repost.via else "–"

    @admin.display(boolean=True)
    def standing(self, repost: Repost) -> bool:
        return repost.undone_at is None

    @admin.display(description=_("how it got here"))
    def chain(self, repost: Repost) -> SafeString:
        """From the clip's author through every repost in between to this one."""
        steps: list[Repost] = [repost]
        while steps[-1].via_id and len(steps) < LONGEST_CHAIN:
            steps.append(Repost.objects.select_related("user").get(pk=steps[-1].via_id))
        people = format_html_join(
            " → ",
            '<a href="{}">{}</a>',
            ((reverse("admin:reposts_repost_change", args=[step.pk]), step.user) for step in reversed(steps)),
        )
        start = "…" if steps[-1].via_id else repost.clip.author
        return format_html("{} → {}", start, people)

    @admin.display(description=_("passed on from here"))
    def onward(self, repost: Repost) -> str:
        count = repost.onward.count()
        return ngettext("%(count)d time", "%(count)d times", count) % {"count": count}

    @admin.action(description=_("Undo: take these reposts back"), permissions=["act"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Repost]) -> None:
        each(self, request, queryset, _undo, done=_("undone"))


def _undo(repost: Repost) -> str | None:
    if repost.undone_at is None and services.undo_repost(user=repost.user, clip_id=repost.clip_id):
        return None
    return gettext("is undone already")


@admin.register(Arrival)
class ArrivalDesk(BigDesk):
    list_display = ("viewer", "clip", "repost", "created_at")
    list_select_related = ("viewer", "clip", "repost")
    search_fields = ("=viewer__username", "=clip__pk", "=repost__pk")
    search_help_text = _("A handle, the number of a clip, or of a repost.")
    ordering = ("-pk",)
