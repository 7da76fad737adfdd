"""The desk for the conversation: comments in their threads, likes, hashtags and mentions. Loaded by `clips.admin`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import BigDesk, EdgeDesk, confirmed, each
from accounts.models import User

from ..models import ClipHashtag, Comment, CommentLike, Hashtag, Like, Mention
from . import comments, likes


class CommentStanding(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("stands", _("Standing")), ("deleted", _("Deleted, until it is purged")), ("pinned", _("Pinned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        match self.value():
            case "stands":
                return queryset.standing()  # type: ignore[attr-defined]
            case "deleted":
                return queryset.filter(deleted_at__isnull=False)
            case "pinned":
                return queryset.filter(is_pinned=True)
        return queryset


class CommentPlace(admin.SimpleListFilter):
    title = gettext_lazy("place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("comment", _("Comments")), ("reply", _("Replies"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        match self.value():
            case "comment":
                return queryset.filter(parent=None)
            case "reply":
                return queryset.filter(parent__isnull=False)
        return queryset


@admin.register(Comment)
class CommentDesk(BigDesk):
    list_display = ("number", "author", "clip", "words", "place", "like_count", "reply_count", "created_at", "stands")
    list_filter = (CommentStanding, CommentPlace, ("edited_at", admin.EmptyFieldListFilter))
    list_select_related = ("author", "clip", "parent")
    search_fields = ("text", "=author__username", "=clip__pk", "=clip__author__username")
    search_help_text = gettext_lazy("Words, a handle (of the writer or of the clip's author), or the number of a clip.")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    fields = (
        "author", "clip", "thread", "text", "is_pinned", "like_count", "reply_count",
        "created_at", "edited_at", "deleted_at", "deleted_by",
    )  # fmt: skip
    actions = ("remove",)

    @admin.display(description=gettext_lazy("comment"), ordering="pk")
    def number(self, comment: Comment) -> str:
        return f"{comment.pk}"

    @admin.display(description=gettext_lazy("text"))
    def words(self, comment: Comment) -> SafeString:
        return format_html("<bdi>{}</bdi>", Truncator(comment.text).chars(80))

    @admin.display(description=gettext_lazy("place"))
    def place(self, comment: Comment) -> str:
        if comment.parent_id:
            return _("reply to %(number)s") % {"number": comment.parent_id}
        return _("pinned") if comment.is_pinned else "–"

    @admin.display(boolean=True, description=gettext_lazy("stands"))
    def stands(self, comment: Comment) -> bool:
        return comment.deleted_at is None and (comment.parent is None or comment.parent.deleted_at is None)

    @admin.display(description=gettext_lazy("answers"))
    def thread(self, comment: Comment) -> SafeString | str:
        if comment.parent is None:
            return "–"
        where = reverse("admin:clips_comment_change", args=[comment.parent_id])
        return format_html('<a href="{}">{}</a> <bdi>{}</bdi>', where, comment.parent_id, comment.parent.text)

    @admin.action(description=gettext_lazy("Delete comments, with their replies"), permissions=["act"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Comment]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="remove",
            title=_("Delete comments"),
            consequence=_("They disappear for everyone at once, replies to them too, and are erased after a day."),
        )
        if page is None:
            each(self, request, queryset, partial(_remove, by=request.user), done=_("deleted"))
        return page


def _remove(comment: Comment, *, by: User) -> str | None:
    return None if comments.remove_comment(comment=comment, by=by) else _("is deleted already")


@admin.register(Like)
class LikeDesk(EdgeDesk):
    list_display = ("user", "clip", "created_at")
    list_select_related = ("user", "clip")
    search_fields = ("=user__username", "=clip__pk", "=clip__author__username")
    search_help_text = gettext_lazy("A handle (of the person or of the clip's author), or the number of a clip.")
    date_hierarchy = "created_at"
    ordering = ("-pk",)

    def end(self, edge: Like) -> None:
        likes.unlike_clip(user=edge.user, clip_id=edge.clip_id)


@admin.register(CommentLike)
class CommentLikeDesk(EdgeDesk):
    list_display = ("user", "comment", "created_at")
    list_select_related = ("user", "comment")
    search_fields = ("=user__username", "=comment__pk", "=comment__author__username")
    search_help_text = gettext_lazy("A handle (of the person or of the writer), or the number of a comment.")
    ordering = ("-pk",)

    def end(self, edge: CommentLike) -> None:
        likes.unlike_comment(user=edge.user, comment_id=edge.comment_id)


@admin.register(Hashtag)
class HashtagDesk(BigDesk):
    list_display = ("name", "clips", "created_at")
    search_fields = ("name__startswith",)
    search_help_text = gettext_lazy("The beginning of a name, in small letters.")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hashtag]:
        return super().get_queryset(request).annotate(use_count=Count("uses"))

    @admin.display(description=gettext_lazy("clips"))
    def clips(self, hashtag: Any) -> int:
        return hashtag.use_count  # type: ignore[no-any-return]


@admin.register(ClipHashtag)
class ClipHashtagDesk(BigDesk):
    list_display = ("hashtag", "clip", "published_at")
    list_select_related = ("hashtag", "clip")
    search_fields = ("=hashtag__name", "=clip__pk", "=clip__author__username")
    search_help_text = gettext_lazy("A name in small letters, the number of a clip, or its author's handle.")
    ordering = ("-pk",)


@admin.register(Mention)
class MentionDesk(BigDesk):
    list_display = ("user", "clip", "comment", "created_at")
    list_filter = (("comment", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "clip", "comment")
    search_fields = ("=user__username", "=clip__pk", "=clip__author__username", "=comment__author__username")
    search_help_text = gettext_lazy("A handle (of whom it mentions or who wrote it), or the number of a clip.")
    ordering = ("-pk",)
