"""Who may sign in: active people, and those who hid their account themselves and may still come back."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from . import departures


class PasswordBackend(AuthenticationBackend):
    """allauth's backend, which also lets people in who are on their way out.

    What they can do then is decided by `middleware.DepartureMiddleware`: come back, or nothing."""

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active or departures.may_sign_in(user))
