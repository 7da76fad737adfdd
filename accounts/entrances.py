"""The doors at which what is sent is counted: allauth's forms. The API counts under the same names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import addresses, throttle

# View name -> scope of the throttle.
BY_ADDRESS = {
    "account_login": "sign_in",
    "mfa_authenticate": "sign_in",
    "mfa_login_webauthn": "sign_in",
    "account_reset_password_from_key": "sign_in",
    "account_confirm_email": "sign_in",
    "account_signup": "sign_up",
    "account_reset_password": "reset",
}
BY_PERSON = {
    "account_reauthenticate": "confirm",
    "mfa_reauthenticate": "confirm",
    "mfa_reauthenticate_webauthn": "confirm",
    "account_change_password": "confirm",
    "account_email": "confirm",
    "mfa_activate_totp": "confirm",
    "mfa_add_webauthn": "confirm",
    "accounts:pause": "confirm",
    "accounts:delete_account": "confirm",
}


class EntranceMiddleware:
    """Counts what is sent to the doors above, and answers 429 beyond their rates."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        if scope := BY_ADDRESS.get(name):
            wait = throttle.spend(scope, addresses.network(addresses.client_ip(request)))
        elif (scope := BY_PERSON.get(name)) and request.user.is_authenticated:
            wait = throttle.spend(scope, request.user.pk)
        else:
            return None
        return None if wait is None else too_many(request, wait)


def too_many(request: HttpRequest, wait: float) -> HttpResponse:
    """The page that asks for patience. `wait` is in seconds."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(max(1, math.ceil(wait)))
    return response
