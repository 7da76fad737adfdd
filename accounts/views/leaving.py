"""The ways out of an account, and the one page that is left to people on their way out."""

from __future__ import annotations

import math

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import departures
from accounts.exceptions import AccountsError
from accounts.forms import DeletionForm, PasswordForm
from accounts.models import User
from accounts.views.account import account_context


@sensitive_post_parameters("password")
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
@login_required
def pause(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/account/deactivate/ with `password`."""
    user: User = request.user
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            departures.pause_account(user=user)
        except AccountsError as error:
            form.add_error(None, error.detail)
        else:
            logout(request)
            messages.success(request, _("Your account is hidden. Sign in whenever you like, and it is back."))
            return redirect("account_login")
    return render(request, "accounts/pause.html", {"form": form}, status=422 if form.is_bound else 200)


@sensitive_post_parameters("password")
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/account/delete/ with `username` and `password`."""
    user: User = request.user
    form = DeletionForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            departure = departures.request_deletion(user=user)
        except AccountsError as error:
            form.add_error(None, error.detail)
        else:
            logout(request)
            return render(request, "accounts/goodbye.html", {"departure": departure})
    context = {"form": form, **account_context(user)}
    return render(request, "accounts/delete.html", context, status=422 if form.is_bound else 200)


@cache_control(private=True, no_store=True)
@require_safe
@login_required
def leaving(request: HttpRequest) -> HttpResponse:
    """GET leaving/: the countdown, the way back and the export, for people whose account is to be deleted."""
    user: User = request.user
    departure = departures.departure_of(user)
    if departure is None or departure.erase_at is None:
        return redirect("accounts:account")
    seconds = max(0.0, (departure.erase_at - timezone.now()).total_seconds())
    context = {
        "departure": departure,
        "days": math.ceil(seconds / 86_400) if seconds >= 86_400 else 0,
        "hours": math.ceil(seconds / 3_600),
        **account_context(user),
    }
    return render(request, "accounts/leaving.html", context)


@require_POST
@login_required
def come_back(request: HttpRequest) -> HttpResponse:
    """POST leaving/return/: call the deletion off."""
    try:
        departures.come_back(user=request.user)
    except AccountsError as error:
        messages.error(request, error.detail)
        return redirect("accounts:leaving")
    messages.success(request, _("Your account stays, and is visible again."))
    return redirect("feeds:home")
