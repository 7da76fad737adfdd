"""Handles: whose they are, changing them, and where an earlier one leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import handles
from accounts.models import FormerHandle, RetiredHandle, User
from accounts.registration import register_account
from accounts.signals import handle_changed
from tests.factories import PASSWORD, BlockFactory, ClipFactory, UserFactory
from tests.properties.threads import at_once

pytestmark = pytest.mark.django_db

NEWCOMER: dict[str, Any] = {"password": "correct horse battery", "birth_date": timezone.datetime(1999, 1, 2).date()}


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_dict["username"][0].code)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def age(user: User, **ago: int) -> None:
    """Move every change of handle into the past."""
    for row in FormerHandle.objects.filter(user=user):
        row.given_up_at -= timedelta(**ago)
        row.reserved_until -= timedelta(**ago)
        row.save()


def test_a_change_keeps_the_old_handle_and_announces_itself() -> None:
    alice = UserFactory(username="alice")
    heard: list[tuple[str, str]] = []

    def hear(sender: Any, *, user: User, old: str, new: str, **kwargs: Any) -> None:
        heard.append((old, new))

    handle_changed.connect(hear)
    try:
        handles.change_handle(user=alice, handle="@Alice.B")
        handles.change_handle(user=alice, handle="alice.b")
    finally:
        handle_changed.disconnect(hear)

    alice.refresh_from_db()
    assert alice.username == "alice.b"
    assert heard == [("alice", "alice.b")]
    assert [row.handle for row in handles.handle_state(alice).former] == ["alice"]


@pytest.mark.parametrize(
    ("handle", "code"),
    [
        ("bob", "username_taken"),
        ("admin", "reserved_handle"),
        ("Adm1n", "reserved_handle"),
        ("s.u.p.p.o.r.t", "reserved_handle"),
        ("a b", "invalid_handle"),
        ("", "invalid_handle"),
        ("x" * 31, "invalid_handle"),
        ("a\0b", "invalid_handle"),
        ("аlice", "invalid_handle"),  # a Cyrillic а
        ("alice\u202e", "invalid_handle"),
    ],
)
def test_what_registration_refuses_is_refused(handle: str, code: str) -> None:
    UserFactory(username="bob")
    alice = UserFactory(username="alice")

    with pytest.raises(ValidationError) as refusal:
        handles.change_handle(user=alice, handle=handle)

    assert code_of(refusal) == code
    assert User.objects.get(pk=alice.pk).username == "alice"
    assert not FormerHandle.objects.exists()


def test_two_changes_in_a_fortnight_and_no_more(settings: Any) -> None:
    alice = UserFactory(username="alice")
    handles.change_handle(user=alice, handle="alice1")
    handles.change_handle(user=alice, handle="alice")

    with pytest.raises(handles.ChangedTooOften):
        handles.change_handle(user=alice, handle="alice1")
    state = handles.handle_state(alice)
    assert (alice.username, state.changes_left) == ("alice", 0)
    first = FormerHandle.objects.order_by("pk")[0].given_up_at
    assert state.next_change_at == first + timedelta(days=settings.HANDLE_CHANGE_DAYS)

    handles.change_handle(user=alice, handle="alice2", limited=False)
    age(alice, days=15)
    handles.change_handle(user=alice, handle="alice1")
    assert handles.handle_state(alice).changes_left == 1


def test_a_former_handle_is_kept_for_its_holder() -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    handles.change_handle(user=alice, handle="alice1")

    with pytest.raises(ValidationError) as refusal:
        handles.change_handle(user=bob, handle="alice")
    assert code_of(refusal) == "username_taken"
    with pytest.raises(ValidationError) as refusal:
        register_account(username="alice", **NEWCOMER)
    assert code_of(refusal) == "username_taken"

    handles.change_handle(user=alice, handle="alice")
    assert User.objects.get(pk=alice.pk).username == "alice"


def test_after_its_time_another_may_take_it_and_the_address_is_theirs() -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    handles.change_handle(user=alice, handle="alice1")
    age(alice, days=91)
    assert Client().get("/@alice/")["Location"] == "/@alice1/"

    handles.change_handle(user=bob, handle="alice")

    assert Client().get("/@alice/").status_code == 200
    handles.change_handle(user=bob, handle="bob")
    assert Client().get("/@alice/")["Location"] == "/@bob/", "the last one who had it"


def test_the_sign_up_form_keeps_it_too(client: Client) -> None:
    alice = UserFactory(username="alice")
    handles.change_handle(user=alice, handle="alice1")

    page = client.post(
        "/account/signup/", {"username": "alice", "password1": "correct horse battery", "birth_date": "1999-01-02"}
    )

    assert page.status_code == 200
    assert "This handle is taken" in page.content.decode()


def test_retired_handles_are_kept_without_their_letters(settings: Any) -> None:
    handles.retire_handles(["gone"])

    assert "gone" not in str(RetiredHandle.objects.values())
    with pytest.raises(ValidationError):
        register_account(username="gone", **NEWCOMER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, just as long, that took the place of the first one"
    assert handles.is_taken("gone")
    RetiredHandle.objects.update(until=timezone.now())
    assert handles.forget_retired() == 1
    assert not handles.is_taken("gone")


@pytest.mark.parametrize("path", ["/@{}/", "/@{}/reposts/", "/@{}/followers/", "/@{}/following/?before=5"])
def test_pages_of_the_old_handle_lead_on(client: Client, path: str) -> None:
    alice = UserFactory(username="alice")
    ClipFactory(author=alice)
    handles.change_handle(user=alice, handle="alice1")

    moved = client.get(path.format("alice"))

    assert (moved.status_code, moved["Location"]) == (302, path.format("alice1"))
    assert moved["Cache-Control"] == "private, no-store"
    assert client.get(moved["Location"]).status_code in (200, 302)


def test_a_handle_in_capitals_is_the_same_person(client: Client) -> None:
    UserFactory(username="alice")
    assert client.get("/@Alice/")["Location"] == "/@alice/"
    for nobody in ("/@nobody/", "/@" + "a" * 500 + "/", "/@a%00b/", "/@%F0%9F%98%80/"):
        assert client.get(nobody).status_code == 404


def test_the_api_leads_on_with_method_and_body() -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    handles.change_handle(user=alice, handle="alice1")
    client = signed_in(bob)

    moved = client.get("/api/v1/users/alice/clips?limit=5")
    assert (moved.status_code, moved["Location"]) == (307, "/api/v1/users/alice1/clips?limit=5")
    assert moved["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/users/alice", follow=True).json()["username"] == "alice1"
    followed = client.put("/api/v1/users/alice/follow", "{}", content_type="application/json")
    assert (followed.status_code, followed["Location"]) == (307, "/api/v1/users/alice1/follow")
    assert client.put(followed["Location"], "{}", content_type="application/json").json()["follows"] is True

    # DELETE tells nobody who exists, and works under either name.
    assert client.delete("/api/v1/users/alice/follow").status_code == 204
    assert not bob.following_edges.exists()


@pytest.mark.parametrize("hidden", ["inactive", "blocked", "blocking"])
def test_whoever_is_hidden_is_hidden_under_the_old_handle_too(hidden: str) -> None:
    alice, bob = UserFactory(username="alice"), UserFactory(username="bob")
    handles.change_handle(user=alice, handle="alice1")
    if hidden == "inactive":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    else:
        one, other = (alice, bob) if hidden == "blocked" else (bob, alice)
        BlockFactory(blocker=one, blocked=other)
    client = signed_in(bob)
    secrets = {"username": "bob", "password": PASSWORD}
    token = client.post("/api/v1/auth/token", secrets, content_type="application/json").json()["token"]

    assert client.get("/@alice/").status_code == 404
    assert client.get("/api/v1/users/alice").status_code == 404
    by_token = Client().get("/api/v1/users/alice", headers={"authorization": f"Bearer {token}"})
    assert by_token.status_code == 404, "a token is a viewer too"


def test_known_handles_cost_no_query_more(client: Client, django_assert_num_queries: Any) -> None:
    alice = UserFactory(username="alice")
    ClipFactory(author=alice)
    client.get("/@alice/")
    with CaptureQueriesContext(connection) as before:
        client.get("/@alice/")
    handles.change_handle(user=alice, handle="alice1")
    with django_assert_num_queries(len(before)):
        client.get("/@alice1/")


def test_the_page_changes_the_handle() -> None:
    alice = UserFactory(username="alice")
    client = signed_in(alice)

    refused = client.post("/settings/account/handle/", {"username": "admin"})
    assert refused.status_code == 422
    assert "reserved" in refused.content.decode()
    assert client.post("/settings/account/handle/", {"username": "alice1"})["Location"] == "/settings/account/"

    page = client.get("/settings/account/").content.decode()
    assert "@alice1" in page
    assert ">@alice</bdi>" in page
    assert "/settings/account/" in client.get("/settings/").content.decode()


@pytest.mark.parametrize("username", ["", "a\0b", "x" * 10_000, "\u202ealice", "  "])
def test_bad_input_is_a_refusal(username: str) -> None:
    client = signed_in(UserFactory(username="alice"))

    assert client.post("/settings/account/handle/", {"username": username}).status_code == 422
    answer = client.put("/api/v1/me/handle", {"username": username}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "validation_error"
    assert User.objects.filter(username="alice").exists()


def test_the_api_changes_the_handle() -> None:
    alice = UserFactory(username="alice")
    client = signed_in(alice)

    for _again in range(2):
        answer = client.put("/api/v1/me/handle", {"username": "alice1"}, content_type="application/json")
        assert answer.status_code == 200
        assert answer.json()["changes_left"] == 1
    assert [row["username"] for row in answer.json()["former"]] == ["alice"]
    client.put("/api/v1/me/handle", {"username": "alice2"}, content_type="application/json")
    answer = client.put("/api/v1/me/handle", {"username": "alice3"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "handle_changed_recently")
    assert client.get("/api/v1/me/handle").json()["next_change_at"].endswith("Z")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_same_handle_one_gets_it() -> None:
    alice = UserFactory(username="alice")
    rivals = [UserFactory(username=f"rival{number}") for number in range(4)]

    def leave() -> str:
        return handles.change_handle(user=alice, handle="alice1").username

    def take(user: User) -> str:
        try:
            return handles.change_handle(user=user, handle="alice").username
        except ValidationError:
            return "refused"

    outcome = at_once(leave, *(lambda user=user: take(user) for user in rivals))

    assert outcome == ["alice1", *["refused"] * 4], "given up at this very moment, it is reserved all the same"

    def race(user: User) -> str:
        try:
            return handles.change_handle(user=user, handle="prize").username
        except ValidationError:
            return "refused"

    outcome = at_once(*(lambda user=user: race(user) for user in rivals))
    assert sorted(outcome) == ["prize", *["refused"] * 3]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_changes_cannot_pass_the_limit() -> None:
    alice = UserFactory(username="alice")

    def change(number: int) -> bool:
        try:
            handles.change_handle(user=User.objects.get(pk=alice.pk), handle=f"alice{number}")
        except handles.ChangedTooOften:
            return False
        return True

    outcome = at_once(*(lambda number=number: change(number) for number in range(6)))

    assert sum(outcome) == 2
    assert FormerHandle.objects.count() == 2
