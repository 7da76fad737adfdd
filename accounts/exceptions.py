"""What can go wrong with people and their edges, and the shape of every refusal in the project."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A refusal that the person can read. `code` is stable: the API sends it; `detail` is the sentence.

    It is said in the language of whoever is spoken to when it is raised."""

    code = "refused"
    detail: Any = _("That is not possible.")  # translated when it is raised

    def __init__(self, detail: str | None = None, *, code: str | None = None) -> None:
        self.detail = str(detail or self.detail)
        super().__init__(self.detail)
        self.code = code or self.code


class AccountsError(Refusal):
    """A refusal about people and their edges."""


class SelfEdge(AccountsError):
    code = "self_edge"
    detail = _("You cannot do that to your own account.")


class NotARequest(AccountsError):
    code = "not_a_request"
    detail = _("There is no open follow request from that person.")
