"""Asking for an export of one's data, and watching it being made."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import exports
from accounts.exceptions import AccountsError
from accounts.models import User
from accounts.views.account import account_context


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """POST settings/account/export/ asks for one; GET shows how far it is (for htmx, else the page of the account)."""
    user: User = request.user
    home = "accounts:account" if user.is_active else "accounts:leaving"
    if request.method == "POST":
        try:
            exports.request_export(user=user)
        except AccountsError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, _("Your export is being made. You can leave this page."))
        return redirect(home)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(home)
    return render(request, "accounts/_export.html", account_context(user))
