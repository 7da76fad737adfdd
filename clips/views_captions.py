"""Captions of one's own clip: a page with the tracks and a form for a file, and the editor of one track."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from .captions import editing, languages, tracks, webvtt
from .exceptions import CaptionsRefused, ClipRefused
from .models import CaptionTrack, Clip
from .selectors import clip_views

private = cache_control(private=True, no_store=True)


class TrackForm(forms.Form):
    """A language, and a file that can be left out: then the track is written in the editor."""

    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=70,
        widget=forms.TextInput(attrs={"list": "languages", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("Choose one, or type its tag: en, pt-BR, zh-Hant."),
    )
    file = forms.FileField(
        label=gettext_lazy("Caption file"),
        required=False,
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt,application/x-subrip"}),
        help_text=gettext_lazy("WebVTT or SubRip. Without a file you write the lines yourself."),
    )

    def clean_language(self) -> str:
        tag = languages.canonical(self.cleaned_data["language"])
        if tag is None:
            raise forms.ValidationError(_("This is not a language tag. Examples: en, pt-BR, zh-Hant."))
        return tag


def _own_or_404(request: HttpRequest, pk: int) -> Clip:
    """One's own clip that is prepared: captions need its length."""
    clip = Clip.objects.owned_by(request.user).filter(pk=pk).first()
    if clip is None or not clip.is_prepared:
        raise Http404
    return clip


def _tag_or_404(text: str) -> str:
    tag = languages.canonical(text)
    if tag is None:
        raise Http404
    return tag


def _context(request: HttpRequest, clip: Clip, **more: Any) -> dict[str, Any]:
    return {"clip": clip, "player": clip_views(request.user, [clip.pk])[clip.pk], **more}


@private
@require_http_methods(["GET", "POST"])
@login_required
def captions(request: HttpRequest, pk: int) -> HttpResponse:
    """GET lists the tracks; POST takes a file, or opens the editor for a new language."""
    clip = _own_or_404(request, pk)
    form = TrackForm(request.POST, request.FILES) if request.method == "POST" else TrackForm()
    problems: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        tag, file = form.cleaned_data["language"], form.cleaned_data["file"]
        if file is None:
            return redirect("clips:caption_track", clip.pk, tag)
        try:
            return _take_file(request, clip, tag, file)
        except CaptionsRefused as refusal:
            problems = refusal.problems
        except ClipRefused as refusal:
            form.add_error(None, refusal.detail)
    found = CaptionTrack.objects.filter(clip=clip).order_by("language").defer("vtt")
    context = _context(
        request,
        clip,
        form=form,
        problems=problems,
        tracks=[(track, languages.label(track.language)) for track in found],
        offered=languages.offered(),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems or form.errors else HTTPStatus.OK
    return render(request, "clips/captions.html", context, status=status)


def _take_file(request: HttpRequest, clip: Clip, tag: str, file: UploadedFile) -> HttpResponse:
    """Raises: CaptionsRefused, TooManyTracks."""
    if (file.size or 0) > webvtt.MAX_BYTES:
        text = _("The file is larger than %(kilobytes)s kB.") % {"kilobytes": webvtt.MAX_BYTES // 1024}
        raise CaptionsRefused([(0, text)])
    cues = webvtt.read(file.read(), duration_ms=clip.duration_ms)
    tracks.put_track(clip=clip, language=tag, cues=cues)
    messages.success(request, _saved(tag, len(cues)))
    return redirect("clips:caption_track", clip.pk, tag)


def _saved(tag: str, count: int) -> str:
    return ngettext(
        "Captions in %(language)s are saved: %(count)s line.",
        "Captions in %(language)s are saved: %(count)s lines.",
        count,
    ) % {"language": languages.label(tag), "count": count}


@private
@require_http_methods(["GET", "POST"])
@login_required
def caption_track(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The editor. POST saves, or with `do` changes the rows and shows them again, not saved."""
    clip, tag = _own_or_404(request, pk), _tag_or_404(language)
    track = CaptionTrack.objects.filter(clip=clip, language=tag).first()
    errors: list[str] = []
    status, unsaved = HTTPStatus.OK, False
    if request.method == "POST":
        rows = editing.rows_from(request.POST)
        if command := request.POST.get("do"):
            changed = editing.operate(rows, command, duration_ms=clip.duration_ms)
            if changed is None:
                return HttpResponse(status=400)
            rows, unsaved = changed, True
        else:
            try:
                cues = editing.cues_from(rows, duration_ms=clip.duration_ms)
                tracks.put_track(clip=clip, language=tag, cues=cues)
            except CaptionsRefused as refusal:
                rows, errors = editing.with_errors(rows, refusal)
                status = HTTPStatus.UNPROCESSABLE_ENTITY
            except ClipRefused as refusal:
                errors, status = [refusal.detail], HTTPStatus.UNPROCESSABLE_ENTITY
            else:
                messages.success(request, _saved(tag, len(cues)))
                return redirect("clips:caption_track", clip.pk, tag)
    else:
        rows = editing.rows_of(tracks.cues_of(track, duration_ms=clip.duration_ms)) if track else []
    context = _context(
        request,
        clip,
        track=track,
        language=tag,
        language_label=languages.label(tag),
        language_direction=languages.direction(tag),
        rows=rows or [editing.Row(webvtt.clock(0), webvtt.clock(min(editing.NEW_MS, clip.duration_ms)), "")],
        problems=errors,
        faulty=sum(bool(row.error) for row in rows),
        unsaved=unsaved,
        max_cues=webvtt.MAX_CUES,
    )
    return render(request, "clips/caption_track.html", context, status=status)


@private
@require_POST
@login_required
def delete_captions(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Remove a track."""
    clip, tag = _own_or_404(request, pk), _tag_or_404(language)
    tracks.delete_track(clip=clip, language=tag)
    messages.success(request, _("The captions in %(language)s are deleted.") % {"language": languages.label(tag)})
    return redirect("clips:captions", clip.pk)
