"""The POST twins of the API's edges: follow, block, mute and what takes them back.

A form without scripts gets a redirect and a message, htmx the follow button again, a script that changes its
button itself 204. Whoever is hidden is 404, except where something of one's own is taken back.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.exceptions import AccountsError
from accounts.forms import MuteForm
from accounts.models import Follow, User
from accounts.redirects import back
from accounts.selectors import edge_counts, relation
from accounts.text import isolated

FLAGS = {"on": True, "off": False}


def visible_or_404(request: HttpRequest, username: str) -> User:
    """The person with this handle, if the viewer may see them."""
    person = User.objects.visible_to(request.user).filter(username=username).first()
    if person is None:
        raise Http404
    return person


def _known_or_404(request: HttpRequest, username: str) -> User:
    """A person the viewer may see, or with whom they have an edge of their own to take back."""
    me, person = request.user, User.objects.filter(username=username).first()
    if person is not None and (
        Follow.objects.filter(Q(follower=me, followee=person) | Q(follower=person, followee=me)).exists()
        or me.mutes_made.filter(muted=person).exists()
        or me.blocks_made.filter(blocked=person).exists()
    ):
        return person
    return visible_or_404(request, username)


def _handle(person: User) -> dict[str, str]:
    """What a message about a person names them by."""
    return {"handle": isolated(f"@{person.username}")}


def _edge(viewer: User, person: User) -> str:
    """How the viewer stands to a person as a button says it: `on`, `asked` or `off`."""
    found = Follow.objects.filter(follower=viewer, followee=person).values_list("accepted_at").first()
    return "off" if found is None else "on" if found[0] else "asked"


def _answer(request: HttpRequest, person: User, text: str) -> HttpResponse:
    """After a write: nothing for our script, the piece of the page for htmx, else the way back with a message."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204, headers={"X-Follow": _edge(request.user, person)})
    if request.htmx:  # type: ignore[attr-defined]
        return follow_control(request, person)
    messages.success(request, text)
    return back(request, reverse("accounts:profile", args=[person.username]))


def follow_control(request: HttpRequest, person: User) -> HttpResponse:
    """The follow button of a profile or a list row, and the profile's count of followers with it."""
    context = {
        "person": person,
        "relation": relation(request.user, person),
        "full": request.POST.get("full") == "1",
        "next": request.POST.get("next", ""),
    }
    if context["full"]:
        context |= {"counts": edge_counts(person), "swap_counts": True}
    response = HttpResponse(render_to_string("accounts/_follow.html", context, request))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def follow(request: HttpRequest, username: str) -> HttpResponse:
    """POST @<username>/follow/, optionally with `show_reposts` on or off."""
    person = visible_or_404(request, username)
    shows = FLAGS.get(request.POST.get("show_reposts", ""))
    try:
        edge = services.follow_user(follower=request.user, followee=person, show_reposts=shows)
    except AccountsError as error:
        return _refused(request, person, error)
    if shows is not None and edge.accepted_at:
        text = (
            _("Reposts by %(handle)s are shown in your feed.")
            if shows
            else _("Reposts by %(handle)s are left out in your feed.")
        )
    elif edge.accepted_at:
        text = _("You follow %(handle)s.")
    else:
        text = _("You asked to follow %(handle)s. They decide.")
    return _answer(request, person, text % _handle(person))


@require_POST
@login_required
def unfollow(request: HttpRequest, username: str) -> HttpResponse:
    """POST @<username>/unfollow/: also takes back a request."""
    person = _known_or_404(request, username)
    services.unfollow_user(follower=request.user, followee=person)
    return _answer(request, person, _("You no longer follow %(handle)s.") % _handle(person))


@require_POST
@login_required
def remove_follower(request: HttpRequest, username: str) -> HttpResponse:
    """POST @<username>/remove-follower/: they are not told."""
    person = _known_or_404(request, username)
    services.remove_follower(user=request.user, follower=person)
    messages.success(request, _("%(handle)s no longer follows you. They are not told.") % _handle(person))
    return back(request, reverse("accounts:followers", args=[request.user.username]))


@require_http_methods(["GET", "POST"])
@login_required
def block(request: HttpRequest, username: str) -> HttpResponse:
    """GET asks whether to, POST blocks."""
    person = visible_or_404(request, username)
    if person.pk == request.user.pk:
        raise Http404
    if request.method == "GET":
        return render(request, "accounts/block.html", {"person": person})
    services.block_user(blocker=request.user, blocked=person)
    messages.success(request, _("You blocked %(handle)s. You can take it back here.") % _handle(person))
    return redirect(f"{reverse('accounts:relations')}?list=blocked")


@require_POST
@login_required
def unblock(request: HttpRequest, username: str) -> HttpResponse:
    person = _known_or_404(request, username)
    services.unblock_user(blocker=request.user, blocked=person)
    messages.success(request, _("You unblocked %(handle)s. Follows that ended stay ended.") % _handle(person))
    return back(request, "accounts:relations")


@require_POST
@login_required
def mute(request: HttpRequest, username: str) -> HttpResponse:
    """POST `scope` (all or reposts) and `days` (7, 30 or empty for ever)."""
    person = visible_or_404(request, username)
    profile = reverse("accounts:profile", args=[username])
    form = MuteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what to mute and for how long."))
        return back(request, profile)
    try:
        services.mute_user(muter=request.user, muted=person, scope=form.cleaned_data["scope"], until=form.until())
    except AccountsError as error:
        return _refused(request, person, error)
    messages.success(request, _muted(person, form.cleaned_data["scope"], form.cleaned_data["days"]))
    return back(request, profile)


def _muted(person: User, scope: str, days: int | None) -> str:
    if scope == "reposts" and days:
        text = ngettext(
            "Your feeds leave out the reposts of %(handle)s for %(days)d day. They are not told.",
            "Your feeds leave out the reposts of %(handle)s for %(days)d days. They are not told.",
            days,
        )
    elif scope == "reposts":
        text = _("Your feeds leave out the reposts of %(handle)s until you undo it. They are not told.")
    elif days:
        text = ngettext(
            "Your feeds leave out everything by %(handle)s for %(days)d day. They are not told.",
            "Your feeds leave out everything by %(handle)s for %(days)d days. They are not told.",
            days,
        )
    else:
        text = _("Your feeds leave out everything by %(handle)s until you undo it. They are not told.")
    return text % {"days": days, **_handle(person)}


@require_POST
@login_required
def unmute(request: HttpRequest, username: str) -> HttpResponse:
    person = _known_or_404(request, username)
    services.unmute_user(muter=request.user, muted=person)
    messages.success(request, _("%(handle)s is no longer muted.") % _handle(person))
    return back(request, reverse("accounts:profile", args=[username]))


def _refused(request: HttpRequest, person: User, error: AccountsError) -> HttpResponse:
    if request.htmx or request.headers.get("X-Requested-With") == "fetch":  # type: ignore[attr-defined]
        return HttpResponse(error.detail, status=409, content_type="text/plain; charset=utf-8")
    messages.error(request, error.detail)
    return back(request, reverse("accounts:profile", args=[person.username]))
