"""What can go wrong with people and their edges, and the shape of every refusal in the project."""

from __future__ import annotations


class Refusal(Exception):
    """A refusal that the person can read. `code` is stable: the API sends it; `detail` is the sentence."""

    code = "refused"
    detail = "That is not possible."

    def __init__(self, detail: str | None = None, *, code: str | None = None) -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.code = code or self.code


class AccountsError(Refusal):
    """A refusal about people and their edges."""


class SelfEdge(AccountsError):
    code = "self_edge"
    detail = "You cannot do that to your own account."


class NotARequest(AccountsError):
    code = "not_a_request"
    detail = "There is no open follow request from that person."
