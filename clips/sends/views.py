"""The inbox and sending from the share sheet. Plain forms that htmx makes quick."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.redirects import back

from ..exceptions import SendRefused
from ..models import Clip, Send, SendReaction
from . import inbox, sending

private = cache_control(private=True, no_store=True)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return int(text)


def _other_or_404(request: HttpRequest, username: str) -> User:
    other = User.objects.visible_to(request.user).filter(username=username).exclude(pk=request.user.pk).first()
    if other is None:
        raise Http404
    return other


@private
@require_safe
@login_required
def conversations(request: HttpRequest) -> HttpResponse:
    """GET inbox/?before=: conversations, the newest first."""
    before = _before(request)
    page = inbox.inbox_page(request.user, before=before)
    return render(request, "sends/inbox.html", {"page": page, "is_first": before is None})


@private
@require_safe
@login_required
def thread(request: HttpRequest, username: str) -> HttpResponse:
    """GET inbox/<handle>/?before=: what two people sent each other, the newest first. Opening it is reading it."""
    other, before = _other_or_404(request, username), _before(request)
    page = inbox.thread_page(request.user, other, before=before)
    if before is None and page.rows:
        sending.mark_read(user=request.user, other=other, up_to=page.rows[0].id)
    context = {
        "other": other,
        "page": page,
        "is_first": before is None,
        "reactions": list(SendReaction),
        "takes": User.objects.taking_sends_of(request.user).filter(pk=other.pk).exists(),
    }
    return render(request, "sends/thread.html", context)


@private
@require_POST
@login_required
def hide_thread(request: HttpRequest, username: str) -> HttpResponse:
    """POST: take the whole conversation out of one's own side."""
    sending.hide_conversation(user=request.user, other=_other_or_404(request, username))
    messages.success(request, _("The conversation is gone from your side."))
    return redirect("clips:inbox")


@private
@require_POST
@login_required
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """POST inbox/sends/<id>/hide/: take one out of one's own side. Repeating it is no error."""
    sending.hide(user=request.user, send_id=pk)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse("")
    messages.success(request, _("Gone from your side. The other side keeps it."))
    return back(request, "clips:inbox")


@private
@require_POST
@login_required
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """POST inbox/sends/<id>/react/ `reaction`: one of ours; the same again, or none, takes it back."""
    wanted = request.POST.get("reaction", "")
    try:
        send = Send.objects.received_by(request.user).get(pk=pk)
        send = sending.react(user=request.user, send_id=pk, reaction="" if wanted == send.reaction else wanted)
    except (Send.DoesNotExist, ValueError) as error:
        raise Http404 from error
    if request.htmx:  # type: ignore[attr-defined]
        context = {"line": inbox.line_of(request.user, send), "reactions": list(SendReaction), "other": send.sender}
        return render(request, "sends/_line.html", context)
    return back(request, reverse("clips:thread", args=[send.sender.username]))


# --- From the share sheet -----------------------------------------------------------------------------


def _clip_or_404(request: HttpRequest, pk: int) -> Clip:
    clip = Clip.objects.visible_to(request.user).filter(pk=pk).first()
    if clip is None:
        raise Http404
    return clip


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send_door(request: HttpRequest, pk: int) -> HttpResponse:
    """clips/<id>/send/: GET whom to choose from, POST to send."""
    return send(request, pk) if request.method == "POST" else people(request, pk)


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """GET clips/<id>/send/?who=&to=: whom to choose from, as a fragment, or as a page with the whole form.

    Those named by `to` stay chosen whatever is looked for."""
    clip = _clip_or_404(request, pk)
    context = send_context(request, clip)
    template = "sends/_people.html" if request.htmx else "sends/send.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def send_context(request: HttpRequest, clip: Clip) -> dict[str, Any]:
    """What the form for sending `clip` needs; also for the share sheet."""
    who = request.GET.get("who", "")[:100]
    asked = [
        handle for handle in request.GET.getlist("to")[: sending.AT_ONCE] if handle.isascii() and handle.isprintable()
    ]
    found = inbox.find(request.user, who) if who.strip() else inbox.favourites(request.user)  # type: ignore[arg-type]
    chosen = list(User.objects.visible_to(request.user).filter(username__in=asked)) if asked else []
    ids = {one.pk for one in chosen}
    return {
        "send_clip_id": clip.pk,
        "who": who,
        "send_chosen": chosen,
        "send_people": [one for one in found if one.id not in ids],
        "send_path": reverse("clips:send", args=[clip.pk]),
    }


def send(request: HttpRequest, pk: int) -> HttpResponse:
    """POST clips/<id>/send/ `to` (several), `text`: send it; what came of it for each as a message or a toast."""
    clip = _clip_or_404(request, pk)
    text = request.POST.get("text", "")[:4_000]
    try:
        deliveries = sending.send_clip(sender=request.user, clip_id=pk, to=request.POST.getlist("to"), text=text)
    except Clip.DoesNotExist as error:  # hidden since it was looked up
        raise Http404 from error
    except SendRefused as refusal:
        return _sent(request, clip, refusal.detail, good=False, text=text)
    all_well = all(one.outcome in (sending.Outcome.SENT, sending.Outcome.ALREADY_SENT) for one in deliveries)
    return _sent(request, clip, sending.summary(deliveries), good=all_well)


def _sent(request: HttpRequest, clip: Clip, said: str, *, good: bool, text: str = "") -> HttpResponse:
    """The form again (empty after it went well) and what came of it; without htmx a message and the way back."""
    if request.htmx:  # type: ignore[attr-defined]
        context = send_context(request, clip) | {"send_said": said, "send_good": good, "send_text": text}
        return HttpResponse(render_to_string("sends/_form.html", context, request))
    (messages.success if good else messages.warning)(request, said)
    return back(request, reverse("clips:detail", args=[clip.pk]))
