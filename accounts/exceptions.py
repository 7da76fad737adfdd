"""What can go wrong with people and their edges. `code` is stable: the API sends it."""

from __future__ import annotations


class AccountsError(Exception):
    """A refusal that the person can read. Subclasses set `code` and `detail`."""

    code = "refused"
    detail = "That is not possible."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail


class SelfEdge(AccountsError):
    code = "self_edge"
    detail = "You cannot do that to your own account."


class NotARequest(AccountsError):
    code = "not_a_request"
    detail = "There is no open follow request from that person."
