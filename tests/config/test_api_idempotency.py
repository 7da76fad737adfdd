"""`Idempotency-Key`: sent twice, done once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import User
from clips.models import Clip
from config.models import IdempotentRequest
from tests.factories import UserFactory, tiny_mp4
from tests.schema.client import Api

pytestmark = pytest.mark.django_db
KEY = "0b7f5c1e-6f1e-4a53-9d7b-2f0c9a6b8d11"
NEW = {"username": "dora", "password": "correct horse battery", "birth_date": "1999-12-31"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def alice():
    return UserFactory(username="alice")


def upload(api: Api, key: str = KEY, *, caption: str = "one", video: bytes | None = None):
    fields = {"video": SimpleUploadedFile("clip.mp4", video or tiny_mp4(), "video/mp4"), "caption": caption}
    return api.upload("clips", fields, Idempotency_Key=key)


def test_the_same_upload_twice_is_one_clip_and_one_answer(alice):
    api = Api(alice)
    first, second = upload(api), upload(api)
    assert (first.status, second.status) == (202, 202)
    assert second.json == first.json
    assert second.headers["Location"] == first.headers["Location"]
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert Clip.objects.count() == 1


def test_without_a_key_or_with_another_one_it_is_another_clip(alice):
    api = Api(alice)
    upload(api)
    upload(api, "another-key")
    api.upload("clips", {"video": SimpleUploadedFile("clip.mp4", tiny_mp4(), "video/mp4")})
    assert Clip.objects.count() == 3


@pytest.mark.parametrize("change", [{"caption": "two"}, {"video": tiny_mp4() + b"\0"}])
def test_the_same_key_with_other_content_is_refused(alice, change):
    api = Api(alice)
    upload(api)
    answer = upload(api, **change)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert Clip.objects.count() == 1


def test_a_file_of_the_same_name_and_size_with_other_bytes_is_other_content(alice):
    api = Api(alice)
    upload(api)
    other = bytearray(tiny_mp4())
    other[-1] ^= 1
    assert upload(api, video=bytes(other)).code == "idempotency_key_reused"


def test_a_key_belongs_to_its_sender(alice):
    assert upload(Api(alice)).json["id"] != upload(Api(UserFactory())).json["id"]


def test_a_refused_request_lets_go_of_its_key(alice):
    api = Api(alice)
    assert upload(api, caption="x" * 3_000).status == 422
    assert upload(api, caption="short").status == 202
    assert not IdempotentRequest.objects.filter(status=None).exists()


def test_while_the_first_is_under_way_the_second_waits(alice):
    api = Api(alice)
    upload(api)
    IdempotentRequest.objects.update(status=None, lease_until=timezone.now() + timedelta(minutes=1))
    answer = upload(api)
    assert (answer.status, answer.code) == (409, "in_progress")
    assert answer.headers["Retry-After"] == "1"
    assert Clip.objects.count() == 1


def test_after_its_worker_died_a_key_can_be_used_again(alice):
    api = Api(alice)
    upload(api)
    IdempotentRequest.objects.update(status=None, lease_until=timezone.now() - timedelta(seconds=1))
    assert upload(api).status == 202
    assert IdempotentRequest.objects.get().status == 202


def test_a_key_is_forgotten_after_a_day_and_its_row_goes(alice):
    api = Api(alice)
    upload(api)
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(hours=25))
    upload(api, "another-key")
    assert [row.key for row in IdempotentRequest.objects.all()] == ["another-key"]
    assert upload(api).status == 202
    assert Clip.objects.count() == 3


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_a_bad_key_is_refused(alice, key):
    answer = upload(Api(alice), key)
    assert (answer.status, answer.code) == (400, "invalid_idempotency_key")
    assert not Clip.objects.exists()


def test_a_sign_up_that_is_sent_again_is_still_one():
    first = Api().post("accounts", NEW, Idempotency_Key=KEY)
    second = Api().post("accounts", NEW, Idempotency_Key=KEY)
    assert (first.status, second.status) == (201, 201)
    assert second.json == first.json
    assert User.objects.count() == 1
    stored = IdempotentRequest.objects.get()
    assert NEW["password"] not in f"{stored.request_hash}{bytes(stored.body)}"


def test_the_order_of_members_is_no_other_content():
    Api().post("accounts", NEW, Idempotency_Key=KEY)
    assert Api().post("accounts", dict(reversed(NEW.items())), Idempotency_Key=KEY).status == 201


def test_a_refusal_before_the_view_touches_no_key():
    assert upload(Api()).status == 401
    assert not IdempotentRequest.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_racing_uploads_one_makes_the_clip(alice):
    apis = [Api(alice) for _ in range(4)]
    answers: list[tuple[int, str | None]] = []
    start = threading.Barrier(len(apis))

    def race(api: Api) -> None:
        start.wait()
        try:
            answer = upload(api)
            answers.append((answer.status, answer.json.get("code")))
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(api,)) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Clip.objects.count() == 1
    assert (202, None) in answers
    assert set(answers) <= {(202, None), (409, "in_progress")}
    assert len(answers) == 4
