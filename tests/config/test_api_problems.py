"""Every error of the API is a problem with a stable code, and bad input is never a fault of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import path
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from config.api import problems
from config.urls import handler400, handler500, urlpatterns  # noqa: F401 -- this module is a URLconf too
from tests.factories import ClipFactory, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class BrokenView(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request):
        raise RuntimeError("a fault of ours")


urlpatterns = [path("api/v1/broken", BrokenView.as_view()), path("broken", BrokenView.as_view()), *urlpatterns]


def test_a_problem_has_the_members_of_the_rfc():
    answer = Api().get("me")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "urn:reprise:problem:not_authenticated",
        "title": "Not authenticated",
        "status": 401,
        "code": "not_authenticated",
        "detail": "Authentication credentials were not provided.",
    }


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
@pytest.mark.parametrize(
    "address", ["", "nothing", "clips/", "users/a%00b", "users/" + "a" * 31, "users/é", "feeds", "me/x/y", "%ff%fe"]
)
def test_addresses_that_are_not_ours_are_problems_too(method, address):
    answer = Api().send_raw(method, address, b"", "application/json")
    assert answer.status == 404
    if method != "head":
        assert answer.code == "not_found"


def test_a_wrong_method_is_named_and_the_right_ones_too():
    answer = Api(UserFactory()).send_raw("put", "me", b"{}", "application/json")
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, PATCH, DELETE, HEAD, OPTIONS"


def test_only_json_is_sent():
    answer = Api(Accept="text/html").get("feeds/for-you")
    assert (answer.status, answer.code) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "parse_error"),
        (b"", "application/json", 400, "validation_error"),
        (b"null", "application/json", 400, "parse_error"),
        (b"[]", "application/json", 400, "parse_error"),
        (b'"ms"', "application/json", 400, "parse_error"),
        (b'{"ms": NaN}', "application/json", 400, "parse_error"),
        (b'{"ms": "\\ud800"}', "application/json", 400, "parse_error"),
        (b'{"ms": "\xff"}', "application/json", 400, "parse_error"),
        (b"[" * 100_000, "application/json", 400, "parse_error"),
        (b'{"ms":' + b"[" * 500 + b"]" * 500 + b"}", "application/json", 400, "parse_error"),
        (b'{"ms": ' + b"9" * 5_000 + b"}", "application/json", 400, None),
        (b'{"ms": {"ms": 1}}', "application/json", 400, "validation_error"),
        (b'{"ms": "a\\u0000"}', "application/json", 400, "validation_error"),
        (b'{"ms": 1, "ms": 2}', "application/json", 200, None),
        (b'{"ms": 1}', "text/plain", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "application/xml", 415, "unsupported_media_type"),
        (b"ms=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "nonsense", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "application/json; charset=utf-16", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "application/json; charset=bz2", 415, "unsupported_media_type"),
        (b'{"ms": 1}', "application/json; charset=UTF-8", 200, None),
        (b'{"x": "' + b"a" * 3_000_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_bodies_of_every_kind(body, content_type, status, code):
    clip = ClipFactory()
    answer = Api(UserFactory()).send_raw("post", f"clips/{clip.pk}/watch", body, content_type)
    assert answer.status == status
    if code:
        assert answer.code == code


@pytest.mark.parametrize("charset", ["bz2", "base64", "hex", "rot13", "idna", "unknown", "undefined", "utf-7"])
def test_a_charset_that_is_none_breaks_nothing(charset):
    for method in ("get", "post"):
        answer = Client().generic(
            method.upper(), "/api/v1/feeds/for-you?limit=x%ff", b"", content_type=f"text/plain; charset={charset}"
        )
        assert 400 <= answer.status_code < 500
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.postgres
@pytest.mark.parametrize("text", ["\x00", "\u202e", "\ud7ff", "x" * 10_000, "' OR 1=1 --", "%s%n{}", "🏳️‍🌈" * 500])
def test_texts_of_every_kind_are_stored_or_refused(text):
    clip, person = ClipFactory(), UserFactory()
    answers = [
        Api(person).put(f"clips/{clip.pk}/repost", {"comment": text}),
        Api(person).patch("me", {"display_name": text, "bio": text}),
        Api(clip.author).patch(f"clips/{clip.pk}", {"caption": text}),
        Api().post("auth/token", {"username": text, "password": text}),
        Api().post("accounts", {"username": text, "password": text, "birth_date": text}),
        Api(person).get("feeds/for-you", cursor=text),
    ]
    assert all(answer.status < 500 for answer in answers)
    assert answers[3].status in (400, 401)


def test_too_many_requests_say_when_to_come_back(monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "user", "1/min")
    api = Api(UserFactory())
    assert api.get("me").status == 200
    answer = api.get("me")
    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_personal_answers_are_kept_by_nobody():
    for answer in (Api(UserFactory()).get("me"), Api().get("me"), Api().get("nothing"), Api().get("feeds/for-you")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert {"Authorization", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_ours_is_a_problem_without_its_secrets():
    answer = Client(raise_request_exception=False).get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "server_error"
    assert b"fault of ours" not in answer.content


@override_settings(ALLOWED_HOSTS=["reprise.example"])
def test_a_wrong_host_is_a_problem_below_the_prefix():
    answer = Client(raise_request_exception=False).get("/api/v1/me")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


def test_faults_of_nested_fields_have_a_path():
    from rest_framework import serializers

    class Inner(serializers.Serializer):
        name = serializers.CharField()

    class Outer(serializers.Serializer):
        to = Inner(many=True)

    given = Outer(data={"to": [{"name": "x"}, {}]})
    given.is_valid()
    body, _ = problems.describe(serializers.ValidationError(given.errors))
    assert body["errors"] == [{"field": "to.1.name", "code": "required", "detail": "This field is required."}]


def test_an_echo_of_a_lone_surrogate_is_still_json():
    assert problems.dumps({"detail": "\ud800", "n": 2**70}) == b'{"detail": "\\ud800", "n": 1180591620717411303424}'


# --- The guide -----------------------------------------------------------------------------------------


def codes_in_the_code() -> set[str]:
    """Codes of the domain's refusals and of our own API exceptions."""
    from clips.media.limits import FAILURES, REFUSALS

    found = set(REFUSALS) | set(FAILURES)
    kinds = [*problems.REFUSALS]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if isinstance(code := getattr(kind, "code", None), str):
            found.add(code)
    source = "\n".join(
        file.read_text()
        for folder in ("accounts/api", "clips/api", "reposts/api", "feeds/api", "config/api", "clips")
        for file in (DOCS.parents[1] / folder).glob("*.py")
    )
    found |= set(re.findall(r'(?:default_code = |code=)"([a-z_]+)"', source))
    return found | set(problems.CODES.values()) | {problems.INVALID, problems.TOO_LARGE, "not_found", "bad_request"}


def test_the_guide_lists_every_code():
    listed = set(re.findall(r"`([a-z_]+)`", DOCS.read_text()))
    assert codes_in_the_code() - listed == set()
