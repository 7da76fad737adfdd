"""Leaving as the desk sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts import departures, erasure, exports
from accounts.models import Departure, Export, User
from tests.factories import UserFactory
from tests.life.person import let_go

pytestmark = pytest.mark.django_db

DEPARTURES, PEOPLE, EXPORTS = (f"/admin/accounts/{name}/" for name in ("departure", "user", "export"))


def act(client: Client, page: str, action: str, row: Any, **more: str) -> str:
    given = {"action": action, "_selected_action": [row.pk], **more}
    return client.post(page, given, follow=True).content.decode()


def test_a_superuser_calls_a_deletion_off_or_lets_it_begin(admin_client: Client) -> None:
    kept, gone = UserFactory(username="kept"), UserFactory(username="gone")
    of_kept, of_gone = departures.request_deletion(user=kept), departures.request_deletion(user=gone)

    act(admin_client, DEPARTURES, "call_off", of_kept)
    assert User.objects.get(pk=kept.pk).is_active

    assert "cannot be undone" in act(admin_client, DEPARTURES, "expedite", of_gone)
    assert erasure.due() == [], "asked first"
    act(admin_client, DEPARTURES, "expedite", of_gone, confirmed="yes")
    assert erasure.erase_due() == 1
    assert not User.objects.filter(pk=gone.pk).exists()


def test_what_is_half_erased_cannot_be_called_off(admin_client: Client) -> None:
    person = UserFactory()
    departure = let_go(person)
    erasure.erase_account(departure_id=departure.pk, seconds=0)
    Departure.objects.create(
        user=(other := UserFactory(is_active=False)),
        kind="leaving",
        erase_at=departure.erase_at,
        started_at=departure.erase_at,
    )

    text = act(admin_client, DEPARTURES, "call_off", Departure.objects.get(user=other))

    assert "cannot be stopped" in text
    assert not User.objects.get(pk=other.pk).is_active


def test_a_moderator_looks_and_cannot_decide(client: Client) -> None:
    moderator = UserFactory(is_staff=True)
    moderator.user_permissions.set(
        Permission.objects.filter(content_type__app_label="accounts", codename__regex="^(view|change)_")
    )
    client.force_login(moderator)
    leaving = UserFactory(username="leaver")
    departure = departures.request_deletion(user=leaving)

    assert "leaver" in client.get(DEPARTURES).content.decode()
    for action in ("call_off", "expedite"):
        act(client, DEPARTURES, action, departure, confirmed="yes")
    assert "only a superuser" in act(client, PEOPLE, "reactivate", leaving)
    departure.refresh_from_db()
    assert departure.started_at is None
    assert erasure.due() == []
    assert not User.objects.get(pk=leaving.pk).is_active


def test_a_deactivated_account_can_still_be_suspended(admin_client: Client) -> None:
    person = UserFactory()
    departures.pause_account(user=person)

    act(admin_client, PEOPLE, "deactivate", person, confirmed="yes")

    assert not departures.may_sign_in(person)
    act(admin_client, PEOPLE, "reactivate", person)
    assert User.objects.get(pk=person.pk).is_active


def test_an_export_is_removed_with_its_file_and_never_opened_here(
    admin_client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    export, _created = exports.request_export(user=UserFactory())
    exports.make_export(export_id=export.pk)
    export.refresh_from_db()
    path = exports.file_of(export)
    assert path.is_file()
    assert export.key not in admin_client.get(f"{EXPORTS}{export.pk}/change/").content.decode()

    act(admin_client, EXPORTS, "remove", export)

    assert not path.exists()
    assert not Export.objects.exists()
