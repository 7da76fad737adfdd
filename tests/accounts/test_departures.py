"""Hiding one's account, asking for its deletion, and coming back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts import departures, services
from accounts.models import Departure, User
from tests.factories import PASSWORD, ClipFactory, UserFactory
from tests.properties.threads import at_once

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """In by the front door, with the password."""
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return client


def token_of(user: User, client: Client | None = None) -> str:
    given = {"username": user.username, "password": PASSWORD}
    return (client or Client()).post("/api/v1/auth/token", given, content_type="application/json").json()["token"]


def visible(user: User) -> bool:
    return Client().get(f"/@{user.username}/").status_code == 200


def test_deactivating_hides_and_signs_out_and_signing_in_brings_all_of_it_back() -> None:
    alice = UserFactory(username="alice")
    clip = ClipFactory(author=alice, with_files=True)
    client, phone = signed_in(alice), signed_in(alice)
    token = token_of(alice)
    assert phone.get("/settings/").status_code == 200

    refused = client.post("/settings/account/deactivate/", {"password": "wrong"})
    assert refused.status_code == 422
    assert visible(alice)
    assert client.post("/settings/account/deactivate/", {"password": PASSWORD})["Location"] == "/account/login/"

    assert not visible(alice)
    assert Client().get(f"/media/clips/{clip.pk}/720.mp4").status_code == 404
    for browser in (client, phone):
        assert browser.get("/settings/")["Location"].startswith("/account/login/")
    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401

    back = signed_in(alice)
    assert back.get("/settings/").status_code == 200
    assert visible(alice)
    assert Client().get(f"/media/clips/{clip.pk}/720.mp4").status_code == 200
    assert not Departure.objects.exists()
    assert phone.get("/settings/").status_code == 302, "what was signed out stays signed out"


def test_a_token_brings_a_deactivated_account_back_too() -> None:
    alice = UserFactory(username="alice")
    departures.pause_account(user=alice)

    assert token_of(alice)
    assert visible(alice)


def test_deletion_needs_the_password_and_the_handle(settings: Any) -> None:
    alice = UserFactory(username="alice")
    client = signed_in(alice)
    page = "/settings/account/delete/"
    for username, password in (("alice", ""), ("", PASSWORD), ("alicia", PASSWORD), ("alice", "no"), ("a\0", "\0")):
        assert client.post(page, {"username": username, "password": password}).status_code == 422
    assert visible(alice)

    done = client.post(page, {"username": " @Alice", "password": PASSWORD})

    assert done.status_code == 200
    departure = Departure.objects.get(user=alice)
    assert departure.erase_at is not None
    assert departure.erase_at - departure.since == timedelta(days=settings.ERASURE_GRACE_DAYS)
    assert not visible(alice)
    assert client.get("/settings/").status_code == 302


def test_while_it_waits_signing_in_opens_one_page_only() -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    ClipFactory(author=bob)
    departures.request_deletion(user=alice)
    client = signed_in(alice)

    for path in ("/", "/following/", "/settings/", "/settings/account/", "/@bob/", "/me/", "/welcome/"):
        assert client.get(path)["Location"] == "/leaving/", path
    assert client.post("/@bob/follow/")["Location"] == "/leaving/"
    assert client.get("/api/v1/me").status_code == 401
    page = client.get("/leaving/")
    assert page.status_code == 200
    assert "14 days left" in page.content.decode()
    assert "data-live" not in page.content.decode(), "nothing polls what is closed"
    assert 'href="/for-you/"' not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert not visible(alice), "looking at it shows nobody anything"
    assert not alice.following_edges.exists()

    assert client.post("/leaving/return/").status_code == 302
    assert visible(alice)
    assert client.get("/settings/").status_code == 200
    assert client.get("/leaving/")["Location"] == "/settings/account/"


def test_the_page_of_leaving_is_for_nobody_else() -> None:
    assert Client().get("/leaving/")["Location"].startswith("/account/login/")
    assert signed_in(UserFactory(username="bob")).get("/leaving/")["Location"] == "/settings/account/"


def test_the_api_deletes_and_restores() -> None:
    alice = UserFactory(username="alice")
    token = token_of(alice)
    auth = {"authorization": f"Bearer {token}"}
    AuthToken.objects.update(created=timezone.now() - timedelta(hours=1))

    def leave(body: Any) -> Any:
        return Client().delete("/api/v1/me", body, content_type="application/json", headers=auth)

    assert (leave({}).status_code, leave({}).json()["code"]) == (403, "confirmation_required")
    assert leave({"password": "wrong"}).json()["code"] == "wrong_password"
    for bad in ("[]", "{", '{"password": 7, "x": null}', '{"password": "\\u0000"}'):
        assert leave(bad).status_code in (400, 403)
    assert visible(alice)
    done = leave({"password": PASSWORD})
    assert done.status_code == 202
    assert done.json()["erase_at"].endswith("Z")
    assert leave({"password": PASSWORD}).status_code == 401

    def post(path: str, **given: str) -> Any:
        return Client().post(f"/api/v1/{path}", given, content_type="application/json")

    assert post("auth/token", username="alice", password="wrong").json()["code"] == "invalid_credentials"
    refused = post("auth/token", username="alice", password=PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_leaving")
    assert post("me/restore", username="alice", password="wrong").status_code == 401
    restored = post("me/restore", username="alice", password=PASSWORD)
    assert restored.status_code == 200
    assert visible(alice)
    auth = {"authorization": f"Bearer {restored.json()['token']}"}
    assert Client().get("/api/v1/me", headers=auth).status_code == 200

    # A fresh token needs no password; deactivating is the softer way.
    assert Client().post("/api/v1/me/pause", content_type="application/json", headers=auth).status_code == 204
    assert not visible(alice)


def test_asking_twice_keeps_the_first_date() -> None:
    alice = UserFactory(username="alice")
    first = departures.request_deletion(user=alice)
    again = departures.request_deletion(user=alice)
    paused = departures.pause_account(user=alice)

    assert first.erase_at == again.erase_at == paused.erase_at
    assert paused.kind == "leaving"


def test_the_last_administrator_cannot_leave() -> None:
    root = UserFactory(username="boss", is_superuser=True, is_staff=True)
    with pytest.raises(departures.LastSuperuser):
        departures.request_deletion(user=root)
    root.refresh_from_db()
    assert root.is_active

    UserFactory(username="boss2", is_superuser=True, is_staff=True)
    departures.request_deletion(user=root)
    assert not User.objects.get(pk=root.pk).is_active


def test_a_suspended_account_comes_back_by_the_team_alone() -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    departures.pause_account(user=alice)
    departures.request_deletion(user=bob)
    services.deactivate_user(user=alice)
    services.deactivate_user(user=bob)

    for person in (alice, bob):
        assert signed_in(person).get("/settings/").status_code == 302
        assert not visible(person)
    with pytest.raises(departures.TooLateToReturn):
        departures.come_back(user=bob)
    assert Departure.objects.get(user=bob).erase_at is not None, "the deletion they asked for goes on"

    services.reactivate_user(user=alice)
    services.reactivate_user(user=bob)
    assert visible(alice)
    assert visible(bob)
    assert not Departure.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_last_administrators_do_not_both_leave() -> None:
    bosses = [UserFactory(is_superuser=True, is_staff=True) for _ in range(2)]

    def leave(user: User) -> bool:
        try:
            departures.request_deletion(user=user)
        except departures.LastSuperuser:
            return False
        return True

    assert sorted(at_once(*(lambda user=user: leave(user) for user in bosses))) == [False, True]
