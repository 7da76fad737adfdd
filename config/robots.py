"""What crawlers are asked to leave alone. It protects nothing: every address asks the rules anyhow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Personal pages and doors; clips, profiles, posters (previews show them) and frames stay open.
LEFT_ALONE = ("/account/", "/admin/", "/api/", "/inbox/", "/notifications/", "/search/", "/settings/", "/studio/")


@cache_control(public=True, max_age=86_400)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """GET robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
