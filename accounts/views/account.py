"""The page of the account itself: its handle, its export, and the ways out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts import exports, handles
from accounts.exceptions import AccountsError
from accounts.forms import HandleForm
from accounts.models import User


def account_context(user: User) -> dict[str, Any]:
    """What the page shows of a person's account."""
    export = exports.newest(user)
    return {
        "handle_state": handles.handle_state(user),
        "grace_days": settings.ERASURE_GRACE_DAYS,
        "export": export,
        "export_usable": export is not None and exports.usable(user).filter(pk=export.pk).exists(),
        "export_failure": exports.FAILURES.get(export.failure_code, "") if export else "",
    }


@cache_control(private=True, no_store=True)
@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """GET settings/account/"""
    return render(request, "accounts/account.html", account_context(request.user))


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
@login_required
def handle(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/account/handle/ with `username`."""
    user: User = request.user
    form = HandleForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                handles.change_handle(user=user, handle=form.cleaned_data["username"])
                messages.success(request, _("Your handle is @%(handle)s now.") % {"handle": user.username})
                return redirect("accounts:account")
        except ValidationError as error:
            form.add_error("username", error.error_dict["username"])
        except AccountsError as error:
            form.add_error(None, error.detail)
        status = 422
    context = {
        "form": form,
        "state": handles.handle_state(user),
        "reserved_days": settings.HANDLE_RESERVED_DAYS,
    }
    return render(request, "accounts/handle.html", context, status=status)
