"""The language of the site and the clock of its times, for everybody, signed in or not."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import LanguageForm
from accounts.languages import TIME_ZONE_COOKIE
from accounts.redirects import safe_next


@require_http_methods(["GET", "POST"])
@never_cache
def language(request: HttpRequest) -> HttpResponse:
    """GET, POST settings/language/. Kept with the person, and in this browser for when nobody is signed in."""
    user = request.user if request.user.is_authenticated else None
    chosen = (
        {"language": user.language, "time_zone": user.time_zone}
        if user
        else {
            "language": request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            "time_zone": request.COOKIES.get(TIME_ZONE_COOKIE, ""),
        }
    )
    form = LanguageForm(request.POST if request.method == "POST" else None, initial=chosen)
    if not form.is_valid():
        context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
        return render(request, "accounts/language.html", context, status=422 if form.is_bound else 200)
    if user:
        services.update_profile(user=user, **form.cleaned_data)
    response = redirect(safe_next(request, default="accounts:language"))
    wanted = form.cleaned_data["language"]
    _keep(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    if not user:
        _keep(response, TIME_ZONE_COOKIE, form.cleaned_data["time_zone"])
    with translation.override(wanted or translation.get_language_from_request(request)):
        messages.success(request, _("Saved."))
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
