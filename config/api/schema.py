"""How the OpenAPI document is made: problems, tokens and keys are the same everywhere, so nobody writes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny

from config.api.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:reprise:problem:reposts_off"]},
        "title": {"type": "string", "examples": ["Reposts off"]},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "examples": ["reposts_off"]},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "With `validation_error` and `captions_refused`: every fault.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "Empty: the request as a whole."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

MEANING = {
    400: "The request is not acceptable",
    401: "Not signed in, or the token is no longer valid",
    403: "Signed in, but not allowed (also: a session without its CSRF token)",
    404: "Nothing here, or hidden from the caller: the two are not told apart",
    406: "Only JSON is sent",
    409: "A rule stands against it; `code` says which",
    413: "Too large",
    415: "This content type is not understood",
    422: "The content is not acceptable; `code` says why",
    429: "Too many requests: wait for `Retry-After` seconds",
}

MOVED: dict[str, Any] = {
    "description": "The person has another handle now: repeat the request at `Location`",
    "headers": {"Location": {"schema": {"type": "string"}, "description": "The same address with the new handle"}},
}
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Sent again within 24 hours with the same content: the first answer again, nothing done twice.",
)


class ProblemAutoSchema(AutoSchema):
    """Adds the problems that an operation can answer. A view adds its own: `refusals = {"put": (409, 422)}`."""

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        return [*given, KEY_PARAMETER] if self._takes_key() else given

    def _takes_key(self) -> bool:
        return self.method == "POST" and getattr(self.view, "idempotent", False)

    def _statuses(self) -> set[int]:
        codes = {400, 406} | set(getattr(self.view, "refusals", {}).get(self.method.lower(), ()))
        if self.view.get_throttles():
            codes.add(429)
        if self.view.get_authenticators():
            codes.add(401)
            if self.method not in ("GET", "HEAD") and not isinstance(self.view.get_permissions()[0], AllowAny):
                codes.add(403)
        if "{" in self.path:
            codes.add(404)
        if self.method in ("POST", "PUT", "PATCH") and self.get_request_serializer() is not None:
            codes |= {413, 415}
        if self._takes_key():
            codes |= {409, 422}
        return codes

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.path.startswith("/api/v1/health/"):
            return bodies
        self._register_problem()
        for code in sorted(self._statuses()):
            answer: dict[str, Any] = {
                "description": MEANING[code],
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            if code == 429:
                answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
            bodies.setdefault(str(code), answer)
        if "{username}" in self.path:
            bodies.setdefault("307", MOVED)
        return bodies

    def _register_problem(self) -> None:

        self.registry.register_on_missing(
            ResolvedComponent(name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem")
        )


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token from `POST auth/token`."}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The browser's session. What changes something needs the `X-CSRFToken` header.",
        }
