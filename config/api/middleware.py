"""What holds for every answer of the API, whoever makes it."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from config.api import problems


class ApiMiddleware:
    """Answers are personal: nobody but the caller keeps them, and no cache mixes callers up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(problems.PREFIX):
            return self.get_response(request)
        if _has_text_encoding(request):
            response = self.get_response(request)
        else:
            response = problems.answer(415, "unsupported_media_type", _("This charset is not one for text."))
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


def _has_text_encoding(request: HttpRequest) -> bool:
    """Python also knows "charsets" from bytes to bytes (`bz2`, `base64`); Django would fail on them later."""
    name = request.content_params.get("charset") if request.content_params else None
    if not name:
        return True
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return True  # unknown to Django too, which then takes UTF-8
