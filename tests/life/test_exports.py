"""Exports: complete, only for oneself, never more of others than one may see, and nothing half-kept."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts import archive, departures, exports, life, sections
from accounts.models import Block, Export, Follow, User
from clips.models import Clip
from tests.factories import PASSWORD, ClipFactory, LikeFactory, UserFactory, tiny_mp4
from tests.life.person import MAIL, MARKER, OLD_MARKER, World, references, stored_files
from tests.properties.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


def made(user: User) -> Export:
    export, _created = exports.request_export(user=user)
    assert exports.make_export(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == "ready", export.failure_code
    return export


def opened(export: Export) -> zipfile.ZipFile:
    archive_file = zipfile.ZipFile(exports.file_of(export))
    assert archive_file.testzip() is None
    return archive_file


def items(export: Export, section: str) -> list[dict[str, Any]]:
    content = orjson.loads(opened(export).read(f"data/{section}.json"))
    assert (content["format"], content["version"], content["section"]) == ("reprise-export", 1, section)
    return content["items"]


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return client


def test_every_model_is_told_or_left_out_with_a_reason() -> None:
    """A new model that refers to people: say in `<app>/life.py` what an export tells of it, or why nothing."""
    found = {name for name, _model, _column in references()}
    told = set().union(*(section.columns for section in sections.sections()))
    left_out = set(sections.left_out())

    assert found - told - left_out == set(), "neither told nor left out"
    assert (told | left_out) - found == set(), "these are no columns any more"
    assert told & left_out == set()
    assert all(len(reason) > 8 for reason in sections.left_out().values())


def test_every_column_of_the_account_is_told_but_secrets_and_marks_of_ours() -> None:
    columns = {field.attname for field in User._meta.concrete_fields}
    assert columns - set(life.told_fields()) == {
        *("password", "session_epoch", "is_staff", "is_superuser", "is_dormant", "is_active")
    }


def test_everything_that_one_has_put_in_is_there() -> None:
    world = World()
    Export.objects.all().delete()
    export = made(world.person)

    account = items(export, "account")[0]
    assert (account["username"], account["email"], account["birth_date"]) == (MARKER, MAIL, "1985-03-04")
    assert account["display_name"] == f"{MARKER} name"
    assert [row["username"] for row in items(export, "handles")] == [OLD_MARKER]
    assert [row["person"] for row in items(export, "following")] == [{"id": world.star.pk, "username": "star"}]
    assert {row["person"]["username"] for row in items(export, "followers")} == {"fan", "star"}
    clips = {row["id"]: row for row in items(export, "clips")}
    assert set(clips) == {world.clip.pk, world.failed.pk}
    assert clips[world.clip.pk]["caption"] == f"{MARKER} caption"
    assert clips[world.clip.pk]["video"] == f"clips/{world.clip.pk}.mov"
    assert opened(export).read(f"clips/{world.clip.pk}.mov") == tiny_mp4(), "the video as it was uploaded"
    assert opened(export).read("account/picture.webp")[8:12] == b"WEBP"
    assert [row["comment"] for row in items(export, "reposts")] == [f"{MARKER} comment"]
    assert {row["text"] for row in items(export, "comments")} == {f"{MARKER} reply", f"{MARKER} word"}
    assert items(export, "likes")[0]["clip"]["author"] == "star"
    assert items(export, "watches")[0]["furthest_ms"] == 9_000
    assert MARKER in items(export, "captions")[0]["vtt"]
    assert items(export, "addresses") == [{"email": MAIL, "confirmed": False, "primary": True}]
    assert items(export, "notification-settings")[0]["digest"] == "daily"
    assert items(export, "tokens")[0]["name"] == f"{MARKER} token"
    assert items(export, "second-factors")[0]["type"] == "totp"
    assert len(items(export, "sessions")) == 1
    assert "token_created" in {row["kind"] for row in items(export, "security-events")}
    assert len(items(export, "blocks")) == 1
    assert len(items(export, "mutes")) == 1
    assert {row["kind"] for row in items(export, "feed-controls")} == {"words", "clip"}
    assert [row["query"] for row in items(export, "searches")] == [f"{MARKER} query"]
    assert len(items(export, "search-settings")) == 1
    assert [row["text"] for row in items(export, "sent")] == [f"{MARKER} line"]
    assert [(row["text"], row["from"]["username"]) for row in items(export, "received")] == [("for you", "fan")]

    manifest = orjson.loads(opened(export).read("manifest.json"))
    assert manifest["person"] == {"id": world.person.pk, "username": MARKER}
    for section in manifest["sections"]:
        assert len(orjson.loads(opened(export).read(section["path"]))["items"]) == section["count"]
    assert {name.split("/")[0] for name in opened(export).namelist()} == {
        *("data", "clips", "account", "index.html", "manifest.json")
    }


def test_no_secret_is_in_it() -> None:
    world = World()
    Export.objects.all().delete()
    export = made(world.person)
    everything = b"\n".join(opened(export).read(name) for name in opened(export).namelist()).decode("utf-8", "replace")

    token = AuthToken.objects.get(user=world.person)
    world.person.refresh_from_db()
    for secret in (
        world.person.password,
        token.digest,
        token.token_key,
        world.clip.original,
        "session_epoch",
        f"{MARKER} secret",
    ):
        assert secret not in everything


def test_times_are_rfc_3339_and_text_is_utf_8() -> None:
    alice = UserFactory(username="alice", bio="Ñandú 🦤 \u202eevil\u202c <b>")
    LikeFactory(user=alice)
    export = made(alice)

    assert items(export, "account")[0]["bio"] == alice.bio
    at = items(export, "likes")[0]["at"]
    assert at.endswith("Z")
    assert abs(datetime.fromisoformat(at) - timezone.now()) < timedelta(minutes=1)


def test_of_hidden_people_and_clips_only_the_bare_id() -> None:
    alice, hider, blocker = UserFactory(username="alice"), UserFactory(username="hider"), UserFactory()
    gone = ClipFactory(author=hider, caption="a secret of the hider")
    private = ClipFactory(author=UserFactory(username="private"), caption="only for followers", visibility="followers")
    public = ClipFactory(caption="for all")
    for clip in (gone, private, public):
        LikeFactory(user=alice, clip=clip)
    Follow.objects.create(follower=alice, followee=hider, accepted_at=timezone.now())
    Block.objects.create(blocker=blocker, blocked=alice)
    departures.pause_account(user=hider)
    export = made(alice)

    likes = [row["clip"] for row in items(export, "likes")]
    assert likes[:2] == [{"id": gone.pk}, {"id": private.pk}]
    assert likes[2]["caption"] == "for all"
    assert [row["person"] for row in items(export, "following")] == [{"id": hider.pk}]
    assert items(export, "blocks") == [], "who blocks one is not told"
    everything = b"".join(opened(export).read(name) for name in opened(export).namelist())
    for hidden in (b"secret of the hider", b"only for followers", b"hider", blocker.username.encode()):
        assert hidden not in everything


def test_the_page_is_harmless_and_leads_to_the_files() -> None:
    alice = UserFactory(username="alice", display_name="<script>alert(1)</script>", bio='"><img onerror=x>')
    clip = ClipFactory(author=alice, with_files=True, caption="</title><script>alert(1)</script>")
    Clip.objects.filter(pk=clip.pk).update(original_name='../../etc/"><script>.exe')
    export = made(alice)
    page = opened(export).read("index.html").decode()

    assert "<script" not in page
    assert "onerror" not in page
    links = re.findall(r'href="([^"]+)"', page)
    assert f"clips/{clip.pk}.mp4" in links
    assert set(links) <= set(opened(export).namelist())
    assert all(not name.startswith(("/", "..")) for name in opened(export).namelist())


def test_only_oneself_can_download_and_only_just_after_the_password(client: Client) -> None:
    alice, bob, boss = UserFactory(), UserFactory(), UserFactory(is_staff=True, is_superuser=True)
    export = made(alice)
    page, api = f"/settings/account/export/{export.pk}/", f"/api/v1/me/exports/{export.pk}"

    assert client.get(page).status_code == 302
    assert client.get(api).status_code == 401
    for other in (bob, boss):
        assert signed_in(other).get(page).status_code == 404
        assert signed_in(other).get(api).status_code == 404
        assert signed_in(other).get(f"{api}/file").status_code == 404
        assert signed_in(other).get("/api/v1/me/exports").json()["results"] == []

    own = signed_in(alice)
    answer = own.get(page)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="reprise-{alice.username}-')
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    part = own.get(page, headers={"range": "bytes=0-9"})
    assert part.status_code == 206

    later = Client()
    later.force_login(alice)  # a session that is not fresh
    assert later.get(page)["Location"].startswith("/account/reauthenticate/")
    refused = later.get(f"{api}/file")
    assert (refused.status_code, refused.json()["code"]) == (403, "confirmation_required")


def test_the_api_makes_and_hands_out() -> None:
    alice = UserFactory(username="alice")
    ClipFactory(author=alice, with_files=True)
    token = AuthToken.objects.create(user=alice)[1]
    auth = {"authorization": f"Bearer {token}"}
    client = Client()

    def ask(**more: str) -> Any:
        return client.post("/api/v1/me/exports", content_type="application/json", headers={**auth, **more})

    asked = ask(**{"idempotency-key": "one"})
    assert asked.status_code == 202
    assert (asked.json()["state"], asked.json()["file"]) == ("waiting", None)
    assert ask().json()["id"] == asked.json()["id"], "one at a time"
    exports.make_waiting()
    ready = client.get(f"/api/v1/me/exports/{asked.json()['id']}", headers=auth).json()
    assert (ready["state"], ready["progress"]) == ("ready", 100)
    file = client.get(ready["file"], headers=auth)
    assert file.status_code == 200
    assert zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))).testzip() is None
    AuthToken.objects.update(created=timezone.now() - timedelta(hours=1))
    assert client.get(ready["file"], headers=auth).json()["code"] == "confirmation_required"
    assert client.get("/api/v1/me/exports?limit=1", headers=auth).json()["next"] is None
    for bad in ("0", str(2**63 - 1), "9" * 30, "x"):
        assert client.get(f"/api/v1/me/exports/{bad}", headers=auth).status_code == 404


def test_the_page_of_the_account_shows_how_far_it_is() -> None:
    alice = UserFactory(username="alice")
    client = signed_in(alice)
    assert client.post("/settings/account/export/")["Location"] == "/settings/account/"
    Export.objects.update(progress=40)

    assert "40 %" in client.get("/settings/account/").content.decode()
    part = client.get("/settings/account/export/", headers={"hx-request": "true"}).content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    exports.make_waiting()
    part = client.get("/settings/account/export/", headers={"hx-request": "true"}).content.decode()
    assert "Download" in part
    assert "every 2s" not in part


def test_on_the_way_out_one_can_still_take_it_along() -> None:
    alice = UserFactory(username="alice")
    departures.request_deletion(user=alice)
    client = signed_in(alice)
    assert client.post("/settings/account/export/")["Location"] == "/leaving/"
    exports.make_waiting()
    export = Export.objects.get(user=alice)
    assert f"/settings/account/export/{export.pk}/" in client.get("/leaving/").content.decode()
    assert client.get(f"/settings/account/export/{export.pk}/").status_code == 200


def test_a_few_a_day_and_the_newest_is_kept(settings: Any) -> None:
    alice = UserFactory()
    first, second = made(alice), made(alice)
    first.refresh_from_db()
    assert first.state == "expired"
    assert [name for name in stored_files() if name.startswith("exports/")] == [f"exports/{second.key}/export.zip"]
    made(alice)
    with pytest.raises(exports.TooManyExports):
        exports.request_export(user=alice)
    Export.objects.update(requested_at=timezone.now() - timedelta(days=1, minutes=1))
    made(alice)


def test_after_a_week_the_file_goes(settings: Any) -> None:
    alice = UserFactory()
    export = made(alice)
    assert exports.let_go() == 0
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not exports.usable(alice).exists()
    assert signed_in(alice).get(f"/settings/account/export/{export.pk}/").status_code == 404

    assert exports.let_go() == 1

    assert stored_files() == {}
    export.refresh_from_db()
    assert export.state == "expired"
    Export.objects.update(requested_at=timezone.now() - timedelta(days=31))
    assert exports.let_go() == 1
    assert not Export.objects.exists()


class Killed(BaseException):
    """What a process that gets SIGKILL does: nothing more."""


def test_a_killed_worker_leaves_nothing_and_the_next_one_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = UserFactory()
    ClipFactory(author=alice, with_files=True)
    export, _created = exports.request_export(user=alice)
    erase = exports._erase
    monkeypatch.setattr(exports, "_erase", lambda key: None)  # the dead do not tidy up

    def die(*args: Any) -> bool:
        raise Killed

    write_file = archive._write_file
    monkeypatch.setattr(archive, "_write_file", die)
    with pytest.raises(Killed):
        exports.make_export(export_id=export.pk)
    left = [name for name in stored_files() if name.startswith("exports/")]
    assert len(left) == 1
    assert left[0].endswith(".part")
    monkeypatch.setattr(exports, "_erase", erase)
    monkeypatch.setattr(archive, "_write_file", write_file)

    assert exports.waiting() == [], "its lease still runs"
    Export.objects.update(lease_until=timezone.now())
    assert exports.waiting() == [export.pk]
    exports.make_waiting()

    export.refresh_from_db()
    assert (export.state, export.attempts) == ("ready", 2)
    assert opened(export).testzip() is None
    assert [name for name in stored_files() if name.startswith("exports/")] == [f"exports/{export.key}/export.zip"]


def test_it_gives_up_rather_than_kill_a_fourth_worker() -> None:
    export, _created = exports.request_export(user=UserFactory())
    Export.objects.update(attempts=exports.MAX_ATTEMPTS)
    exports.make_waiting()
    export.refresh_from_db()
    assert (export.state, export.failure_code) == ("failed", "gave_up")
    assert exports.request_export(user=export.user)[1], "one may ask again"


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_full_disk_is_said_and_nothing_is_kept(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = UserFactory()
    ClipFactory(author=alice, with_files=True)
    export, _created = exports.request_export(user=alice)
    if when == "before":
        monkeypatch.setattr(archive.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    else:

        def full(*args: Any) -> bool:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(archive, "_write_file", full)

    exports.make_waiting()

    export.refresh_from_db()
    assert (export.state, export.failure_code) == ("failed", "storage_full")
    assert not [name for name in stored_files() if name.startswith("exports/")]
    assert "no room" in signed_in(alice).get("/settings/account/").content.decode()


def test_a_file_that_is_gone_is_passed_by() -> None:
    alice = UserFactory()
    clip = ClipFactory(author=alice)  # a row without files
    export = made(alice)
    assert items(export, "clips")[0]["id"] == clip.pk
    assert not [name for name in opened(export).namelist() if name.startswith("clips/")]


def test_folders_that_no_row_names_are_erased_after_a_day() -> None:
    export = made(UserFactory())
    stray = exports.folder() / ("0" * 32)
    stray.mkdir()
    assert exports.let_go() == 0

    for folder in (stray, exports.file_of(export).parent):
        os.utime(folder, (time.time() - 2 * 86_400,) * 2)
    assert exports.let_go() == 1
    assert exports.file_of(export).is_file()


def test_an_export_under_way_ends_when_it_is_dropped() -> None:
    alice = UserFactory()
    export, _created = exports.request_export(user=alice)
    original = exports.BEAT_SECONDS
    exports.BEAT_SECONDS = 0
    wrote = archive._write_rows

    def drop_then_write(*args: Any) -> None:
        exports.drop(export)
        wrote(*args)

    try:
        archive._write_rows = drop_then_write
        exports.make_export(export_id=export.pk)
    finally:
        exports.BEAT_SECONDS, archive._write_rows = original, wrote

    assert not Export.objects.exists()
    assert stored_files() == {}


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty thousand rows and a file of 64 MB pass through in little."""
    alice = UserFactory()
    big = exports.folder().parent / "big"
    with big.open("wb") as file:
        file.truncate(64 * 2**20)

    def rows(user: User) -> Iterator[dict[str, Any]]:
        for number in range(50_000):
            yield {"id": number, "text": "some words that take room " * 8}

    files = [sections.StoredFile("big.bin", big)]
    many = sections.Section("many", "Many", rows, frozenset(), lambda user: iter(files))
    monkeypatch.setattr(archive, "sections", lambda: [many])
    target = big.with_name("out.zip")
    seen: list[int] = []

    tracemalloc.start()
    archive.write(alice, target, total=archive.bytes_needed(alice), progress=seen.append)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 12 * 2**20
    assert seen == sorted(seen)
    assert max(seen) >= 90
    assert zipfile.ZipFile(target).getinfo("big.bin").file_size == 64 * 2**20


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_export_comes_and_one_worker_makes_it() -> None:
    alice = UserFactory()

    def ask() -> int:
        return exports.request_export(user=alice)[0].pk

    ids = set(at_once(*[ask] * 5))
    assert len(ids) == 1
    assert Export.objects.count() == 1

    def make() -> bool:
        return exports.make_export(export_id=ids.copy().pop())

    assert sorted(at_once(make, make, make)) == [False, False, True]
    assert Export.objects.get().attempts == 1
