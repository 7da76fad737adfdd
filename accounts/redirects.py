"""Going back to where a person came from, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

View = Callable[..., HttpResponse]


def safe_next(request: HttpRequest, default: str) -> str:
    """The `next` of the request when it is an address of this site, else `default` (a path or a URL name)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if target and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return resolve_url(default)


def back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """Redirect to `safe_next`."""
    return HttpResponseRedirect(safe_next(request, default))


def signed_in(view: View) -> View:
    """Send people who are not signed in to the sign-in page, the whole page also when htmx asked for a piece."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:  # type: ignore[attr-defined]
            here = request.htmx.current_url_abs_path or resolve_url("feeds:home")  # type: ignore[attr-defined]
            login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}"
            return HttpResponse(status=204, headers={"HX-Redirect": login})
        return redirect_to_login(safe_next(request, "feeds:home"))

    return wrapper
