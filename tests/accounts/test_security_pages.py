"""The security page and its doors: second steps, browsers, tokens, the log."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.throttling import SimpleRateThrottle

from accounts import mail, mfa, sessions, upkeep
from accounts.models import OutgoingMail, SecurityEvent, TokenLabel, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user: User, agent: str = LAPTOP, address: str = "203.0.113.9") -> Client:
    """A browser that signed in through the form."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    answer = client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def confirmed(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    """POST (or GET without data) after the person has confirmed that it is them."""
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings/security/"})
    return client.get(path) if data is None else client.post(path, data)


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + step))


def with_totp(user: User) -> str:
    """Give a person an authenticator app and recovery codes through the pages. Returns the secret."""
    client = signed_in(user)
    page = confirmed(client, "/account/2fa/totp/activate/")
    secret = str(page.context["form"].secret)
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    return secret


def kinds(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


# --- Second steps --------------------------------------------------------------------------------------


def test_an_authenticator_app_from_nothing_to_the_next_sign_in(django_capture_on_commit_callbacks):
    ana = UserFactory(username="ana")
    client = signed_in(ana)
    assert "Is it you?" in client.get("/account/2fa/totp/activate/", follow=True).text
    page = confirmed(client, "/account/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in page.text
    assert "style=" not in page.text
    assert "<script>" not in page.text
    secret = page.context["form"].secret
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert not mfa.has_mfa(ana)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    stored = Authenticator.objects.get(user=ana, type="totp")
    assert secret not in json.dumps(stored.data)  # encrypted

    codes = client.get("/account/2fa/recovery-codes/")
    shown = codes.context["unused_codes"]
    assert len(shown) == 10
    assert all(code in codes.text for code in shown)
    assert codes["Cache-Control"] == "private, no-store"
    again = client.get("/account/2fa/recovery-codes/")
    assert not any(code in again.text for code in shown)
    assert client.get("/account/2fa/recovery-codes/download/").status_code in (403, 404)

    # The password alone is no longer enough, and a code is good once.
    other = Client()
    first = other.post("/account/login/?next=/studio/", {"login": "ana", "password": PASSWORD})
    assert first["Location"].startswith("/account/2fa/authenticate/")
    assert other.get("/settings/").status_code == 302
    code = code_of(secret, step=1)
    assert other.post("/account/2fa/authenticate/", {"code": "123 456"}).status_code == 200
    done = other.post("/account/2fa/authenticate/", {"code": f"{code[:3]} {code[3:]}"})
    assert done["Location"] == "/studio/"
    assert other.get("/settings/").status_code == 200
    third = Client()
    third.post("/account/login/", {"login": "ana", "password": PASSWORD})
    assert third.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert third.get("/settings/").status_code == 302
    assert third.post("/account/2fa/authenticate/", {"code": shown[0]}).status_code == 302
    assert third.get("/settings/").status_code == 200
    fourth = Client()
    fourth.post("/account/login/", {"login": "ana", "password": PASSWORD})
    assert fourth.post("/account/2fa/authenticate/", {"code": shown[0]}).status_code == 200
    assert {"totp_added", "recovery_code_used"} <= set(kinds(ana))


def test_guessing_at_codes_stops_and_the_owner_hears_of_it(monkeypatch, django_capture_on_commit_callbacks):
    ana = UserFactory(username="ana")
    EmailAddress.objects.create(user=ana, email="ana@example.org", verified=True, primary=True)
    secret = with_totp(ana)
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "code", "3/hour")
    client = Client()
    client.post("/account/login/", {"login": "ana", "password": PASSWORD})
    texts = [client.post("/account/2fa/authenticate/", {"code": "000000"}).text for _ in range(3)]
    assert all("not right" in text for text in texts)
    assert "Too many tries" in client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)}).text
    assert "codes_stopped" in kinds(ana)
    assert OutgoingMail.objects.filter(to="ana@example.org", subject__contains="Right password").count() == 1


def test_the_first_second_step_signs_other_browsers_out(django_capture_on_commit_callbacks):
    ana = UserFactory(username="ana")
    phone = signed_in(ana, PHONE)
    with django_capture_on_commit_callbacks(execute=True):
        with_totp(ana)
    assert phone.get("/settings/").status_code == 302


def test_removing_the_last_second_step(django_capture_on_commit_callbacks):
    ana = UserFactory(username="ana")
    secret = with_totp(ana)
    client = Client()
    client.post("/account/login/", {"login": "ana", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert "Remove" in confirmed(client, "/account/2fa/totp/deactivate/").text
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=ana).exists()
    assert "totp_removed" in kinds(ana)


@pytest.mark.parametrize("credential", ["", "null", "[]", "{}", "x", '{"id": 7}', '{"response": {"userHandle": "AA"}}'])
def test_nonsense_is_no_passkey(credential):
    client = signed_in(UserFactory())
    confirmed(client, "/account/2fa/webauthn/add/")
    assert client.post("/account/2fa/webauthn/add/", {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()
    stranger = Client()
    stranger.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = stranger.post("/account/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code in (200, 302)
    assert stranger.get("/settings/").status_code == 302


def test_staff_work_only_with_a_second_step(settings):
    settings.STAFF_NEEDS_MFA = True
    mod = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client = signed_in(mod)
    refused = client.get("/admin/")
    assert refused.status_code == 302
    led = client.get("/admin/accounts/user/", follow=True)
    assert led.redirect_chain[-1][0] == "/settings/security/"
    assert "two-step sign-in" in led.text
    assert client.post("/admin/accounts/user/", {"action": "deactivate"}).status_code == 302
    Authenticator.objects.create(user=mod, type="totp", data={"secret": "x"})
    assert client.get("/admin/").status_code == 200


def test_in_the_demo_staff_work_without(settings):
    settings.STAFF_NEEDS_MFA = False
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200


def test_the_desk_has_no_sign_in_of_its_own():
    assert Client().get("/admin/login/?next=/admin/clips/")["Location"] == "/account/login/?next=%2Fadmin%2Fclips%2F"
    UserFactory(username="mod", is_staff=True)
    Client().post("/admin/login/", {"username": "mod", "password": PASSWORD})
    assert not Session.objects.exists()
    assert signed_in(UserFactory()).get("/admin/login/").status_code == 403


# --- Browsers ------------------------------------------------------------------------------------------


def test_browsers_are_listed_and_signed_out_one_by_one():
    ana = UserFactory(username="ana")
    laptop, phone = signed_in(ana), signed_in(ana, PHONE, "2001:db8:1:2::7")
    page = laptop.get("/settings/security/")
    for text in ("Firefox, Linux", "Chrome, Android", "203.0.113.*", "2001:db8:1::/48", "This browser"):
        assert text in page.text
    assert "203.0.113.9" not in page.text
    other = next(row for row in page.context["sessions"] if not row.is_current)
    laptop.post("/settings/security/sessions/", {"session": other.id})
    assert phone.get("/settings/").status_code == 302
    assert laptop.get("/settings/").status_code == 200
    assert kinds(ana)[-1] == "session_ended"


def test_all_other_browsers_at_once():
    ana = UserFactory(username="ana")
    laptop, *others = [signed_in(ana) for _ in range(3)]
    laptop.post("/settings/security/sessions/", {"session": "others"})
    assert [client.get("/settings/").status_code for client in others] == [302, 302]
    assert laptop.get("/settings/").status_code == 200


def test_nobody_signs_out_somebody_else():
    ana, eve = UserFactory(), UserFactory()
    own = signed_in(ana)
    row = UserSession.objects.get(user=ana)
    for which in (str(row.pk), "999999999999999999", "x", "", "-1", "\0"):
        assert signed_in(eve).post("/settings/security/sessions/", {"session": which}).status_code == 302
    assert own.get("/settings/").status_code == 200


def test_the_page_costs_the_same_with_many_browsers_tokens_and_events():
    ana = UserFactory(username="ana")
    client = signed_in(ana)
    client.get("/settings/security/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/settings/security/")
        few = len(queries)
    for _ in range(8):
        signed_in(ana)
        token_of(ana)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/settings/security/")
        assert len(queries) == few
    assert few <= 10
    assert len(page.context["sessions"]) == 9
    assert len(page.context["tokens"]) == 8


def token_of(user: User) -> TokenLabel:
    return TokenLabel.objects.create(token=AuthToken.objects.create(user=user)[0], name="script")


def test_at_the_limit_the_session_unused_for_longest_ends(monkeypatch):
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    ana = UserFactory()
    first, second, third = (signed_in(ana) for _ in range(3))
    assert first.get("/settings/").status_code == 302
    assert second.get("/settings/").status_code == third.get("/settings/").status_code == 200


def test_use_is_noted_now_and_then():
    ana = UserFactory()
    client = signed_in(ana)
    long_ago = timezone.now() - timedelta(hours=5)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/settings/", headers={"accept": "text/html"})
    assert UserSession.objects.get().last_seen_at == long_ago  # noted minutes ago: no write
    session = client.session
    session[sessions.NOTED] = int(long_ago.timestamp())
    session.save()
    client.get("/settings/", headers={"accept": "text/html"}, REMOTE_ADDR="198.51.100.4")
    row = UserSession.objects.get()
    assert timezone.now() - row.last_seen_at < timedelta(minutes=1)
    assert row.ip == "198.51.100.4"


def test_a_new_device_is_news_a_known_one_is_not():
    ana = UserFactory(username="ana")
    EmailAddress.objects.create(user=ana, email="ana@example.org", verified=True, primary=True)
    laptop = signed_in(ana)
    laptop.post("/account/logout/")
    laptop.post("/account/login/", {"login": "ana", "password": PASSWORD})
    assert kinds(ana) == ["signed_in", "signed_in"]
    assert not OutgoingMail.objects.exists()
    signed_in(ana, PHONE, "198.51.100.4")
    assert kinds(ana)[-1] == "new_device"
    mail.deliver_waiting()
    sent = outbox.outbox[0]
    assert sent.to == ["ana@example.org"]
    assert "Chrome, Android" in sent.body
    assert "198.51.100.*" in sent.body
    assert "<html" in sent.alternatives[0].content


# --- Passwords -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("revoke", [True, False])
def test_a_new_password_signs_out_other_browsers_and_tokens_by_choice(revoke):
    ana = UserFactory(username="ana")
    laptop, phone = signed_in(ana), signed_in(ana, PHONE)
    token_of(ana)
    data = {"oldpassword": PASSWORD, "password1": "another secret 1", "password2": "another secret 1"}
    if revoke:
        data["revoke_tokens"] = "on"
    assert laptop.post("/account/password/change/", data)["Location"] == "/settings/security/"
    assert phone.get("/settings/").status_code == 302
    assert laptop.get("/settings/security/").context["sessions"][0].is_current
    assert AuthToken.objects.filter(user=ana).exists() is not revoke
    assert kinds(ana)[-1] == "password_changed"


def test_guessing_at_the_password_from_an_open_browser_is_counted(monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "guess", "2/hour")
    client = signed_in(UserFactory())
    data = {"oldpassword": "wrong", "password1": "another secret 1", "password2": "another secret 1"}
    texts = [client.post("/account/password/change/", data).text for _ in range(3)]
    assert "Too many tries" not in texts[1]
    assert "not your current password" in texts[0]
    assert "Too many tries" in client.post("/account/password/change/", data | {"oldpassword": PASSWORD}).text


def test_password_reset_by_mail_ends_sessions_and_keeps_the_second_step():
    ana = UserFactory(username="ana", email="ana@example.org")
    with_totp(ana)
    browser = signed_in(UserFactory())
    Client().post("/account/password/reset/", {"email": "ANA@example.org"})
    mail.deliver_waiting()
    sent = outbox.outbox[-1]
    link = next(word for word in sent.body.split() if "/password/reset/key/" in word)
    assert link.startswith("http://testserver/")
    client = Client()
    form = client.get(link, follow=True)
    assert "Choose a new password" in form.text
    target = form.redirect_chain[-1][0]
    new = {"password1": "another secret 1", "password2": "another secret 1", "revoke_tokens": "on"}
    assert client.post(target, new)["Location"] == "/account/password/reset/key/done/"
    assert not UserSession.objects.filter(user=ana).exists()
    step = client.post("/account/login/", {"login": "ana", "password": "another secret 1"})
    assert step["Location"].startswith("/account/2fa/authenticate/")
    assert "used up" in Client().get(link, follow=True).text
    assert "password_reset" in kinds(ana)
    assert browser.get("/settings/").status_code == 200  # another person's


def test_asking_for_a_new_password_does_the_same_work_for_every_address(django_assert_num_queries):
    UserFactory(username="ana", email="ana@example.org")
    answers = []
    for address in ("ana@example.org", "nobody@example.org"):
        with django_assert_num_queries(2):
            answer = Client().post("/account/password/reset/", {"email": address})
        answers.append((answer.status_code, answer["Location"], answer.content, sorted(answer.headers)))
    assert answers[0] == answers[1]


def test_one_address_gets_ten_mails_an_hour_and_no_more():
    for number in range(12):
        Client().post("/account/password/reset/", {"email": "ana@example.org"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert OutgoingMail.objects.filter(to="ana@example.org").count() == 10


# --- Tokens --------------------------------------------------------------------------------------------


def test_a_token_is_made_by_name_shown_once_and_revoked():
    ana = UserFactory(username="ana")
    client = signed_in(ana)
    made = confirmed(client, "/settings/security/tokens/new/", {"name": " backup  script ", "days": "30"})
    assert made["Cache-Control"] == "private, no-store"
    secret = made.context["secret"]
    assert secret in made.text
    api = Client(headers={"Authorization": f"Bearer {secret}"})
    assert api.get("/api/v1/me").json()["username"] == "ana"
    page = client.get("/settings/security/")
    assert secret not in page.text
    row = page.context["tokens"][0]
    assert (row.name, row.prefix) == ("backup script", secret[:8])
    assert row.last_used_at is not None
    assert abs(row.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    client.post("/settings/security/tokens/revoke/", {"token": row.id})
    assert api.get("/api/v1/me").status_code == 401
    assert [kind for kind in kinds(ana) if "token" in kind] == ["token_created", "token_revoked"]


@pytest.mark.parametrize(
    ("name", "days"),
    [("", "30"), ("   ", "30"), ("x" * 61, "30"), ("x", "31"), ("x", ""), ("a\0b", "30"), ("\u202e", "30")],
)
def test_bad_tokens_are_not_made(name, days):
    client = signed_in(UserFactory())
    answer = confirmed(client, "/settings/security/tokens/new/", {"name": name, "days": days})
    assert answer.status_code == 200
    assert "field-error" in answer.text
    assert not AuthToken.objects.exists()


def test_making_a_token_asks_who_it_is():
    client = signed_in(UserFactory())
    answer = client.post("/settings/security/tokens/new/", {"name": "x", "days": "30"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not AuthToken.objects.exists()


def test_nobody_revokes_somebody_elses_token():
    label = token_of(UserFactory())
    signed_in(UserFactory()).post("/settings/security/tokens/revoke/", {"token": label.pk})
    assert TokenLabel.objects.filter(pk=label.pk).exists()


# --- E-mail, mail, upkeep ------------------------------------------------------------------------------


def links(message: Any) -> list[str]:
    return [word for word in message.body.split() if word.startswith("http")]


def test_an_address_is_given_confirmed_and_changed():
    ana = UserFactory(username="ana")
    client = signed_in(ana)
    confirmed(client, "/account/email/", {"action_add": "", "email": "ana@example.org"})
    mail.deliver_waiting()
    link = links(outbox.outbox[0])[0]
    assert "Yes, confirm it" in client.get(link).text
    assert not EmailAddress.objects.get().verified  # looking confirms nothing: mail scanners look too
    client.post(link)
    ana.refresh_from_db()
    assert (ana.email, EmailAddress.objects.get().verified) == ("ana@example.org", True)

    client.post("/account/email/", {"action_add": "", "email": "new@example.org"})
    assert EmailAddress.objects.filter(user=ana, verified=True).get().email == "ana@example.org"
    mail.deliver_waiting()
    client.post(links(outbox.outbox[1])[0])
    ana.refresh_from_db()
    assert ana.email == "new@example.org"
    assert [a.email for a in EmailAddress.objects.filter(user=ana)] == ["new@example.org"]
    assert kinds(ana)[-2:].count("email_changed") == 1
    mail.deliver_waiting()
    assert ["ana@example.org"] in [sent.to for sent in outbox.outbox[2:]]  # the old address hears of it


def test_changing_the_address_asks_who_it_is():
    client = signed_in(UserFactory())
    answer = client.post("/account/email/", {"action_add": "", "email": "eve@example.org"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.exists()


def test_a_mail_server_that_is_down_breaks_no_sign_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    data = {"username": "ana", "password1": "a fine long secret", "birth_date": "1999-12-31", "email": "a@example.org"}
    assert Client().post("/account/signup/", data).status_code == 302
    waiting = OutgoingMail.objects.get()
    assert mail.deliver(mail_id=waiting.pk) is False
    waiting.refresh_from_db()
    assert waiting.attempts == 1
    assert waiting.next_try_at > timezone.now()
    assert mail.deliver(mail_id=waiting.pk) is False  # not due yet

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.update(next_try_at=timezone.now())
    assert mail.deliver_waiting() == 1
    assert not OutgoingMail.objects.exists()
    assert "confirm-email" in outbox.outbox[0].body


def test_after_a_day_a_mail_is_given_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    old = OutgoingMail.objects.create(to="a@example.org", subject="x", created_at=timezone.now() - timedelta(days=2))
    mail.deliver(mail_id=old.pk)
    assert not OutgoingMail.objects.exists()


def test_what_is_typed_into_a_mail_stays_text():
    mail.queue_mail(to="a@example.org", subject="a\nBcc: eve@example.org", text="x")
    mail.deliver_waiting()
    assert not outbox.outbox  # Django refuses headers with line breaks; it is logged and tried again
    subject, text, html = mail.compose(
        "mail/notice",
        {
            "user": UserFactory.build(username="ana"),
            "kind": "<b>",
            "event": SecurityEvent(kind="signed_in", detail="<i>"),
        },
    )
    assert subject == "<b>: @ana"
    assert "<i>" in text
    assert "<i>" not in html
    assert "&lt;i&gt;" in html


def test_upkeep_forgets_what_is_over():
    ana = UserFactory()
    signed_in(ana)
    kept = UserSession.objects.get()
    UserSession.objects.create(
        user=ana, ip="203.0.113.1", session_key="gone", user_agent="", last_seen_at=timezone.now() - timedelta(days=1)
    )
    SecurityEvent.objects.create(user=ana, kind="signed_in", at=timezone.now() - timedelta(days=400))
    assert upkeep.tidy() == {"sessions": 1, "events": 1, "throttles": 0}
    assert UserSession.objects.get() == kept
    assert kinds(ana) == ["signed_in"]


def test_the_log_in_pages():
    ana = UserFactory()
    client = signed_in(ana)
    SecurityEvent.objects.bulk_create(SecurityEvent(user=ana, kind="signed_in", detail=f"no {n}") for n in range(50))
    first = client.get("/settings/security/log/")
    second = client.get(f"/settings/security/log/?before={first.context['following']}")
    seen = [event.pk for page in (first, second) for event in page.context["events"]]
    assert len(seen) == len(set(seen)) == 51
    for bad in ("x", "-1", "9" * 30):
        assert client.get(f"/settings/security/log/?before={bad}").status_code == 404


def test_favicon(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/static/icons/mark")
