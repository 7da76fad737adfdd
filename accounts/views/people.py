"""Lists of people: followers, followees, requests, the relations page, the welcome after sign-up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts import listings, services
from accounts.exceptions import AccountsError
from accounts.models import User
from accounts.redirects import back
from accounts.text import isolated

from .edges import follow_control, visible_or_404


def before(request: HttpRequest) -> int | None:
    """The `before` of a keyset page. Raises: Http404 for what is no id."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return int(text)


@require_GET
def followers(request: HttpRequest, username: str) -> HttpResponse:
    return _people(request, username, "followers")


@require_GET
def following(request: HttpRequest, username: str) -> HttpResponse:
    return _people(request, username, "following")


def _people(request: HttpRequest, username: str, which: str) -> HttpResponse:
    owner = visible_or_404(request, username)
    if not listings.may_list_edges(owner, request.user):
        raise Http404
    read = listings.followers_page if which == "followers" else listings.following_page
    page = read(owner, request.user, before=before(request))
    is_own = request.user.pk == owner.pk
    context = {"owner": owner, "which": which, "page": page, "is_own": is_own}
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """Who asks to follow. POST `username` and `answer` (accept or refuse)."""
    if request.method == "GET":
        page = listings.requests_page(request.user, before=before(request))
        return render(request, "accounts/requests.html", {"page": page})
    asker = User.objects.filter(username=request.POST.get("username", "")).first()
    answer = request.POST.get("answer")
    if asker is None or answer not in ("accept", "refuse"):
        raise Http404
    try:
        if answer == "accept":
            services.accept_follow_request(user=request.user, follower=asker)
            told = _("{handle} follows you now.").format(handle=isolated(f"@{asker.username}"))
        else:
            services.refuse_follow_request(user=request.user, follower=asker)
            told = _("You refused {handle}. They are not told.").format(handle=isolated(f"@{asker.username}"))
    except AccountsError as error:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(error.detail, status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, error.detail)
        return back(request, "accounts:requests")
    if request.htmx:  # type: ignore[attr-defined]
        # In place of the two buttons: the way to follow back, or that it is done.
        return follow_control(request, asker) if answer == "accept" else HttpResponse(_("Refused"))
    messages.success(request, told)
    return back(request, "accounts:requests")


LISTS = {"following": lazy("Following"), "asked": lazy("Asked"), "muted": lazy("Muted"), "blocked": lazy("Blocked")}


@require_GET
@login_required
def relations(request: HttpRequest) -> HttpResponse:
    """GET settings/relations/?list=following|asked|muted|blocked: what one has done to others, each with its undo."""
    chosen = request.GET.get("list", "following")
    if chosen not in LISTS:
        raise Http404
    user, start = request.user, before(request)
    page: listings.ListPage[listings.EdgeRow]
    if chosen == "muted":
        page = listings.mutes_page(user, before=start)
    elif chosen == "blocked":
        page = listings.blocks_page(user, before=start)
    else:
        page = listings.own_follows_page(user, pending=chosen == "asked", before=start)
    context: dict[str, Any] = {
        "lists": LISTS,
        "chosen": chosen,
        "page": page,
        "waiting": listings.waiting_requests(user),
    }
    return render(request, "accounts/relations.html", context)


@require_GET
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """The first page after sign-up: people to follow."""
    return render(request, "accounts/welcome.html", {"rows": listings.suggestions(request.user)})


@require_GET
@login_required
def own_profile(request: HttpRequest) -> HttpResponse:
    """GET me/: one's own profile, for links that cannot know the handle."""
    return redirect(reverse("accounts:profile", args=[request.user.username]))
