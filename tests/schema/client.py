"""A client for API tests that holds every answer against the OpenAPI document: status, media type and body."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

import jsonschema
import orjson
from django.http import HttpResponse
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from config.api.views import schema

PREFIX = "/api/v1/"


@functools.cache
def operations() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Path patterns of the document with their operations by method."""
    return [
        (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), item)
        for path, item in sorted(schema()["paths"].items(), key=lambda pair: "{" in pair[0])
    ]


@functools.cache
def validator(ref: str) -> Any:
    document = {"$ref": ref, "components": schema()["components"]}
    return jsonschema.Draft202012Validator(document, format_checker=jsonschema.FormatChecker())


@dataclass
class Answer:
    """`json` is the parsed body, None for an empty one."""

    status: int
    json: Any
    headers: Any
    raw: HttpResponse

    @property
    def code(self) -> str:
        """The problem's code."""
        return self.json["code"]

    def faults(self) -> dict[str, str]:
        """The codes of a `validation_error` by field."""
        assert self.code == "validation_error", self.json
        return {fault["field"]: fault["code"] for fault in self.json["errors"]}


class Api:
    """`Api(ben).put("clips/7/repost", {"comment": "look"})` with a token of his; `Api()` is nobody."""

    def __init__(self, user: User | None = None, **headers: str) -> None:
        self.headers = headers
        if user is not None:
            self.headers["Authorization"] = f"Bearer {AuthToken.objects.create(user=user)[1]}"
        self.client = Client()

    def get(self, path: str, **query: Any) -> Answer:
        return self._send("get", path, data=query)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self._send("delete", path, None, headers)

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Answer:
        """POST multipart/form-data."""
        raw = self.client.post(self._address(path), fields, headers=self._headers(headers))
        return self._answer("post", path, raw)

    def send_raw(self, method: str, path: str, body: bytes, content_type: str, **headers: str) -> Answer:
        """Any bytes; the answer must still be in the document, if the address is."""
        raw = self.client.generic(
            method.upper(), self._address(path), body, content_type=content_type, headers=self._headers(headers)
        )
        return self._answer(method, path, raw)

    def pages(self, path: str, **query: Any) -> list[Any]:
        """The results of a whole list, following `next` to the end."""
        answer = self.get(path, **query)
        found = list(answer.json["results"])
        while answer.json["next"]:
            answer = self.get(answer.json["next"])
            assert answer.status == 200, answer.json
            found += answer.json["results"]
        return found

    def _send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, data: Any = None
    ) -> Answer:
        arguments: dict[str, Any] = {"headers": self._headers(headers or {})}
        if body is not None:
            arguments |= {"data": json.dumps(body), "content_type": "application/json"}
        elif data:
            arguments["data"] = data
        return self._answer(method, path, getattr(self.client, method)(self._address(path), **arguments))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in more.items()}

    @staticmethod
    def _address(path: str) -> str:
        if path.startswith("http"):
            return re.sub(r"^https?://[^/]+", "", path)
        return path if path.startswith("/") else PREFIX + path

    def _answer(self, method: str, path: str, raw: Any) -> Answer:
        media_type = raw.headers.get("Content-Type", "").partition(";")[0]
        is_json = media_type.endswith("json") and not raw.streaming
        body = orjson.loads(raw.content) if is_json and raw.content else None
        conforms(method, self._address(path).partition("?")[0], raw.status_code, media_type, body)
        return Answer(raw.status_code, body, raw.headers, raw)


def conforms(method: str, path: str, status: int, media_type: str, body: Any) -> None:
    """Fails unless the document says that `method path` may answer this."""
    if status >= 400 and media_type != "application/problem+json":
        raise AssertionError(f"{status} as {media_type}")
    for pattern, item in operations():
        if pattern.fullmatch(path) and method in item:
            documented = item[method]["responses"]
            assert str(status) in documented, f"{method} {path} answered {status}, documented: {sorted(documented)}"
            content = documented[str(status)].get("content")
            if not content:
                assert body is None, f"{method} {path} {status} has a body"
                return
            assert media_type in content, f"{method} {path} {status} is {media_type}"
            if body is not None:
                validator(content[media_type]["schema"]["$ref"]).validate(body)
            return
