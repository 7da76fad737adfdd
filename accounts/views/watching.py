"""How clips play for a person: captions and speed, on a page of their own and from the player's buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import WatchingForm
from accounts.models import SPEEDS


@require_http_methods(["GET", "POST"])
@login_required
def watching(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/watching/."""
    kept = {name: getattr(request.user, name) for name in ("captions_on", "playback_percent")}
    form = WatchingForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        services.update_profile(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:watching")
    return render(request, "accounts/watching.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@login_required
def playback(request: HttpRequest) -> HttpResponse:
    """POST settings/playback/ with `captions_on` or `playback_percent`: 204. What the player's own buttons send."""
    changes: dict[str, Any] = {}
    if "captions_on" in request.POST:
        changes["captions_on"] = request.POST["captions_on"] == "true"
    if "playback_percent" in request.POST:
        wanted = request.POST["playback_percent"]
        if wanted not in map(str, SPEEDS):
            return HttpResponse(status=400)
        changes["playback_percent"] = int(wanted)
    services.update_profile(user=request.user, **changes)
    return HttpResponse(status=204)
