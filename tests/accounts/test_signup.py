"""Signing up, in and out, and changing the password, through the pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.forms import SignUpForm
from accounts.mail import deliver_waiting
from accounts.models import User

from ..factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP = "/account/signup/"


def data(**changes):
    return {
        "username": "ana.b",
        "password1": "a fine long secret",
        "birth_date": "1999-12-31",
        "display_name": "Ana 🌊",
        "email": "",
    } | changes


def errors(response):
    return response.context["form"].errors


def years_ago(years: int, days: int = 0) -> str:
    today = timezone.localdate()
    day = date(today.year - years, today.month, min(today.day, 28))
    return date.fromordinal(day.toordinal() + days).isoformat()


def test_sign_up_signs_in_and_leads_to_the_welcome_page(client):
    UserFactory(username="star", is_private=False)
    response = client.post(SIGN_UP, data())
    assert response.status_code == 302
    assert response["Location"] == reverse("accounts:welcome")
    user = User.objects.get(username="ana.b")
    assert (user.display_name, user.birth_date) == ("Ana 🌊", date(1999, 12, 31))
    assert client.get("/welcome/").context["user"] == user


def test_next_wins_over_the_welcome_page(client):
    assert client.post(f"{SIGN_UP}?next=/for-you/", data())["Location"] == "/for-you/"
    client.post("/account/logout/")
    assert client.post(f"{SIGN_UP}?next=https://evil.example/", data(username="b"))["Location"] == "/welcome/"


@pytest.mark.parametrize(
    ("birth_date", "text"),
    [
        (years_ago(12), "at least 13 years old"),
        (years_ago(13, days=40), "at least 13 years old"),
        (years_ago(-1), "future"),
        ("0999-01-01", "Check the year"),
        ("1899-02-30", "such as 1999-12-31"),
        ("yesterday", "such as 1999-12-31"),
        ("", "Enter your date of birth"),
    ],
)
def test_wrong_birth_dates_say_why_and_store_nothing(client, birth_date, text):
    response = client.post(SIGN_UP, data(birth_date=birth_date))
    assert response.status_code == 200
    assert text in errors(response)["birth_date"][0]
    assert text in response.text
    assert not User.objects.exists()


def test_thirteen_is_old_enough(client):
    assert client.post(SIGN_UP, data(birth_date=years_ago(13))).status_code == 302


@pytest.mark.parametrize("username", ["Ana.B", "@ana.b", "  ana.b "])
def test_handles_forgive_capitals_and_the_at_sign(client, username):
    assert client.post(SIGN_UP, data(username=username)).status_code == 302
    assert User.objects.get().username == "ana.b"


@pytest.mark.parametrize("username", ["", "_a", "a b", "а", "a" * 31, "a\0b", "ana."])
def test_bad_handles_are_refused(client, username):
    response = client.post(SIGN_UP, data(username=username))
    assert response.status_code == 200
    assert "username" in errors(response)
    assert not User.objects.exists()


def test_taken_handle_keeps_the_other_texts_but_no_password(client):
    UserFactory(username="ana.b")
    response = client.post(SIGN_UP, data())
    assert errors(response)["username"] == ["This handle is taken. Try another one."]
    assert "Ana 🌊" in response.text
    assert "1999-12-31" in response.text
    assert "a fine long secret" not in response.text


def test_handle_taken_while_the_form_was_checked(client, monkeypatch):
    monkeypatch.setattr(SignUpForm, "clean_username", lambda self: "ana.b")
    UserFactory(username="ana.b")
    response = client.post(SIGN_UP, data())
    assert response.status_code == 200
    assert errors(response)["username"] == ["This handle is taken. Try another one."]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "text"), [("short", "too short"), ("password1", "too common"), ("ana.b.ana", "too similar")]
)
def test_weak_passwords_are_refused(client, password, text):
    response = client.post(SIGN_UP, data(password1=password))

    assert text in errors(response)["password1"][0]
    assert not User.objects.exists()


def test_a_known_address_is_not_given_away(client):
    first = client.post(SIGN_UP, data(email="ana@example.org"))
    client.post("/account/logout/")
    second = client.post(SIGN_UP, data(username="other", email="ana@example.org"))
    assert (first.status_code, second.status_code) == (302, 302)
    assert User.objects.count() == 2


def test_fields_help_password_managers(client):
    page = client.get(SIGN_UP).text
    for hint in ("username", "new-password", "bday", "email", "name"):
        assert f'autocomplete="{hint}"' in page
    page = client.get("/account/login/").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.parametrize("login", ["alice", "Alice", "@alice "])
def test_sign_in(client, login):
    UserFactory(username="alice")
    response = client.post("/account/login/?next=/studio/", {"login": login, "password": PASSWORD})
    assert response["Location"] == "/studio/"


def test_wrong_password_and_unknown_handle_read_the_same(client):
    UserFactory(username="alice")
    texts = [
        client.post("/account/login/", {"login": login, "password": "wrong"}).context["form"].non_field_errors()
        for login in ("alice", "nobody")
    ]
    assert texts[0] == texts[1] == ["That handle and password do not belong together."]


def test_inactive_people_do_not_get_in(client):
    UserFactory(username="alice", is_active=False)
    client.post("/account/login/", {"login": "alice", "password": PASSWORD})
    assert client.get("/settings/").status_code == 302


def test_signing_out_asks_first(client):
    client.force_login(UserFactory())
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/settings/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/settings/")["Location"] == "/account/login/?next=/settings/"


def test_password_change(client):
    user = UserFactory(username="alice")
    client.force_login(user)
    url = "/account/password/change/"
    wrong = client.post(url, {"oldpassword": "no", "password1": "another secret 1", "password2": "another secret 1"})
    assert "oldpassword" in errors(wrong)
    client.post(url, {"oldpassword": PASSWORD, "password1": "another secret 1", "password2": "another secret 1"})
    user.refresh_from_db()
    assert user.check_password("another secret 1")
    assert client.get("/settings/").status_code == 200  # still signed in


def test_forgotten_password_by_mail(client):
    UserFactory(username="alice", email="alice@example.org")
    answers = [
        client.post("/account/password/reset/", {"email": address})["Location"]
        for address in ("alice@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]
    assert mail.outbox == []  # the worker looks up who has the address
    assert deliver_waiting() == 2
    assert [sent.to for sent in mail.outbox if "password/reset/key" in sent.body] == [["alice@example.org"]]


@pytest.mark.parametrize(
    "path",
    [
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/inactive/",
    ],
)
def test_every_entrance_page_wears_our_frame(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert 'id="main"' in response.text
    assert "style=" not in response.text
