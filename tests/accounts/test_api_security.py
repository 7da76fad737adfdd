"""Tokens, browsers, the log and two-step sign-in over the API."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from rest_framework.throttling import SimpleRateThrottle

from accounts.adapters import MfaAdapter
from accounts.models import SecurityEvent, User
from accounts.services import block_user, deactivate_user
from tests.accounts.test_security_pages import code_of, signed_in, token_of
from tests.factories import PASSWORD, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


def with_mfa() -> tuple[User, str]:
    ana = UserFactory(username="ana")
    secret = generate_totp_secret()
    Authenticator.objects.create(user=ana, type="totp", data={"secret": MfaAdapter().encrypt(secret)})
    return ana, secret


def sign_in(**more: str):
    return Api().post("auth/token", {"username": "ana", "password": PASSWORD} | more)


def test_a_password_alone_is_not_enough_with_two_steps():
    ana, secret = with_mfa()
    missing = sign_in()
    assert (missing.status, missing.code) == (401, "mfa_required")
    assert (sign_in(code="").status, sign_in(code="").code) == (401, "mfa_required")
    wrong = sign_in(code="000000")
    assert (wrong.status, wrong.code) == (401, "invalid_code")
    assert not AuthToken.objects.exists()
    code = code_of(secret)
    right = sign_in(code=code, name="phone")
    assert right.status == 200
    assert sign_in(code=code).code == "invalid_code"  # good once, however it is sent
    assert Api(Authorization=f"Bearer {right.json['token']}").get("me").json["id"] == ana.pk
    assert Authenticator.objects.get().last_used_at is not None


def test_a_recovery_code_signs_in_once():
    ana, _ = with_mfa()
    code = RecoveryCodes.activate(ana).get_unused_codes()[0]
    assert sign_in(code=code).status == 200
    assert sign_in(code=code).code == "invalid_code"
    assert SecurityEvent.objects.filter(user=ana, kind="recovery_code_used").count() == 1


def test_whoever_has_only_a_passkey_needs_a_recovery_code():
    ana = UserFactory(username="ana")
    Authenticator.objects.create(user=ana, type="webauthn", data={"name": "key", "credential": {}})
    assert sign_in().code == "mfa_required"
    assert sign_in(code="123456").code == "invalid_code"


def test_without_the_password_nothing_tells_of_two_steps():
    with_mfa()
    answer = Api().post("auth/token", {"username": "ana", "password": "wrong", "code": "123456"})
    assert answer.code == "invalid_credentials"


def test_guessing_at_codes_is_stopped(monkeypatch):
    _, secret = with_mfa()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "code", "2/hour")
    assert [sign_in(code="000000").code for _ in range(2)] == ["invalid_code"] * 2
    stopped = sign_in(code=code_of(secret))
    assert (stopped.status, stopped.code) == (429, "too_many_requests")
    assert int(stopped.headers["Retry-After"]) > 1000


def test_tokens_are_listed_with_names_and_revoked():
    UserFactory(username="ana")
    api = Api(Authorization=f"Bearer {sign_in(name='  my   phone ').json['token']}")
    mine = token_of(User.objects.get())
    token_of(UserFactory())
    rows = api.get("me/tokens").json["results"]
    assert [(row["name"], row["is_current"]) for row in rows] == [("script", False), ("my phone", True)]
    assert len(rows[0]["prefix"]) == 8
    assert rows[1]["last_used_at"] is not None
    assert len(api.pages("me/tokens", limit=1)) == 2
    assert api.delete(f"me/tokens/{mine.pk}").status == 204
    assert api.delete(f"me/tokens/{mine.pk}").status == 204
    assert [row["name"] for row in api.get("me/tokens").json["results"]] == ["my phone"]
    assert api.delete(f"me/tokens/{rows[1]['id']}").status == 204
    assert api.get("me").status == 401


def test_nobody_reads_or_ends_what_is_somebody_elses():
    ana, eve = UserFactory(), UserFactory()
    label = token_of(ana)
    browser = signed_in(ana)
    row = UserSession.objects.get(user=ana)
    api = Api(eve)
    assert api.get("me/sessions").json["results"] == []
    assert api.delete(f"me/tokens/{label.pk}").status == 204
    assert api.delete(f"me/sessions/{row.pk}").status == 204
    assert api.delete("me/sessions").status == 204
    assert AuthToken.objects.filter(user=ana).exists()
    assert browser.get("/settings/").status_code == 200
    assert api.get("me/security/events").json["results"] == []


def test_browsers_are_listed_and_signed_out():
    ana = UserFactory()
    first, second = signed_in(ana), signed_in(ana)
    api = Api(ana)
    rows = api.get("me/sessions").json["results"]
    assert [row["device"] for row in rows] == ["Firefox, Linux"] * 2
    assert {row["network"] for row in rows} == {"203.0.113.*"}
    oldest = min(row["id"] for row in rows)
    assert api.delete(f"me/sessions/{oldest}").status == 204
    assert first.get("/settings/").status_code == 302
    assert api.delete("me/sessions").status == 204
    assert second.get("/settings/").status_code == 302


def test_a_browser_keeps_itself():
    ana = UserFactory()
    own, other = signed_in(ana), signed_in(ana)
    assert own.get("/api/v1/me/sessions").json()["results"][0]["is_current"] is True
    assert own.delete("/api/v1/me/sessions").status_code == 204
    assert own.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_the_log_and_the_state():
    ana = UserFactory(username="ana")
    for _ in range(3):
        signed_in(ana)
    api = Api(ana)
    assert api.get("me/security").json == {"email": None, "mfa": False}
    rows = api.pages("me/security/events", limit=2)
    assert [row["kind"] for row in rows] == ["signed_in"] * 3
    assert rows[0]["at"].endswith("Z")


@pytest.mark.parametrize("path", ["me/tokens", "me/sessions", "me/security", "me/security/events"])
def test_only_for_oneself(path):
    assert Api().get(path).status == 401
    answer = Api(UserFactory()).get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_closing_an_account_signs_out_everywhere():
    ana = UserFactory()
    browser = signed_in(ana)
    deactivate_user(user=ana)
    assert not UserSession.objects.filter(user=ana).exists()
    assert browser.get("/settings/").status_code == 302


# --- Before signing in, nothing tells who blocked whom ----------------------------------------------------


def plain(answer) -> str:
    """The page without what differs from request to request."""
    text = answer.content.decode()
    token = answer.wsgi_request.META.get("CSRF_COOKIE", "")
    lines = [line for line in text.splitlines() if "csrf-token" not in line]
    return "\n".join(lines).replace(token, "")


def test_whoever_blocked_you_is_like_nobody():
    ana, eve = UserFactory(username="ana"), UserFactory(username="eve")
    block_user(blocker=ana, blocked=eve)
    client = Client()
    client.force_login(eve)
    for pattern in ("/@{}/", "/@{}/reposts/", "/@{}/followers/", "/api/v1/users/{}", "/api/v1/users/{}/clips"):
        client.get(pattern.format("nobody"))
        seen = []
        for handle in ("ana", "zzz"):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(pattern.format(handle))
            seen.append((answer.status_code, plain(answer).replace(handle, "x"), len(queries)))
        assert seen[0] == seen[1]
        assert seen[0][0] == 404


def test_signing_in_says_nothing_of_blocks():
    ana, eve = UserFactory(username="ana"), UserFactory(username="eve")
    before = Client().get("/account/login/?next=/@ana/")
    block_user(blocker=ana, blocked=eve)
    after = Client().get("/account/login/?next=/@ana/")
    assert before.status_code == after.status_code == 200
    assert len(before.content) == len(after.content)
    answer = Client().post("/account/login/", {"login": "eve", "password": PASSWORD, "next": "/@ana/"})
    assert (answer.status_code, answer["Location"]) == (302, "/@ana/")


def test_signing_up_with_a_known_address_looks_like_any_other():
    EmailAddress.objects.create(user=UserFactory(), email="known@example.org", verified=True, primary=True)
    data = {"password1": "a fine long secret", "birth_date": "1999-12-31"}
    answers = [
        Client().post("/account/signup/", data | {"username": f"new{n}", "email": address})
        for n, address in enumerate(("known@example.org", "fresh@example.org"))
    ]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/welcome/")] * 2
    assert answers[0].content == answers[1].content
