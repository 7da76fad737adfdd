"""The Content-Security-Policy: strict everywhere, a little weaker in the admin."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

STRICT: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "img-src": [SELF, "data:"],  # blurred placeholders are data URLs
    "media-src": [SELF, "blob:"],  # the preview of a file that is about to be uploaded
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "object-src": [NONE],
}
# Django's admin needs no inline script, but some of its widgets write style attributes.
ADMIN = STRICT | {"style-src": [SELF, UNSAFE_INLINE]}
ADMIN_PREFIX = "/admin/"


class PolicyMiddleware(CSPMiddleware):
    """django-csp's middleware with a policy of its own for the admin's pages."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(ADMIN_PREFIX):
            parts.config = ADMIN
        return parts
