"""Guessing at an account: what stops it, and that nobody can be locked out of their own browser by it."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import SecurityEvent
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> None:
    for scope, rate in {"guess": "3/hour", "guess_account": "5/hour"}.items():
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, rate)


def sign_in(client: Client, password: str = PASSWORD, address: str = "203.0.113.1", login: str = "ana") -> str:
    """What became of it: `in`, `wrong` or `stopped`."""
    answer = client.post("/account/login/", {"login": login, "password": password}, REMOTE_ADDR=address)
    if answer.status_code == 302:
        return "in"
    return "stopped" if "Too many tries" in answer.text else "wrong"


def test_after_a_few_guesses_even_the_right_password_waits(rates: None) -> None:
    ana = UserFactory(username="ana")
    client = Client()
    assert [sign_in(client, "guess") for _ in range(4)] == ["wrong", "wrong", "wrong", "stopped"]
    assert sign_in(client) == "stopped"
    assert SecurityEvent.objects.get(user=ana).kind == "guesses_stopped"


def test_elsewhere_the_owner_gets_in(rates: None) -> None:
    UserFactory(username="ana")
    for _ in range(4):
        sign_in(Client(), "guess")
    assert sign_in(Client(), address="198.51.100.7") == "in"


def test_guesses_from_everywhere_are_counted_together(rates: None) -> None:
    UserFactory(username="ana")
    results = [sign_in(Client(), "guess", address=f"203.0.113.{n}") for n in range(6)]
    assert results == ["wrong"] * 5 + ["stopped"]


def test_strangers_do_not_lock_the_owner_out_of_a_browser_that_knows_them(rates: None) -> None:
    UserFactory(username="ana")
    own = Client()
    assert sign_in(own) == "in"
    own.post("/account/logout/")
    for n in range(8):
        sign_in(Client(), "guess", address=f"203.0.113.{n}")
    assert sign_in(Client()) == "stopped"
    assert sign_in(own) == "in"


def test_a_browser_that_knows_the_account_has_limits_too(rates: None) -> None:
    UserFactory(username="ana")
    own = Client()
    sign_in(own)
    own.post("/account/logout/")
    assert [sign_in(own, "guess") for _ in range(4)] == ["wrong", "wrong", "wrong", "stopped"]


def test_the_cookie_of_one_account_opens_no_way_to_another(rates: None) -> None:
    UserFactory(username="ana")
    UserFactory(username="eve")
    eve = Client()
    assert sign_in(eve, login="eve") == "in"
    eve.post("/account/logout/")
    assert [sign_in(eve, "guess") for _ in range(4)] == ["wrong", "wrong", "wrong", "stopped"]


def test_a_forged_cookie_is_none(rates: None) -> None:
    UserFactory(username="ana")
    client = Client()
    client.cookies["device"] = "eyJpZCI6IngiLCJoYW5kbGVzIjpbImFuYSJdfQ:1abcde:forged"
    assert [sign_in(client, "guess") for _ in range(4)] == ["wrong", "wrong", "wrong", "stopped"]


def test_right_passwords_cost_nothing(rates: None) -> None:
    UserFactory(username="ana")
    for _ in range(8):
        assert sign_in(Client()) == "in"


def test_unknown_handles_are_stopped_like_known_ones(rates: None) -> None:
    UserFactory(username="ana")
    known = [sign_in(Client(), "guess", login="ana") for _ in range(5)]
    unknown = [sign_in(Client(), "guess", login="nobody") for _ in range(5)]
    assert known == unknown == ["wrong"] * 3 + ["stopped"] * 2


def test_pages_and_api_share_the_count(rates: None) -> None:
    UserFactory(username="ana")
    for _ in range(3):
        sign_in(Client(), "guess", address="127.0.0.1")
    answer = Client().post(
        "/api/v1/auth/token", {"username": "Ana", "password": PASSWORD}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) > 60
