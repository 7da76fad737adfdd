"""The share sheet, reposting and its undoing, and the list of who reposted.

Each write answers a form without scripts with a redirect and a message, and htmx with the piece of the page that
changed: the sheet when it was asked from there, else the card's button and a toast.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.redirects import back, safe_next, signed_in
from accounts.selectors import edge_counts
from clips.models import Clip, RepostPolicy
from clips.selectors import clip_views
from clips.sends.views import send_context

from . import services
from .exceptions import RepostRefused
from .forms import RepostForm
from .models import Repost
from .selectors import own_reposts, repost_lines

LINES = 30  # reposts a page of the list
private = cache_control(private=True, no_store=True)


def _visible(request: HttpRequest, pk: int) -> Clip:
    clip = Clip.objects.visible_to(request.user).select_related("author").filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def _clip_context(request: HttpRequest, clip: Clip) -> dict[str, Any]:
    """The clip, the viewer's repost of it and where the clip was met: for the sheet and for the button."""
    via = request.POST.get("via") or request.GET.get("via")
    return {
        "clip": clip_views(request.user, [clip.pk])[clip.pk],
        "own": own_reposts(request.user, [clip.pk]).get(clip.pk),
        "via": _number(via),
    }


def _sheet_context(request: HttpRequest, clip: Clip, **more: Any) -> dict[str, Any]:
    context = _clip_context(request, clip)
    own = context["own"]
    path = reverse("clips:detail", args=[clip.pk])
    context |= {
        "clip_path": path,
        "clip_url": request.build_absolute_uri(path),
        "back_url": safe_next(request, path),
        "comment": own.comment if own else "",
    }
    if request.user.is_authenticated:
        context |= send_context(request, clip)
        context["sizes"] = services.audience_sizes(user=request.user, clip=clip)
        context["sizes_narrowed"] = clip.visibility != "public" or clip.author.is_private
        is_own = clip.author_id == request.user.pk
        context["needs_comment"] = clip.allow_reposts == RepostPolicy.WITH_COMMENT and not is_own
        try:
            services.check_repostable(user=request.user, clip=clip, comment=own.comment if own else "")
        except RepostRefused as refusal:
            context["refusal"], context["refusal_code"] = refusal.detail, refusal.code
    return context | more


def _sheet(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "reposts/_sheet.html" if request.htmx else "reposts/sheet.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _in_sheet(request: HttpRequest) -> bool:
    return request.htmx.target == "sheet-body"  # type: ignore[attr-defined,no-any-return]


def _pieces(request: HttpRequest, clip: Clip, text: str, *, undo: bool, **more: Any) -> HttpResponse:
    """What changed on the page that htmx asked from: the sheet and, out of band, the button; or button and toast."""
    reach = edge_counts(request.user).followers  # type: ignore[arg-type]
    if _in_sheet(request):
        context = _sheet_context(request, clip, said=text, reach=reach, **more)
        button = render_to_string("reposts/_button.html", context | {"oob": True}, request)
        response = _sheet(request, context)
        response.write(button)
        return response
    context = _clip_context(request, clip) | {"reach": reach, "text": text, "undo": undo}
    return HttpResponse(
        render_to_string("reposts/_button.html", context, request)
        + render_to_string("reposts/_toast.html", context, request)
    )


@private
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/share/?via=…: Repost first, with whom it reaches, then the link. For all who see the clip."""
    return _sheet(request, _sheet_context(request, _visible(request, pk)))


@private
@require_POST
@signed_in
def repost(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comment, audience, via (all optional): repost, or change what was reposted."""
    clip = _visible(request, pk)
    form = RepostForm(request.POST)
    if not form.is_valid():
        error = _("That text or audience cannot be used.")
        return _refused(request, clip, error, 400)
    try:
        _repost, created = services.repost_clip(user=request.user, clip_id=pk, **form.asked())  # type: ignore[arg-type]
    except Clip.DoesNotExist as error:  # hidden since it was looked up
        raise Http404 from error
    except RepostRefused as refusal:
        return _refused(request, clip, refusal.detail, 422, refusal)
    clip.refresh_from_db(fields=["repost_count"])
    text = _("Reposted") if created else _("Saved")
    if request.htmx:  # type: ignore[attr-defined]
        return _pieces(request, clip, text, undo=True)
    messages.success(request, _("Reposted. You can add a comment or undo it under Share.") if created else _("Saved."))
    return back(request, reverse("clips:detail", args=[pk]))


def _refused(
    request: HttpRequest, clip: Clip, text: str, status: int, refusal: RepostRefused | None = None
) -> HttpResponse:
    """The sheet again with what was typed and why not. A card's button has no room for it: a toast says it there."""
    if request.htmx and not _in_sheet(request):  # type: ignore[attr-defined]
        context = _clip_context(request, clip) | {"text": text, "reach": 0}
        return HttpResponse(
            render_to_string("reposts/_button.html", context, request)
            + render_to_string("reposts/_toast.html", context, request),
            status=422,
        )
    typed = {"comment": request.POST.get("comment", ""), "audience": request.POST.get("audience", "")}
    about_text = refusal is None or "comment" in refusal.code
    context = _sheet_context(request, clip, **typed, error=text if about_text else "")
    return _sheet(request, context, 422 if request.htmx else status)  # type: ignore[attr-defined]


@private
@require_POST
@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take one's repost back, also of a clip that one cannot see any more. Repeating it is no error."""
    services.undo_repost(user=request.user, clip_id=pk)  # type: ignore[arg-type]
    clip = Clip.objects.visible_to(request.user).select_related("author").filter(pk=pk).first()
    text = _("Repost undone")
    if request.htmx and clip:  # type: ignore[attr-defined]
        return _pieces(request, clip, text, undo=False)
    messages.success(request, _("Repost undone."))
    return back(request, reverse("clips:detail", args=[pk]) if clip else "feeds:home")


@private
@require_safe
def repost_list(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/reposts/?before=<id>: newest first, those that the viewer may see."""
    clip = _visible(request, pk)
    rows = Repost.objects.visible_to(request.user).filter(clip=clip).order_by("-pk")
    before = request.GET.get("before")
    if before:
        if _number(before) is None:
            context = {"detail": _("The address is damaged."), "restart_url": request.path}
            return render(request, "400.html", context, status=400)
        rows = rows.filter(pk__lt=_number(before))
    lines = repost_lines(rows[: LINES + 1])
    shown = lines[:LINES]
    return render(
        request,
        "reposts/list.html",
        {
            "clip": clip_views(request.user, [pk])[pk],
            "lines": shown,
            "is_first": not before,
            "next_url": f"{request.path}?{urlencode({'before': shown[-1].id})}" if len(lines) > LINES else "",
        },
    )


@private
@require_POST
@signed_in
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """POST reposts/<id>/detach/: the clip's author takes a comment off their clip; the repost stays."""
    try:
        repost = services.detach_comment(author=request.user, repost_id=pk)  # type: ignore[arg-type]
    except Repost.DoesNotExist as error:
        raise Http404 from error
    except RepostRefused as refusal:
        messages.error(request, refusal.detail)
        return back(request, "feeds:home")
    messages.success(request, _("The comment is off your clip. The repost itself stays."))
    return back(request, reverse("clips:detail", args=[repost.clip_id]))
