"""The door of the desk: whoever comes in has signed in on the site, with a second factor.

The admin's own sign-in form knows neither second factors nor throttles, so there is none. Everything that only staff
may do lies behind `has_permission`, media that they look at included.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import mfa


class DeskSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not mfa.must_set_up(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where the admin sends people who may not come in: to the site's sign-in, or to what they lack."""
        target = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        messages.warning(request, _("The desk asks its people for two-step sign-in. Set it up here, then come back."))
        return HttpResponseRedirect(reverse("accounts:security"))
