"""The desk for caption tracks: read in place, and removed where they break the rules."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import BigDesk, confirmed, each
from clips.models import CaptionTrack

from . import languages, tracks


@admin.register(CaptionTrack)
class CaptionTrackDesk(BigDesk):
    list_display = ("clip", "author", "language", "name", "cue_count", "updated_at")
    list_filter = ("language",)
    list_select_related = ("clip__author",)
    search_fields = ("=clip__pk", "=clip__author__username", "vtt")
    search_help_text = gettext_lazy("The number of a clip, its author's handle, or words of the captions.")
    ordering = ("-pk",)
    fields = ("clip", "author", "language", "name", "cue_count", "created_at", "updated_at", "vtt")
    actions = ("delete_tracks",)

    @admin.display(description=gettext_lazy("author"))
    def author(self, track: CaptionTrack) -> str:
        return str(track.clip.author)

    @admin.display(description=gettext_lazy("language's own name"))
    def name(self, track: CaptionTrack) -> str:
        return languages.label(track.language)

    @admin.action(description=gettext_lazy("Delete captions"), permissions=["act"])
    def delete_tracks(self, request: HttpRequest, queryset: QuerySet[CaptionTrack]) -> TemplateResponse | None:
        page = confirmed(
            self,
            request,
            queryset,
            action="delete_tracks",
            title=_("Delete captions"),
            consequence=_("They are gone from the clip at once. The author can upload others."),
        )
        if page is None:
            each(self, request, queryset.select_related("clip"), _delete, done=_("deleted"))
        return page


def _delete(track: CaptionTrack) -> str | None:
    tracks.delete_track(clip=track.clip, language=track.language)
    return None
