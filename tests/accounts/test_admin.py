"""The desk for people: what it may do to them, through the services, and what it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import Block, Follow, Mute, OutgoingMail, SecurityEvent, User
from tests.factories import PASSWORD, BlockFactory, FollowFactory, MuteFactory, UserFactory

pytestmark = pytest.mark.django_db

PEOPLE = "admin:accounts_user_changelist"


@pytest.fixture
def mod(client: Client) -> User:
    user = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def helper(client: Client) -> User:
    """Signed-in staff who may view and change people, but is no superuser."""
    user = UserFactory(username="helper", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=("view_user", "change_user")))
    client.force_login(user)
    return user


def act(client: Client, address: str, action: str, *rows, **more: str):
    return client.post(
        reverse(address), {"action": action, "_selected_action": [row.pk for row in rows], **more}, follow=True
    )


def form_of(client: Client, person: User) -> dict[str, object]:
    """The person's page as a browser would send it back unchanged."""
    form = client.get(reverse("admin:accounts_user_change", args=[person.pk])).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values.pop("password", None)
    return {name: value for name, value in values.items() if value not in (None, False, [])} | {"_save": "Save"}


def save(client: Client, person: User, **changes: object):
    data = form_of(client, person) | changes
    response = client.post(
        reverse("admin:accounts_user_change", args=[person.pk]),
        {key: value for key, value in data.items() if value is not None},
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    person.refresh_from_db()


class TestDeactivate:
    def test_asks_first(self, client, mod):
        person = UserFactory()
        response = act(client, PEOPLE, "deactivate", person)
        assert "hidden" in response.content.decode()
        assert f"@{person.username}" in response.content.decode()
        person.refresh_from_db()
        assert person.is_active

    def test_signs_out_everywhere(self, client, mod):
        person = UserFactory()
        AuthToken.objects.create(person)
        theirs = Client()
        assert theirs.login(username=person.username, password=PASSWORD)
        act(client, PEOPLE, "deactivate", person, confirmed="yes")
        person.refresh_from_db()
        assert not person.is_active
        assert not AuthToken.objects.exists()
        assert theirs.get(reverse("admin:index")).status_code == 302
        assert not User.objects.visible_to(mod).filter(pk=person.pk).exists()

    def test_and_back(self, client, mod):
        person = UserFactory(is_active=False)
        act(client, PEOPLE, "reactivate", person)
        person.refresh_from_db()
        assert person.is_active

    def test_not_oneself(self, client, mod):
        response = act(client, PEOPLE, "deactivate", mod, confirmed="yes")
        mod.refresh_from_db()
        assert mod.is_active
        assert "your own account" in response.content.decode()

    def test_staff_only_by_superusers(self, client, helper):
        boss, person = UserFactory(is_staff=True), UserFactory()
        act(client, PEOPLE, "deactivate", boss, person, confirmed="yes")
        boss.refresh_from_db()
        person.refresh_from_db()
        assert (boss.is_active, person.is_active) == (True, False)


class TestPowers:
    def test_a_helper_cannot_raise_anybody(self, client, helper):
        person = UserFactory()
        save(client, person, display_name="New", is_superuser="on", is_staff="on")
        assert (person.display_name, person.is_staff, person.is_superuser) == ("New", False, False)

    @pytest.mark.parametrize("page", ["accounts_user_change", "auth_user_password_change"])
    def test_a_helper_cannot_take_over_an_account_above(self, client, helper, page):
        boss = UserFactory(is_superuser=True, is_staff=True)
        secret = boss.password
        new = {"password1": "another-pass-9", "password2": "another-pass-9", "display_name": "Hacked"}
        assert client.post(reverse(f"admin:{page}", args=[boss.pk]), new).status_code == 403
        boss.refresh_from_db()
        assert (boss.password, boss.display_name) == (secret, boss.username.title())

    def test_a_superuser_can_appoint(self, client, mod):
        person = UserFactory()
        save(client, person, is_staff="on")
        assert person.is_staff


def test_a_superuser_can_make_an_account(client, mod):
    response = client.post(
        reverse("admin:accounts_user_add"),
        {"username": "newcomer", "usable_password": "true", "password1": "a-long-pass-1", "password2": "a-long-pass-1"},
    )
    assert response.status_code == 302
    assert Client().login(username="newcomer", password="a-long-pass-1")


def test_opening_an_account_accepts_who_waits(client, mod):
    person = UserFactory(is_private=True)
    follow = FollowFactory(followee=person, accepted_at=None)
    save(client, person, is_private=None)
    follow.refresh_from_db()
    assert not person.is_private
    assert follow.accepted_at is not None


def test_states_are_not_fields(client, mod):
    person = UserFactory()
    form = client.get(reverse("admin:accounts_user_change", args=[person.pk])).context["adminform"].form
    assert not {"is_active", "is_dormant", "last_seen_at", "avatar"} & set(form.fields)


@pytest.mark.parametrize(("model", "factory"), [(Follow, FollowFactory), (Block, BlockFactory), (Mute, MuteFactory)])
def test_edges_can_be_ended(client, mod, model, factory):
    gone, kept, other = factory(), factory(), factory()
    name = model._meta.model_name
    act(client, f"admin:accounts_{name}_changelist", "delete_selected", gone, post="yes")
    assert set(model.objects.all()) == {kept, other}
    client.post(reverse(f"admin:accounts_{name}_delete", args=[kept.pk]), {"post": "yes"})
    assert set(model.objects.all()) == {other}


class TestTokens:
    def test_are_listed_without_their_secret(self, client, mod):
        row, token = AuthToken.objects.create(UserFactory(username="alice"))
        text = client.get(reverse("admin:knox_authtoken_changelist")).content.decode()
        assert "@alice" in text
        assert token[:8] in text
        assert token[:9] not in text
        opened = client.get(reverse("admin:knox_authtoken_change", args=[row.pk])).content.decode()
        assert token[:9] not in opened

    def test_can_be_revoked(self, client, mod):
        kept, _ = AuthToken.objects.create(UserFactory())
        gone, _ = AuthToken.objects.create(UserFactory())
        act(client, "admin:knox_authtoken_changelist", "revoke", gone)
        assert list(AuthToken.objects.all()) == [kept]

    def test_expired_ones_can_be_found(self, client, mod):
        old, _ = AuthToken.objects.create(UserFactory(), expiry=timedelta(seconds=-1))
        AuthToken.objects.create(UserFactory())
        response = client.get(reverse("admin:knox_authtoken_changelist"), {"expired": "yes"})
        assert list(response.context["cl"].result_list) == [old]


def test_filters_of_edges(client, mod):
    FollowFactory()
    request = FollowFactory(accepted_at=None)
    response = client.get(reverse("admin:accounts_follow_changelist"), {"accepted": "no"})
    assert list(response.context["cl"].result_list) == [request]
    MuteFactory()
    over = MuteFactory(until=timezone.now() - timedelta(minutes=1))
    response = client.get(reverse("admin:accounts_mute_changelist"), {"state": "over"})
    assert list(response.context["cl"].result_list) == [over]


def test_looking_at_addresses_does_not_verify_them(client):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_emailaddress"))
    address = EmailAddress.objects.create(user=UserFactory(), email="a@example.org")
    client.force_login(staff)
    act(client, "admin:account_emailaddress_changelist", "make_verified", address)
    address.refresh_from_db()
    assert not address.verified


def test_the_team_corrects_a_handle_and_the_old_one_leads_on(admin_client: Client) -> None:
    person = UserFactory(username="rude")
    UserFactory(username="bob")
    page = f"/admin/accounts/user/{person.pk}/change/"
    form = admin_client.get(page).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}

    for refused in ("bob", "admin", "x y"):
        assert admin_client.post(page, {**data, "username": refused}).status_code == 200
        assert User.objects.get(pk=person.pk).username == "rude"
    assert admin_client.post(page, {**data, "username": "polite"}).status_code == 302

    assert User.objects.get(pk=person.pk).username == "polite"
    assert Client().get("/@rude/")["Location"] == "/@polite/"


class TestSecondSteps:
    def test_a_superuser_takes_them_away_on_record(self, client, mod):
        person = UserFactory(username="ana")
        Authenticator.objects.create(user=person, type="totp", data={"secret": "hidden"})
        asked = act(client, PEOPLE, "reset_mfa", person)
        assert "stop working" in asked.text
        assert Authenticator.objects.exists()
        act(client, PEOPLE, "reset_mfa", person, confirmed="yes")
        assert not Authenticator.objects.exists()
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (mod, str(person.pk))
        assert SecurityEvent.objects.get(user=person).kind == "mfa_reset"

    def test_nobody_else_may(self, client, helper):
        person = UserFactory()
        Authenticator.objects.create(user=person, type="totp", data={"secret": "hidden"})
        act(client, PEOPLE, "reset_mfa", person, confirmed="yes")
        assert Authenticator.objects.exists()

    def test_secrets_are_not_shown(self, client, mod):
        row = Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": "hidden-seed"})
        for address in ("changelist", "change"):
            args = [row.pk] if address == "change" else []
            assert "hidden-seed" not in client.get(reverse(f"admin:mfa_authenticator_{address}", args=args)).text

    def test_waiting_mail_is_not_read_here(self, client, mod):
        row = OutgoingMail.objects.create(to="ana@example.org", subject="Hello", text="secret-link", html="secret-link")
        assert "secret-link" not in client.get(reverse("admin:accounts_outgoingmail_change", args=[row.pk])).text

    def test_browsers_can_be_signed_out(self, client, mod):
        row = UserSession.objects.create(user=UserFactory(), ip="203.0.113.7", session_key="k", user_agent="")
        act(client, "admin:usersessions_usersession_changelist", "end", row)
        assert not UserSession.objects.exists()
