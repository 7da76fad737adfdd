"""Going back to where a person came from, and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


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
