"""The one throttle: how much gets through, on the database and on a real Valkey server, also at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from accounts import throttle
from accounts.models import ThrottleMark
from accounts.throttle import Rate
from config import valkey
from tests.factories import UserFactory
from tests.properties.threads import at_once

NOW = 1_800_000_000.0
STORES = ["database", "valkey"]


@pytest.fixture
def store(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Count in the database, or on the session's Valkey server, emptied first."""
    if request.param == "valkey":
        settings.THROTTLE_REDIS_URL = valkey.cache_url(request.getfixturevalue("valkey_server"))
        throttle._server(settings.THROTTLE_REDIS_URL).client.flushdb()
    yield request.param
    if request.param == "valkey":
        assert not ThrottleMark.objects.exists()  # the server did answer


on_both = pytest.mark.parametrize("store", STORES, indirect=True)


@on_both
@pytest.mark.django_db
def test_as_many_as_the_rate_says_then_one_at_a_time(store: str) -> None:
    take = partial(throttle.take, "k", Rate(3, 60))
    assert [take(now=NOW) for _ in range(3)] == [None, None, None]
    assert take(now=NOW) == pytest.approx(20)
    assert take(now=NOW + 15) == pytest.approx(5)
    assert take(now=NOW + 20) is None
    assert take(now=NOW + 20) == pytest.approx(20)
    assert [take(now=NOW + 500) for _ in range(4)] == [None, None, None, pytest.approx(20)]


@on_both
@pytest.mark.django_db
def test_what_is_given_back_was_never_counted(store: str) -> None:
    rate = Rate(2, 60)
    for _ in range(10):
        assert throttle.take("k", rate, now=NOW) is None
        throttle.give_back("k", rate, now=NOW)
    assert [throttle.take("k", rate, now=NOW) for _ in range(3)] == [None, None, pytest.approx(30)]


@on_both
@pytest.mark.django_db
def test_keys_do_not_meet(store: str) -> None:
    assert throttle.once("a", 60, now=NOW)
    assert not throttle.once("a", 60, now=NOW)
    assert throttle.once("b", 60, now=NOW)


@on_both
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_cannot_exceed_it(store: str) -> None:
    for round_ in range(3):
        took = at_once(*[partial(throttle.take, f"race {round_}", Rate(5, 3600))] * 16)
        assert took.count(None) == 5
        assert all(wait > 0 for wait in took if wait is not None)


@on_both
@pytest.mark.django_db(transaction=True)
def test_sign_ins_at_the_same_moment_cannot_exceed_it(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and API count together, under threads, through the whole stack."""
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "4/hour")
    UserFactory(username="ana")

    def by_page() -> int:
        return Client().post("/account/login/", {"login": "ana", "password": "wrong"}).status_code

    def by_api() -> int:
        body = {"username": "ana", "password": "wrong"}
        return Client().post("/api/v1/auth/token", body, content_type="application/json").status_code

    codes = at_once(*[by_page, by_api] * 5)
    assert codes.count(429) == 6
    assert sorted(set(codes)) in ([200, 401, 429], [200, 429], [401, 429])


@on_both
@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_cannot_exceed_it(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "guess", "3/hour")
    UserFactory(username="ana")

    def guess() -> str:
        body = {"username": "ana", "password": "wrong"}
        return str(Client().post("/api/v1/auth/token", body, content_type="application/json").json()["code"])

    codes = at_once(*[guess] * 9)
    assert sorted(codes) == ["invalid_credentials"] * 3 + ["too_many_requests"] * 6


@on_both
@pytest.mark.django_db(transaction=True)
def test_sign_ups_at_the_same_moment_cannot_exceed_it(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_up", "2/hour")

    def sign_up(number: int) -> int:
        body = {"username": f"new{number}", "password": "correct horse battery", "birth_date": "1999-12-31"}
        return Client().post("/api/v1/accounts", body, content_type="application/json").status_code

    codes = at_once(*[partial(sign_up, number) for number in range(6)])
    assert sorted(codes) == [201, 201, 429, 429, 429, 429]


@pytest.mark.django_db
def test_the_database_counts_while_the_server_is_away(settings: Any, short_tmp: Any) -> None:
    settings.THROTTLE_REDIS_URL = valkey.cache_url(short_tmp / "nobody-counts.sock")
    took = [throttle.take("k", Rate(2, 3600)) for _ in range(3)]
    assert took[:2] == [None, None]
    assert took[2] is not None
    assert ThrottleMark.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "rate"),
    [("20/min", Rate(20, 60)), ("5/15m", Rate(5, 900)), ("100/hour", Rate(100, 3600)), ("1/10s", Rate(1, 10))],
)
def test_rates_are_written_like_this(text: str, rate: Rate) -> None:
    assert throttle.parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "5", "5/", "x/min", "5/fortnight", "-1/min"])
def test_nonsense_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        throttle.parse_rate(text)


def test_keys_tell_nothing() -> None:
    key = throttle.key_of("sign_in", "203.0.113.9")
    assert key.startswith("sign_in:")
    assert "203" not in key
    assert len(key) < 80


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "data", "scope", "as_user"),
    [
        ("/account/login/", {"login": "a", "password": "b"}, "sign_in", False),
        ("/account/signup/", {}, "sign_up", False),
        ("/account/password/reset/", {"email": "a@example.org"}, "reset", False),
        ("/account/2fa/webauthn/login/", {"credential": "x"}, "sign_in", False),
        ("/account/reauthenticate/", {"password": "b"}, "confirm", True),
        ("/account/password/change/", {"oldpassword": "b"}, "confirm", True),
        ("/account/email/", {"email": "x"}, "confirm", True),
    ],
)
def test_every_door_is_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, data: dict[str, str], scope: str, as_user: bool
) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, "2/hour")
    if as_user:
        client.force_login(UserFactory())
    codes = [client.post(path, data).status_code for _ in range(3)]
    assert 429 not in codes[:2]
    assert codes[2] == 429
    last = client.post(path, data)
    assert int(last["Retry-After"]) > 1000
    assert "One moment" in last.text
    assert client.get("/account/login/").status_code in (200, 302)  # looking costs nothing


@pytest.mark.django_db
def test_a_subnet_of_ipv6_counts_as_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "2/hour")
    codes = [
        client.post("/account/login/", {"login": "a", "password": "b"}, REMOTE_ADDR=address).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")
    ]
    assert codes == [200, 200, 429, 200]


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "counted_apart"), [(0, False), (1, True)])
def test_forwarded_addresses_count_only_from_our_proxies(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, trusted: int, counted_apart: bool
) -> None:
    settings.TRUSTED_PROXY_COUNT = trusted
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "sign_in", "1/hour")
    codes = [
        client.post("/account/login/", {"login": "a"}, HTTP_X_FORWARDED_FOR=f"1.1.1.1, 10.0.0.{n}") for n in range(2)
    ]
    assert (codes[1].status_code == 200) is counted_apart
