"""Erasing really erases: no row of any table and no file on disk is left of a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import departures, erasure, handles
from accounts.models import Departure, Erasure, Follow, User
from clips.models import Clip, Comment, Conversation, Hashtag, Send
from clips.talk import counts
from feeds.models import Activity, FeedEntry
from reposts.models import Repost
from tests.factories import ClipFactory, UserFactory
from tests.life.person import MAIL, MARKER, OLD_MARKER, RECIPES, World, dump, let_go, references, stored_files
from tests.properties.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


def traces(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(mark in line for mark in (MARKER, OLD_MARKER, MAIL))]


def test_every_model_is_known() -> None:
    """A new model that refers to people: say how it is erased (`<app>/life.py`) and make a row of it in `person.py`."""
    found = {name for name, _model, _column in references()}
    erased = set().union(*(eraser.columns for eraser in erasure.erasers()))

    assert found - erased == set(), "nobody erases these"
    assert erased - found == set(), "these are no columns any more"
    assert found - set(RECIPES) == set(), "the test person has no row of these"


def test_the_person_has_traces_everywhere() -> None:
    world = World()
    let_go(world.person)

    empty = [
        name
        for name, model, column in references()
        if not model._base_manager.filter(**{column: world.person}).exists()
    ]
    # Asking for deletion ends tokens and sessions at once.
    assert set(empty) == {"knox.AuthToken.user", "usersessions.UserSession.user"}
    tables = {line.split(":")[0] for line in traces(dump())}
    assert tables >= {
        *("accounts_user", "accounts_formerhandle", "account_emailaddress", "clips_clip", "reposts_repost"),
        *("django_admin_log", "config_idempotentrequest", "clips_comment", "clips_hashtag", "clips_captiontrack"),
        *("accounts_outgoingmail", "mfa_authenticator", "accounts_securityevent"),
    }
    assert stored_files()


def test_nothing_is_left() -> None:
    world = World()
    mine = {name for name in stored_files() if not name.startswith(_kept_folders(world))}
    assert len(mine) == 5, "original, video, poster, picture, export"
    person_id, clip_ids = world.person.pk, [world.clip.pk, world.failed.pk]
    lines = list(Activity.objects.filter(actor=world.person).values_list("pk", flat=True))
    lines += Activity.objects.filter(clip__in=clip_ids).values_list("pk", flat=True)
    assert FeedEntry.objects.filter(activity_id__in=lines).exists()
    departure = let_go(world.person)

    assert erasure.erase_account(departure_id=departure.pk) is True

    assert traces(dump()) == []
    for name, model, column in references():
        assert not model._base_manager.filter(**{column: person_id}).exists(), name
    assert set(stored_files()) == {name for name in stored_files() if name.startswith(_kept_folders(world))}
    assert not FeedEntry.objects.filter(activity_id__in=lines).exists()
    assert not FeedEntry.objects.filter(viewer_id=person_id).exists()
    assert not any(session.get_decoded().get("_auth_user_id") == str(person_id) for session in Session.objects.all())
    assert not Clip.objects.filter(pk__in=clip_ids).exists()
    assert Erasure.objects.count() == 1


def _kept_folders(world: World) -> tuple[str, ...]:
    """Where the files of the others lie."""
    return tuple(path.rpartition("/")[0] for path in (world.star_clip.original, world.star_clip.poster))


def test_others_keep_what_is_theirs() -> None:
    world = World()
    assert Clip.objects.get(pk=world.star_clip.pk).watch_count == 1
    erasure.erase_account(departure_id=let_go(world.person).pk)

    onward = Repost.objects.get(pk=world.onward.pk)
    assert (onward.via_id, onward.depth) == (None, 1), "at its place in the cascade, without the name"
    star_clip = Clip.objects.get(pk=world.star_clip.pk)
    assert (star_clip.repost_count, star_clip.watch_count) == (1, 0)
    assert (star_clip.like_count, star_clip.comment_count) == (1, 1), "what hung under the person's comment went too"
    assert Comment.objects.get(clip=star_clip).reply_count == 0
    assert counts.audit(fix=False) == []
    assert [send.text for send in Send.objects.all()] == ["stays"]
    assert set(Conversation.objects.values_list("owner", "newest_id")) == {
        (world.fan.pk, Send.objects.get().pk),
        (world.star.pk, Send.objects.get().pk),
    }
    assert set(Hashtag.objects.values_list("name", flat=True)) == {"shared"}
    assert not Repost.objects.filter(pk=world.by_fan.pk).exists(), "nothing is left to pass on"
    assert set(User.objects.values_list("username", flat=True)) >= {"fan", "star", "boss"}
    about = LogEntry.objects.filter(user=world.moderator)
    assert [entry.object_repr for entry in about] == ["erased account", "erased account"]
    client = Client()
    client.force_login(world.fan)
    for path in ("/following/", "/for-you/", "/@star/", "/settings/relations/", f"/clips/{star_clip.pk}/"):
        assert client.get(path).status_code == 200, path
    for path in (f"/@{MARKER}/", f"/@{OLD_MARKER}/", f"/api/v1/users/{MARKER}"):
        assert client.get(path).status_code == 404


def test_the_handles_cannot_be_taken_for_a_while() -> None:
    world = World()
    erasure.erase_account(departure_id=let_go(world.person).pk)

    assert handles.is_taken(MARKER)
    assert handles.is_taken(OLD_MARKER)


class Killed(BaseException):
    """What a process that gets SIGKILL does: nothing more, no clean-up that catches exceptions."""


@pytest.mark.parametrize("batches", range(0, 24, 4))
def test_killed_at_any_point_the_next_worker_ends_it(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    departure = let_go(world.person)
    held = erasure._hold
    left = batches

    def hold(*args: Any) -> bool:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return held(*args)

    monkeypatch.setattr(erasure, "_hold", hold)
    with pytest.raises(Killed):
        erasure.erase_account(departure_id=departure.pk)
    assert Client().get(f"/@{MARKER}/").status_code == 404
    with pytest.raises(departures.TooLateToReturn):
        departures.come_back(user=world.person)

    monkeypatch.setattr(erasure, "_hold", held)
    assert erasure.erase_due() == 0, "the dead worker's lease still runs"
    Departure.objects.update(lease_until=timezone.now())
    assert erasure.erase_due() == 1
    assert traces(dump()) == []
    assert set(stored_files()) == {name for name in stored_files() if name.startswith(_kept_folders(world))}


def test_a_long_erasure_makes_room_and_goes_on() -> None:
    person = UserFactory(username=MARKER)
    ClipFactory.create_batch(3, author=person)
    departure = let_go(person)

    runs = 0
    while not erasure.erase_account(departure_id=departure.pk, seconds=0):
        runs += 1
        assert runs < 20
    assert runs >= 3
    assert traces(dump()) == []


def test_a_kill_between_file_and_row_is_no_obstacle(settings: Any) -> None:
    world = World()
    for name in stored_files():
        if not name.startswith(_kept_folders(world)):
            (Path(settings.MEDIA_ROOT) / name).unlink()

    erasure.erase_account(departure_id=let_go(world.person).pk)

    assert traces(dump()) == []


def test_before_its_time_nothing_is_erased() -> None:
    person = UserFactory(username=MARKER)
    departure = departures.request_deletion(user=person)
    assert erasure.due() == []
    assert erasure.erase_account(departure_id=departure.pk) is False
    assert erasure.erase_account(departure_id=10**9) is False
    paused = departures.pause_account(user=UserFactory())
    assert erasure.erase_account(departure_id=paused.pk) is False

    departures.come_back(user=person)

    assert erasure.erase_account(departure_id=departure.pk) is False
    assert User.objects.filter(username=MARKER, is_active=True).exists()


def test_a_superuser_lets_it_begin_at_once() -> None:
    departure = departures.request_deletion(user=UserFactory(username=MARKER))
    assert departures.expedite(departure=departure)
    assert erasure.erase_due() == 1
    assert not User.objects.filter(username=MARKER).exists()


@pytest.mark.django_db(transaction=True)
def test_of_coming_back_and_erasing_one_wins() -> None:
    for _round in range(4):
        person = UserFactory()
        departure = let_go(person)

        def back(person: User = person) -> bool:
            try:
                departures.come_back(user=person)
            except departures.TooLateToReturn:
                return False
            return User.objects.filter(pk=person.pk, is_active=True).exists()

        def erase(pk: int = departure.pk) -> bool:
            return erasure.erase_account(departure_id=pk)

        outcome = at_once(back, erase)
        assert sorted(outcome) == [False, True]
        assert User.objects.filter(pk=person.pk).exists() == outcome[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_erase_once() -> None:
    departure = let_go(UserFactory())

    def erase() -> bool:
        return erasure.erase_account(departure_id=departure.pk)

    assert sorted(at_once(erase, erase, erase)) == [False, False, True]
    assert Erasure.objects.count() == 1


def test_many_rows_cost_no_more_memory_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Followers by the thousand go in batches."""
    monkeypatch.setattr(erasure, "BATCH", 10)
    person = UserFactory()
    Follow.objects.bulk_create(
        Follow(follower=fan, followee=person, accepted_at=timezone.now()) for fan in UserFactory.create_batch(25)
    )
    steps: Iterator[None] = erasure.delete_all(Follow.objects.filter(followee=person))
    assert [Follow.objects.count() for _batch in steps] == [15, 5, 0]
