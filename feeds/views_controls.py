"""What a person leaves out of their feeds: the "why" sheet of a card, the choices made there, and the list of them.

Choices are plain forms. Without scripts they answer with a redirect and a message; for htmx with a toast that undoes
them, and with the event `reprise:cards`: which of the cards on the open page still belong there.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services as people
from accounts.exceptions import Refusal
from accounts.models import User
from accounts.redirects import back, safe_next
from accounts.text import isolated
from clips.models import Clip

from . import controls
from .assembly import live_reasons
from .control_list import KINDS, BadPlace, Place, control_lines
from .for_you import still_wanted
from .forms import ControlForm, FeedSettingsForm, PageForm, Watched, WordsForm, until
from .why import FEEDS, explain
from .why_text import edge_lines, factor, obstacle_line, summary, term_lines

private = cache_control(private=True, no_store=True)


def _viewer(request: HttpRequest) -> User:
    """Who is signed in: `login_required` lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


@private
@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/why/?feed=following|for-you: 404 for whoever may not see the clip."""
    feed = request.GET.get("feed", "following" if request.user.is_authenticated else "for-you")
    if feed not in FEEDS or (feed == "following" and not request.user.is_authenticated):
        raise Http404
    try:
        found = explain(request.user, clip_id=pk, feed=feed)
    except Clip.DoesNotExist as error:
        raise Http404 from error
    path = reverse("clips:detail", args=[pk])
    context = {
        "why": found,
        "clip": found.clip,
        "feed": feed,
        "summary": summary(found),
        "edges": [(edge, edge_lines(edge)) for edge in found.edges],
        "terms": [(line, factor(line.factor)) for line in term_lines(found.terms)] if found.terms else [],
        "score": factor(found.terms.score) if found.terms else "",
        "obstacles": [(one, obstacle_line(one)) for one in found.obstacles],
        "left_out": [(one, obstacle_line(one)) for one in found.left_out],
        "back_url": safe_next(request, reverse(f"feeds:{feed.replace('-', '_')}")),
        "clip_path": path,
    }
    return render(request, "feeds/_why.html" if request.htmx else "feeds/why.html", context)  # type: ignore[attr-defined]


@private
@require_POST
@login_required
def hide(request: HttpRequest) -> HttpResponse:
    """POST `kind` with `clip` or `person`, and `days`: a choice from a card or its sheet."""
    form = ControlForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("That cannot be chosen."), 400)
    try:
        text, reference = _choose(request, form.cleaned_data)
    except Clip.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        return _refused(request, str(refusal.detail), 409)
    gone = {form.cleaned_data["clip"]} if form.cleaned_data["kind"] == "fewer" else set()
    return _answer(request, text, reference=reference, gone=gone)


def _choose(request: HttpRequest, asked: dict[str, Any]) -> tuple[str, str]:
    """Make the choice. Returns what was done, in words, and the reference that undoes it (empty: nothing does)."""
    viewer, kind, clip_id, end = _viewer(request), asked["kind"], asked["clip"] or 0, until(asked["days"])
    if kind == "clip":
        control = controls.hide_clip(viewer=viewer, clip_id=clip_id, until=end)
        return _("You will not see this clip again."), f"c{control.pk}"
    if kind == "fewer":
        control = controls.fewer_like(viewer=viewer, clip_id=clip_id, via_id=asked["via"])
        return _("For You will have fewer clips like this one."), f"c{control.pk}"
    person = User.objects.visible_to(viewer).filter(username=asked["person"]).first()
    if person is None:
        raise Http404
    values = {"name": isolated(person.name), "days": asked["days"]}
    if kind == "unfollow":
        people.unfollow_user(follower=viewer, followee=person)
        return _("You no longer follow %(name)s.") % values, ""
    if kind == "reposts_by":
        mute = controls.hide_reposts_by(viewer=viewer, person=person, until=end)
        text = _("Reposts by %(name)s are hidden for %(days)d days.") if end else _("Reposts by %(name)s are hidden.")
        return text % values, f"m{mute.pk}"
    if kind == "reposts_of":
        control = controls.hide_reposts_of(viewer=viewer, person=person, until=end)
        text = (
            _("Reposts of clips by %(name)s are hidden for %(days)d days.")
            if end
            else _("Reposts of clips by %(name)s are hidden.")
        )
        return text % values, f"c{control.pk}"
    control = controls.hide_clips_by(viewer=viewer, person=person, until=end)
    text = _("Clips by %(name)s are hidden for %(days)d days.") if end else _("Clips by %(name)s are hidden.")
    return text % values, f"c{control.pk}"


@private
@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """POST `reference`: take back one line of the list. Repeating it is no error."""
    controls.undo(viewer=_viewer(request), reference=request.POST.get("reference", "")[:30])
    return _answer(request, _("Taken back."))


def _answer(request: HttpRequest, text: str, *, reference: str = "", gone: set[int] | None = None) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, text)
        return back(request, "feeds:controls")
    context = {"text": text, "reference": reference}
    response = render(request, "feeds/_control_toast.html", context)
    form = PageForm(request.POST)
    if form.is_valid() and form.cleaned_data["feed"]:
        asked, feed = form.clip_ids(), form.cleaned_data["feed"]
        still = (
            still_wanted(_viewer(request), asked) - (gone or set())
            if feed == "for-you"
            else live_reasons(_viewer(request), asked)
        )
        standing = [pk for pk in asked if pk in still]
        response["HX-Trigger"] = json.dumps({"reprise:cards": {"asked": asked, "standing": standing}})
    return response


def _refused(request: HttpRequest, text: str, status: int) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "feeds/_control_toast.html", {"text": text, "error": True}, status=422)
    messages.error(request, text)
    return back(request, "feeds:controls")


# --- The page ---------------------------------------------------------------------------------------------------


@private
@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """GET settings/feed/?kind=…&below=…: every choice with its undo. POST: the settings, or words to hide."""
    viewer = _viewer(request)
    section = request.POST.get("section", "")
    initial = {"watched": Watched.of(viewer)} | {
        name: getattr(viewer, name) for name in ("hide_reposted", "hide_reposts_of_followed")
    }
    settings = FeedSettingsForm(request.POST if section == "settings" else None, initial=initial)
    words = WordsForm(request.POST if section == "words" else None)
    if section == "settings" and settings.is_valid():
        people.update_profile(user=viewer, **settings.changes())
        messages.success(request, _("Your settings are saved."))
        return redirect("feeds:controls")
    if section == "words" and words.is_valid():
        try:
            controls.hide_words(viewer=viewer, text=words.cleaned_data["text"], until=until(words.cleaned_data["days"]))
        except Refusal as refusal:
            words.add_error("text", str(refusal.detail))
        else:
            messages.success(request, _("Clips and comments with these words are hidden."))
            return redirect("feeds:controls")
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise Http404
    try:
        below = Place.decode(request.GET["below"]) if request.GET.get("below") else None
    except BadPlace as error:
        raise Http404 from error
    lines = control_lines(viewer, kind=kind, below=below)
    query = {"kind": kind} if kind else {}
    context = {
        "settings": settings,
        "watched_choices": Watched.CHOICES,
        "words": words,
        "kinds": KINDS,
        "kind": kind,
        "lines": lines.rows,
        "is_first": below is None,
        "next_url": f"?{urlencode(query | {'below': lines.next.encode()})}" if lines.next else "",
        "here": f"{request.path}?{urlencode(query)}" if query else request.path,
    }
    return render(request, "feeds/controls.html", context)
