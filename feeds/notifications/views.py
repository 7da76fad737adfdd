"""The list of notifications, its marks, its settings, and the link that ends the e-mails."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.redirects import back

from . import digest, selectors, services
from .forms import SettingsForm
from .models import Digest, NotificationGroup
from .wording import address, sentence_html

private = cache_control(private=True, no_store=True)
TAB_LABELS = {
    "all": gettext_lazy("All"),
    "mentions": gettext_lazy("Mentions"),
    "reposts": gettext_lazy("Reposts"),
    "follows": gettext_lazy("Follows"),
}
MOST_READ_AT_ONCE = 100


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _shown(lines: list[selectors.Line]) -> list[dict[str, object]]:
    return [{"line": line, "sentence": sentence_html(line), "url": address(line)} for line in lines]


@private
@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """GET notifications/?tab=…&below=…: 404 for an unknown tab or place."""
    tab = request.GET.get("tab", "all")
    below = _id(request.GET["below"]) if "below" in request.GET else None
    if tab not in selectors.TABS or ("below" in request.GET and below is None):
        raise Http404
    found = selectors.lines_page(request.user, tab=tab, below=below)
    context = {
        "tab": tab,
        "tabs": TAB_LABELS,
        "rows": _shown(found.lines),
        "next": found.next,
        "newest_id": found.newest_id,
        "is_first": below is None,
        "has_unread": any(not line.is_read for line in found.lines),
    }
    return render(request, "notifications/list.html", context)


@private
@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """POST notifications/read/ with `line`s, or `up_to` for all that were there. htmx gets its one line again."""
    lines = [_id(text) for text in request.POST.getlist("line")[:MOST_READ_AT_ONCE]]
    up_to = _id(request.POST.get("up_to", "")) if "up_to" in request.POST else None
    if None in lines or not (lines or up_to is not None):
        return HttpResponse(status=400)
    services.mark_read(user=request.user, group_ids=[pk for pk in lines if pk is not None] or None, up_to=up_to)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    if request.htmx and len(lines) == 1:  # type: ignore[attr-defined]
        groups = NotificationGroup.objects.filter(recipient=request.user, pk=lines[0])
        rows = _shown(selectors.lines_of(request.user, list(groups)))
        return render(request, "notifications/_lines.html", {"rows": rows})
    return back(request, "notifications:list")


@private
@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """POST notifications/seen/ with `up_to`, the newest notification on the opened list: 204."""
    up_to = _id(request.POST.get("up_to", ""))
    if up_to is None:
        return HttpResponse(status=400)
    services.mark_seen(user=request.user, up_to=up_to)
    return HttpResponse(status=204)


@private
@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/notifications/: a switch for each kind, and the digest."""
    chosen = selectors.settings_of(request.user)
    form = SettingsForm(request.POST if request.method == "POST" else None, chosen=chosen)
    if form.is_valid():
        services.change_settings(user=request.user, off=form.off(), digest=form.cleaned_data["digest"])
        messages.success(request, _("Your settings are saved."))
        return redirect("notifications:settings")
    context = {"form": form, "address": digest.address_of(request.user)}
    return render(request, "notifications/settings.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # mail programs post it for the reader (RFC 8058): they have no cookie, the link itself is the proof
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET notifications/unsubscribe/<token>/ asks, POST ends the digest; nobody needs to sign in for it."""
    user_id = digest.read_token(token)
    user = User.objects.filter(pk=user_id).first() if user_id is not None else None
    if user is None:
        raise Http404
    if request.method == "POST":
        services.change_settings(user=user, digest=Digest.OFF)
    done = selectors.settings_of(user).digest == Digest.OFF
    return render(request, "notifications/unsubscribe.html", {"done": done})
