"""Signing in and up over the API."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


def sign_in(username: str = "ana", password: str = PASSWORD):
    return Api().post("auth/token", {"username": username, "password": password})


def test_a_token_is_made_used_and_revoked():
    ana = UserFactory(username="ana")
    answer = sign_in()
    assert answer.status == 200
    assert set(answer.json) == {"token", "expires_at"}
    assert answer.json["expires_at"].endswith("Z")

    api = Api(Authorization=f"Bearer {answer.json['token']}")
    assert api.get("me").json["id"] == ana.pk
    assert api.delete("auth/token").status == 204
    again = api.get("me")
    assert (again.status, again.code) == (401, "invalid_token")
    assert again.headers["WWW-Authenticate"] == "Bearer"


def test_only_a_hash_of_the_token_is_stored():
    UserFactory(username="ana")
    token = sign_in().json["token"]
    stored = AuthToken.objects.get()
    assert token not in (stored.digest, stored.token_key)
    assert len(stored.digest) == 128


def test_revoking_ends_one_token_and_no_other():
    ana = UserFactory(username="ana")
    first, second = Api(ana), Api(ana)
    assert first.delete("auth/token").status == 204
    assert second.get("me").status == 200


def test_an_expired_token_is_none():
    api = Api(UserFactory())
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert api.get("me").code == "invalid_token"


def test_the_token_of_a_closed_account_is_none():
    ana = UserFactory()
    api = Api(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert api.get("me").code == "invalid_token"


@pytest.mark.parametrize(
    ("username", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD), ("x\ud7ff" * 60, "y")]
)
def test_every_wrong_sign_in_gets_the_same_answer(username, password):
    UserFactory(username="ana")
    UserFactory(username="closed", is_active=False)
    answer = sign_in(username, password)
    assert (answer.status, answer.code) == (401, "invalid_credentials")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not AuthToken.objects.exists()


def test_capitals_in_the_handle_are_forgiven():
    UserFactory(username="ana")
    assert sign_in(" Ana ").status == 200


def test_a_stale_token_in_the_header_does_not_stop_a_sign_in():
    UserFactory(username="ana")
    answer = Api(Authorization="Bearer stale").post("auth/token", {"username": "ana", "password": PASSWORD})
    assert answer.status == 200


def test_at_the_limit_the_oldest_token_ends():
    ana = UserFactory(username="ana")
    oldest = Api(ana)
    for _ in range(49):
        AuthToken.objects.create(user=ana)
    assert sign_in().status == 200
    assert AuthToken.objects.filter(user=ana).count() == settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    assert oldest.get("me").status == 401


def test_guesses_at_one_handle_are_limited_whatever_their_address(monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "guess_account", "3/min")
    UserFactory(username="ana")
    client = Client()
    answers = [
        client.post(
            "/api/v1/auth/token",
            {"username": "ana", "password": "guess"},
            content_type="application/json",
            REMOTE_ADDR=f"10.0.0.{number}",
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3].json()["code"] == "too_many_requests"
    assert int(answers[3]["Retry-After"]) >= 1


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer a b", "Bearer \u00ff\u00fe", "Bearer " + "a" * 4000, "Bearer x", "bearer ", "Bearer '; --"],
)
def test_nonsense_in_the_header_is_no_identity(header):
    answer = Api(Authorization=header).get("me")
    assert answer.status == 401
    assert answer.code in {"invalid_token", "authentication_failed", "not_authenticated"}


def test_a_session_may_read_and_needs_the_csrf_token_to_write():
    ana = UserFactory(username="ana")
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.get("/api/v1/me").json()["username"] == "ana"
    refused = client.patch("/api/v1/me", {"bio": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")

    client.cookies["csrftoken"] = secret = "a" * 32
    accepted = client.patch(
        "/api/v1/me", {"bio": "x"}, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert accepted.status_code == 200
    ana.refresh_from_db()
    assert ana.bio == "x"


# --- Sign-up -------------------------------------------------------------------------------------------

NEW = {"username": "Dora", "password": "correct horse battery", "birth_date": "1999-12-31"}


def test_an_account_is_made_and_can_sign_in():
    answer = Api().post("accounts", NEW)
    assert answer.status == 201
    assert answer.json["username"] == "dora"
    assert answer.json["birth_date"] == "1999-12-31"
    assert User.objects.get().birth_date == date(1999, 12, 31)
    assert sign_in("dora", NEW["password"]).status == 200


def _years_ago(years: int, days: int = 0) -> str:
    today = timezone.now().date()
    return (today.replace(year=today.year - years, day=min(today.day, 28)) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"username": "ana"}, {"username": "username_taken"}),
        ({"username": "ANA"}, {"username": "username_taken"}),
        ({"username": "Grüße"}, {"username": "invalid_handle"}),
        ({"username": ".x"}, {"username": "invalid_handle"}),
        ({"username": "a" * 31}, {"username": "invalid_handle"}),
        ({"username": "admin"}, {"username": "reserved_handle"}),
        ({"username": "a\u0000b"}, {"username": "null_characters_not_allowed"}),
        ({"username": ""}, {"username": "blank"}),
        ({"username": ["x"]}, {"username": "invalid"}),
        ({"password": "short"}, {"password": "password_too_short"}),
        ({"password": "password1234"}, {"password": "password_too_common"}),
        ({"birth_date": _years_ago(13, days=40)}, {"birth_date": "too_young"}),
        ({"birth_date": "2999-01-01"}, {"birth_date": "future_birth_date"}),
        ({"birth_date": "0001-01-01"}, {"birth_date": "absurd_birth_date"}),
        ({"birth_date": "31.12.1999"}, {"birth_date": "invalid"}),
        ({"birth_date": None}, {"birth_date": "null"}),
    ],
)
def test_a_sign_up_is_refused_by_field_and_makes_nothing(change, faults):
    UserFactory(username="ana")
    answer = Api().post("accounts", NEW | change)
    assert answer.status == 400
    assert answer.faults() == faults
    assert User.objects.count() == 1


def test_thirteen_years_are_enough():
    assert Api().post("accounts", NEW | {"birth_date": _years_ago(13, days=-1)}).status == 201


def test_all_faults_come_at_once():
    answer = Api().post("accounts", {"username": "root", "password": "short", "birth_date": "2999-01-01"})
    assert set(answer.faults()) == {"username", "password", "birth_date"}
