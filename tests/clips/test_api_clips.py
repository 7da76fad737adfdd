"""Publishing, reading, changing, deleting and watching clips over the API."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clips import files
from clips.models import Clip, Watch
from tests.factories import BlockFactory, ClipFactory, FollowFactory, UserFactory, tiny_mp4
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def alice():
    return UserFactory(username="alice")


def video(content: bytes | None = None, name: str = "clip.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tiny_mp4() if content is None else content, "video/mp4")


# --- Publishing ----------------------------------------------------------------------------------------


def test_an_upload_is_kept_and_queued(alice, tmp_path):
    fields = {
        "video": video(),
        "caption": " Hola 👋 ",
        "alt_text": "A wave",
        "visibility": "followers",
        "allow_reposts": "with_comment",
    }
    answer = Api(alice).upload("clips", fields)
    assert answer.status == 202
    clip = Clip.objects.get()
    assert answer.json == {
        "id": clip.pk,
        "state": "processing",
        "progress": 0,
        "failure": None,
        "publish": "now",
        "publish_at": None,
    }
    assert answer.headers["Location"] == f"http://testserver/api/v1/clips/{clip.pk}"
    assert (clip.author, clip.caption, clip.alt_text) == (alice, "Hola 👋", "A wave")
    assert (clip.visibility, clip.allow_reposts) == ("followers", "with_comment")
    assert files.absolute(clip.original).read_bytes() == tiny_mp4()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"video": b""}, 422, "empty"),
        ({"video": b"ffconcat version 1.0\nfile other.mp4"}, 422, "container_not_allowed"),
        ({"video": b"\x00" * 5000}, 422, "unknown_type"),
        ({"video": b"<html>"}, 422, "unknown_type"),
        ({"caption": "x" * 2_201}, 422, "caption_too_long"),
        ({"alt_text": "x" * 1_001}, 422, "alt_text_too_long"),
        ({"video": None}, 400, "validation_error"),
        ({"visibility": "friends"}, 400, "validation_error"),
        ({"allow_reposts": "maybe"}, 400, "validation_error"),
        ({"caption": "a\x00b"}, 400, "validation_error"),
        ({"caption": "x" * 20_001}, 400, "validation_error"),
    ],
)
def test_what_cannot_be_published_leaves_nothing_behind(alice, tmp_path, fields, status, code):
    sent = {"video": video()} | fields
    if isinstance(sent["video"], bytes):
        sent["video"] = video(sent["video"])
    answer = Api(alice).upload("clips", {name: value for name, value in sent.items() if value is not None})
    assert (answer.status, answer.code) == (status, code)
    assert not Clip.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_refused_file_is_explained_in_a_sentence(alice):
    answer = Api(alice).upload("clips", {"video": video(b"GIF89a")})
    assert answer.json["detail"] == ("This kind of file is not accepted (GIF). Please send MP4, MOV, WebM or MKV.")


def test_an_odd_file_name_is_no_trouble(alice):
    answer = Api(alice).upload("clips", {"video": video(name="../../" + "п" * 300 + "\u202e.mp4")})
    assert answer.status == 202


def test_the_number_of_clips_in_processing_is_limited(alice, settings):
    settings.UPLOADS_IN_PROCESSING = 1
    ClipFactory(author=alice, processing=True)
    answer = Api(alice).upload("clips", {"video": video()})
    assert (answer.status, answer.code) == (429, "too_many_uploads")
    assert answer.headers["Retry-After"]


def test_publishing_needs_a_sign_in_and_a_multipart_body(alice):
    assert Api().upload("clips", {"video": video()}).status == 401
    answer = Api(alice).post("clips", {"video": "x"})
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"]
)
def test_a_broken_multipart_body_is_a_bad_request(alice, content_type):
    answer = Api(alice).send_raw("post", "clips", b"--x\r\nContent-Disposition: form-data", content_type)
    assert (answer.status, answer.code) == (400, "parse_error")


# --- Reading -------------------------------------------------------------------------------------------

VIEWERS = {  # who: (public clip, followers' clip, clip of a private account)
    "anonymous": (200, 404, 404),
    "stranger": (200, 404, 404),
    "pending": (200, 404, 404),
    "follower": (200, 200, 200),
    "blocked": (404, 404, 404),
    "blocker": (404, 404, 404),
    "author": (200, 200, 200),
    "staff": (200, 404, 404),
}
READS = ["clips/{}", "clips/{}/reposts", "clips/{}/media/720.mp4", "clips/{}/media/poster.webp"]


def api_of(viewer: str, author) -> Api:
    if viewer == "anonymous":
        return Api()
    person = author if viewer == "author" else UserFactory(is_staff=viewer == "staff")
    if viewer in ("follower", "blocked", "blocker"):
        FollowFactory(follower=person, followee=author)
    if viewer == "pending":
        FollowFactory(follower=person, followee=author, accepted_at=None)
    if viewer == "blocked":
        BlockFactory(blocker=author, blocked=person)
    if viewer == "blocker":
        BlockFactory(blocker=person, blocked=author)
    return Api(person)


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("kind", ["public", "followers", "private"])
def test_who_may_see_a_clip(alice, viewer, kind):
    alice.is_private = kind == "private"
    alice.save()
    clip = ClipFactory(author=alice, with_files=True, visibility="followers" if kind == "followers" else "public")
    api = api_of(viewer, alice)
    expected = VIEWERS[viewer][["public", "followers", "private"].index(kind)]
    statuses = {path: api.get(path.format(clip.pk)).status for path in READS}
    assert statuses == dict.fromkeys(READS, expected)
    listed = [found["id"] for found in api.get("users/alice/clips").json.get("results", [])]
    assert listed == ([clip.pk] if expected == 200 else [])


@pytest.mark.parametrize("gone", ["deleted_at", "removed_at"])
def test_a_clip_that_is_gone_is_gone_for_everybody(alice, gone):
    clip = ClipFactory(author=alice)
    Clip.objects.filter(pk=clip.pk).update(**{gone: clip.created_at})
    for api in (Api(), Api(UserFactory())):
        assert api.get(f"clips/{clip.pk}").json == api.get("clips/999999").json


def test_the_shape_of_a_clip(alice):
    clip = ClipFactory(author=alice, caption="مرحبا")
    shown = Api(UserFactory()).get(f"clips/{clip.pk}").json
    media = f"http://testserver/api/v1/clips/{clip.pk}/media"
    assert shown["author"] == {"id": alice.pk, "username": "alice", "display_name": "Alice", "avatar": None}
    assert shown["caption"] == "مرحبا"
    assert (shown["state"], shown["progress"], shown["failure"]) == ("ready", 100, None)
    assert shown["poster"] == f"{media}/poster.webp"
    assert shown["sources"] == [
        {"url": f"{media}/720.mp4", "short_edge": 720, "width": 720, "height": 1280, "bytes": 1_000_000}
    ]
    assert shown["counts"] == {"reposts": 0, "watches": 0, "likes": 0, "comments": 0}
    assert shown["own"] == {"is_author": False, "liked": False, "reposted": None}
    assert shown["allow_comments"] == "everyone"
    assert shown["published_at"].endswith("Z")


def test_only_the_author_sees_a_clip_on_its_way(alice):
    waiting, failed = ClipFactory(author=alice, processing=True), ClipFactory(author=alice, failed=True)
    mine = Api(alice).get(f"clips/{waiting.pk}").json
    assert (mine["state"], mine["progress"], mine["poster"], mine["published_at"]) == ("processing", 40, None, None)
    assert Api(alice).get(f"clips/{failed.pk}").json["failure"]["code"] == "damaged"
    for clip in (waiting, failed):
        assert Api(UserFactory()).get(f"clips/{clip.pk}").status == 404


@pytest.mark.parametrize(
    "pk", ["0", "9223372036854775807", "9223372036854775808", "9" * 60, "-1", "1.5", "x", "%00", "٣"]
)
@pytest.mark.parametrize("path", ["clips/{}", "clips/{}/reposts", "clips/{}/media/720.mp4"])
def test_ids_that_cannot_be_are_nothing_here(pk, path):
    answer = Api().get(path.format(pk))
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("file", ["source", "1080.mp4", "poster.jpg.mp4", "..%2Fsource", "%00.mp4", "99999.mp4"])
def test_only_public_files_of_a_clip_are_served(alice, file):
    clip = ClipFactory(author=alice, with_files=True)
    assert Api(alice).get(f"clips/{clip.pk}/media/{file}").status == 404


def test_media_answers_ranges_for_a_token(alice):
    clip = ClipFactory(author=alice, with_files=True, visibility="followers")
    answer = Api(alice, Range="bytes=0-3", Accept="video/*").get(f"clips/{clip.pk}/media/720.mp4")
    assert answer.status == 206
    assert answer.raw.getvalue() == tiny_mp4()[:4]
    assert answer.headers["Cache-Control"].startswith("private")


def test_media_that_did_not_change_is_not_sent_again(alice):
    clip = ClipFactory(author=alice, with_files=True)
    etag = Api(alice).get(f"clips/{clip.pk}/media/720.mp4").headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{16}-720"', etag)
    assert Api(alice, **{"If-None-Match": etag}).get(f"clips/{clip.pk}/media/720.mp4").status == 304


def test_behind_a_proxy_the_proxy_sends_the_bytes(alice, settings):
    settings.X_ACCEL_PREFIX = "/protected/"
    clip = ClipFactory(author=alice, with_files=True)
    answer = Api(alice).get(f"clips/{clip.pk}/media/poster.webp")
    assert answer.headers["X-Accel-Redirect"] == f"/protected/{clip.poster}"
    assert answer.raw.content == b""


# --- Changing and deleting -----------------------------------------------------------------------------


def test_the_author_changes_a_clip(alice):
    clip = ClipFactory(author=alice)
    changes = {"caption": "new", "alt_text": "", "visibility": "followers", "allow_reposts": "no"}
    answer = Api(alice).patch(f"clips/{clip.pk}", changes)
    assert answer.status == 200
    assert {name: answer.json[name] for name in changes} == changes
    clip.refresh_from_db()
    assert {name: getattr(clip, name) for name in changes} == changes


@pytest.mark.parametrize(
    ("viewer", "kind", "status"),
    [
        ("anonymous", "public", 401),
        ("stranger", "public", 403),
        ("stranger", "followers", 404),
        ("follower", "followers", 403),
        ("staff", "public", 403),
        ("blocked", "public", 404),
    ],
)
def test_nobody_else_changes_or_deletes_it(alice, viewer, kind, status):
    clip = ClipFactory(author=alice, caption="mine", visibility=kind)
    api = api_of(viewer, alice)
    assert api.patch(f"clips/{clip.pk}", {"caption": "theirs"}).status == status
    assert api.delete(f"clips/{clip.pk}").status == status
    clip.refresh_from_db()
    assert (clip.caption, clip.deleted_at) == ("mine", None)


def test_a_refused_change_changes_nothing(alice):
    clip = ClipFactory(author=alice, caption="mine")
    answer = Api(alice).patch(f"clips/{clip.pk}", {"caption": "x" * 2_300, "visibility": "followers"})
    assert (answer.status, answer.code) == (422, "caption_too_long")
    clip.refresh_from_db()
    assert (clip.caption, clip.visibility) == ("mine", "public")


def test_a_deleted_clip_is_gone_at_once(alice):
    clip = ClipFactory(author=alice)
    assert Api(alice).delete(f"clips/{clip.pk}").status == 204
    assert Api(alice).get(f"clips/{clip.pk}").status == 404
    assert Api(alice).delete(f"clips/{clip.pk}").status == 404


# --- Watching ------------------------------------------------------------------------------------------


def test_watching_only_ever_goes_further(alice):
    clip = ClipFactory()
    api = Api(alice)
    assert api.post(f"clips/{clip.pk}/watch", {"ms": 500}).json == {"furthest_ms": 500, "watched": False}
    assert api.post(f"clips/{clip.pk}/watch", {"ms": 6_000}).json == {"furthest_ms": 6_000, "watched": True}
    assert api.post(f"clips/{clip.pk}/watch", {"ms": 10}).json == {"furthest_ms": 6_000, "watched": True}
    assert api.post(f"clips/{clip.pk}/watch", {"ms": 80_000_000}).json["furthest_ms"] == clip.duration_ms
    assert api.get(f"clips/{clip.pk}").json["counts"]["watches"] == 1


@pytest.mark.parametrize("ms", [-1, 10**12, 10**40, "long", None, [1], 1.5e300])
def test_bad_positions_are_refused(alice, ms):
    clip = ClipFactory()
    assert Api(alice).post(f"clips/{clip.pk}/watch", {"ms": ms}).status == 400
    assert not Watch.objects.exists()


def test_watching_needs_a_sign_in_and_a_visible_clip(alice):
    clip = ClipFactory(visibility="followers")
    assert Api().post(f"clips/{clip.pk}/watch", {"ms": 1}).status == 401
    assert Api(alice).post(f"clips/{clip.pk}/watch", {"ms": 1}).status == 404


# --- Lists ---------------------------------------------------------------------------------------------


def test_a_persons_clips_in_pages(alice):
    made = [ClipFactory(author=alice).pk for _ in range(5)]
    ClipFactory(author=alice, processing=True)
    assert [clip["id"] for clip in Api().pages("users/alice/clips", limit=2)] == made[::-1]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_clips_costs_the_same_however_long(alice, count, django_assert_num_queries):
    for _ in range(count):
        ClipFactory(author=alice)
    api = Api(UserFactory())
    with django_assert_num_queries(6):  # token, person, ids, own reposts, renditions, clips
        assert len(api.get("users/alice/clips").json["results"]) == count
