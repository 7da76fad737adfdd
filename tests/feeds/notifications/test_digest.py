"""The e-mail digest: to whom, what, when, how often, and how it ends."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import services as people
from accounts.models import User
from clips.models import Clip
from feeds.models import NotificationSettings
from feeds.notifications import digest, services, tasks
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, UserFactory
from tests.properties.threads import at_once

pytestmark = pytest.mark.django_db


def reader(*, verified: bool = True, period: str = "daily", **fields) -> User:
    """Somebody with an address whose digest is due now."""
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=f"{user.username}@example.org", verified=verified, primary=True)
    services.change_settings(user=user, digest=period)
    make_due(user)
    return user


def make_due(user: User) -> None:
    NotificationSettings.objects.filter(user=user).update(digest_due_at=timezone.now() - timedelta(minutes=1))


def test_it_tells_what_is_new_in_words_with_links(settings):
    settings.SITE_URL = "https://clips.example"
    alice = reader(username="alice", display_name="Alice")
    clip = ClipFactory(author=alice)
    repost_clip(user=UserFactory(display_name="Ben"), clip_id=clip.pk, comment="look <at> it")
    assert digest.send(user_id=alice.pk)
    (message,) = mail.outbox
    assert message.to == ["alice@example.org"]
    assert message.subject == "1 thing is new for you on Reprise"
    assert "Ben reposted your clip: “look <at> it”" in message.body
    assert f"https://clips.example/clips/{clip.pk}/" in message.body
    html = message.alternatives[0][0]
    assert "look &lt;at&gt; it" in html
    assert not re.search(r"<img|<script|http://", html)


def test_it_speaks_the_persons_language():
    alice = reader(language="ar")
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    digest.send(user_id=alice.pk)
    assert 'lang="ar" dir="rtl"' in mail.outbox[0].alternatives[0][0]


def test_nothing_new_is_no_mail_and_the_next_one_is_a_period_later():
    alice = reader()
    assert not digest.send(user_id=alice.pk)
    assert mail.outbox == []
    assert NotificationSettings.objects.get(user=alice).digest_due_at > timezone.now() + timedelta(hours=23)


def test_each_thing_is_told_once():
    alice = reader()
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    assert digest.send(user_id=alice.pk)
    assert not digest.send(user_id=alice.pk)  # not due
    make_due(alice)
    assert not digest.send(user_id=alice.pk)  # nothing new
    assert len(mail.outbox) == 1


def test_what_was_read_on_the_site_is_not_told():
    alice = reader()
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    services.mark_read(user=alice, up_to=2**60)
    assert not digest.send(user_id=alice.pk)


@pytest.mark.parametrize("how", ["undone", "blocked", "removed", "switched_off", "private"])
def test_what_may_not_be_seen_is_not_told(how):
    alice, ben = reader(), UserFactory()
    clip = ClipFactory(author=alice)
    repost_clip(user=ben, clip_id=clip.pk)
    if how == "undone":
        undo_repost(user=ben, clip_id=clip.pk)
    elif how == "blocked":
        people.block_user(blocker=ben, blocked=alice)
    elif how == "removed":
        Clip.objects.filter(pk=clip.pk).update(removed_at=timezone.now())
    elif how == "private":
        people.update_profile(user=ben, is_private=True)
    else:
        services.change_settings(user=alice, off=["reposted"])
    assert not digest.send(user_id=alice.pk)
    assert mail.outbox == []


def test_only_confirmed_addresses_of_active_people_are_written_to():
    unconfirmed = reader(verified=False)
    gone = reader()
    people.deactivate_user(user=gone)
    off = reader()
    services.change_settings(user=off, digest="off")
    wanted = reader()
    for user in (unconfirmed, gone, off, wanted):
        people.follow_user(follower=UserFactory(), followee=user)
    assert digest.due() == [wanted.pk]
    assert [digest.send(user_id=user.pk) for user in (unconfirmed, gone, off)] == [False] * 3
    assert mail.outbox == []


def test_the_time_of_day_stays_when_a_worker_was_late():
    alice = reader(period="weekly")
    due = timezone.now() - timedelta(days=15, minutes=5)
    NotificationSettings.objects.filter(user=alice).update(digest_due_at=due)
    digest.send(user_id=alice.pk)
    assert NotificationSettings.objects.get(user=alice).digest_due_at == due + timedelta(days=21)


def test_a_mail_server_that_is_away_costs_nothing(settings):
    alice = reader()
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tasks.send_digest(alice.pk)
    assert digest.due() == [alice.pk]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.send_digest(alice.pk)
    assert len(mail.outbox) == 1
    assert digest.due() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_that_race_send_one_mail():
    alice = reader()
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    sent = at_once(*[partial(digest.send, user_id=alice.pk)] * 4)
    assert sorted(sent) == [False, False, False, True]
    assert len(mail.outbox) == 1


def unsubscribe_path() -> str:
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    return urlsplit(header.strip("<>")).path


def test_one_click_ends_it_without_signing_in():
    alice = reader()
    repost_clip(user=UserFactory(), clip_id=ClipFactory(author=alice).pk)
    digest.send(user_id=alice.pk)
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    mailer = Client(enforce_csrf_checks=True)
    asked = mailer.get(unsubscribe_path())
    assert "Do you want no more digests" in asked.content.decode()
    assert NotificationSettings.objects.get(user=alice).digest == "daily"  # link scanners change nothing
    done = mailer.post(unsubscribe_path(), {"List-Unsubscribe": "One-Click"})
    assert "You get no more digests" in done.content.decode()
    assert NotificationSettings.objects.get(user=alice).digest == "off"
    assert mailer.post(unsubscribe_path()).status_code == 200
    assert digest.due() == []


@pytest.mark.parametrize("token", ["x", "MQ:1abc:signature", "%00", "a" * 3000])
def test_a_link_that_we_did_not_sign_is_404(token):
    assert Client().get(f"/notifications/unsubscribe/{token}/").status_code == 404
    assert Client().post(f"/notifications/unsubscribe/{token}/").status_code == 404
