"""Upload, studio, edit, delete and retry through the pages. Alice owns the clips."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clips import files, processing
from clips.media.limits import MediaLimits
from clips.models import Clip, ClipState

from ..factories import ClipFactory, UserFactory, tiny_mp4

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()


@pytest.fixture
def alice(client):
    user = UserFactory(username="alice")
    client.force_login(user)
    return user


def form(content: bytes | None = None, **changes):
    video = SimpleUploadedFile("my film.mp4", tiny_mp4() if content is None else content, "video/mp4")
    texts = {
        "caption": "Caption أهلا",
        "alt_text": "A square",
        "visibility": "followers",
        "allow_reposts": "with_comment",
    }
    return {"video": video, **texts, **changes}


def stored(settings) -> list[Path]:
    """Every file that is kept, temporary ones too."""
    roots = (Path(settings.MEDIA_ROOT), Path(settings.FILE_UPLOAD_TEMP_DIR))
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def test_upload_without_scripts_leads_to_the_studio(client, alice, settings):
    response = client.post("/upload/", form(), follow=True)
    assert response.redirect_chain == [("/studio/", 302)]
    clip = Clip.objects.get()
    assert (clip.author, clip.caption, clip.alt_text) == (alice, "Caption أهلا", "A square")
    assert (clip.visibility, clip.allow_reposts, clip.state) == ("followers", "with_comment", "processing")
    assert [path.read_bytes() for path in stored(settings)] == [tiny_mp4()]
    assert "Waiting for its turn" in response.text
    assert '<noscript><meta http-equiv="refresh"' in response.text


def test_upload_by_script_gets_the_address_of_the_state(client, alice):
    response = client.post("/upload/", form(), headers=JSON)
    assert response.status_code == 201
    clip = Clip.objects.get()
    assert response.json() == {"id": clip.pk, "state_url": f"/clips/{clip.pk}/state/"}
    state = client.get(response.json()["state_url"])
    assert 'hx-trigger="reprise:state, every' in state.text


REFUSED = {
    "nothing": (None, "Choose a video file."),
    "empty": (b"", "The file is empty."),
    "text": (b"hello, I am no film", "This is not a video file that we know."),
    "playlist": (b"ffconcat version 1.0\nfile 'other'\n", "a playlist"),
    "picture": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "JPEG"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_files_say_why_and_the_form_keeps_its_texts(client, alice, settings, case):
    content, text = REFUSED[case]
    data = form(content)
    if content is None:
        del data["video"]
    response = client.post("/upload/", data)
    assert response.status_code == 422
    assert text in response.text
    assert "Caption أهلا" in response.text
    assert response.context["form"]["visibility"].value() == "followers"
    if content is not None:
        data["video"] = SimpleUploadedFile("a.mp4", content)
    answer = client.post("/upload/", data, headers=JSON)
    assert answer.status_code == 422
    assert text in answer.json()["errors"]["video"][0]
    assert not Clip.objects.exists()
    assert stored(settings) == []


def test_a_file_that_is_too_long_takes_no_room(client, alice, settings, monkeypatch):
    monkeypatch.setattr("clips.upload_handler.MediaLimits", lambda: MediaLimits(max_bytes=70_000))
    monkeypatch.setattr("clips.services.MediaLimits", lambda: MediaLimits(max_bytes=70_000))
    sizes = []
    check = files.store_original

    monkeypatch.setattr("clips.files.store_original", lambda *args, **kwargs: sizes.append(1) or check(*args, **kwargs))
    response = client.post("/upload/", form(tiny_mp4() + b"\0" * 500_000), headers=JSON)
    assert response.status_code == 422
    assert "larger than" in response.json()["errors"]["video"][0]
    assert (sizes, stored(settings)) == ([], [])


def test_no_room_on_the_server(client, alice, settings, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 5))
    response = client.post("/upload/", form())
    assert response.status_code == 507
    assert "The server has no room" in response.text
    assert "Caption أهلا" in response.text
    assert stored(settings) == []


def test_too_many_in_processing(client, alice, settings):
    settings.UPLOADS_IN_PROCESSING = 1
    ClipFactory(author=alice, processing=True)
    response = client.post("/upload/", form(), headers=JSON)
    assert response.status_code == 429
    assert "too many clips" in response.json()["errors"]["__all__"][0]
    assert Clip.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"caption": "é" * 2201}, "caption"),
        ({"alt_text": "x" * 1001}, "alt_text"),
        ({"visibility": "all"}, "visibility"),
    ],
)
def test_texts_have_limits(client, alice, settings, changes, field):
    response = client.post("/upload/", form(**changes), headers=JSON)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert not Clip.objects.exists()
    assert stored(settings) == []


def test_blanks_around_a_caption_do_not_count(client, alice):
    assert client.post("/upload/", form(caption="  " + "é" * 2200 + "\r\n"), headers=JSON).status_code == 201


@pytest.mark.parametrize("path", ["/upload/", "/studio/", "/clips/1/edit/", "/clips/1/state/", "/clips/1/delete/"])
def test_strangers_are_sent_to_the_sign_in_page(client, path):
    assert client.get(path)["Location"] == f"/account/login/?next={path}"


# --- Studio ---


def test_studio_lists_own_clips_in_every_state(client, alice):
    ready = ClipFactory(author=alice, caption="done")
    ClipFactory(author=alice, processing=True, caption="at work")
    ClipFactory(author=alice, failed=True, caption="broken")
    ClipFactory(author=alice, caption="gone", deleted_at=ready.published_at)
    ClipFactory(author=alice, caption="taken down", removed_at=ready.published_at)
    ClipFactory(caption="of another")
    page = client.get("/studio/").text
    for text in ("done", "at work", "40 %", "broken", "The file is damaged", "Removed by a moderator"):
        assert text in page
    assert "gone" not in page
    assert "of another" not in page


@pytest.mark.parametrize("clips", [1, 15])
def test_studio_costs_the_same_however_long(client, alice, clips, django_assert_num_queries):
    for _ in range(clips):
        ClipFactory(author=alice)
        ClipFactory(author=alice, failed=True)
    with django_assert_num_queries(4):  # session, user, clips by stage, clips
        assert client.get("/studio/").status_code == 200


def test_studio_pages_by_key(client, alice):
    made = [ClipFactory(author=alice).pk for _ in range(25)]
    first = client.get("/studio/")
    ClipFactory(author=alice)
    second = client.get(f"/studio/?before={first.context['next']}")
    assert [own.clip.pk for own in first.context["page"] + second.context["page"]] == made[::-1]


@pytest.mark.parametrize("verb", ["edit", "state", "delete"])
def test_clips_of_others_are_404(client, alice, verb):
    other = ClipFactory()
    assert client.get(f"/clips/{other.pk}/{verb}/").status_code == 404
    assert client.get(f"/clips/{10**18}/{verb}/").status_code == 404
    assert client.post(f"/clips/{other.pk}/{'retry' if verb == 'state' else verb}/").status_code == 404
    other.refresh_from_db()
    assert other.deleted_at is None


def test_state_stops_asking_when_the_work_is_done(client, alice):
    clip = ClipFactory(author=alice, processing=True)
    url = f"/clips/{clip.pk}/state/"
    assert "hx-trigger" in client.get(url).text
    Clip.objects.filter(pk=clip.pk).update(state=ClipState.FAILED, failure_detail="It is too long.")
    page = client.get(url).text
    assert "hx-trigger" not in page
    assert "It is too long." in page
    assert f"/clips/{clip.pk}/retry/" in page


def test_retry_queues_a_failed_clip_once(client, alice):
    clip = ClipFactory(author=alice, failed=True)
    response = client.post(f"/clips/{clip.pk}/retry/", headers=HTMX)
    assert response.status_code == 200
    assert "Waiting for its turn" in response.text
    clip.refresh_from_db()
    assert (clip.state, clip.failure_code) == ("processing", "")
    again = client.post(f"/clips/{clip.pk}/retry/", follow=True)
    assert "Only a clip whose processing failed can be tried again." in again.text


def test_edit_changes_texts_audience_and_policy(client, alice):
    clip = ClipFactory(author=alice)
    page = client.get(f"/clips/{clip.pk}/edit/")
    assert clip.caption in page.text
    data = {
        "caption": "new \u202e",
        "alt_text": "",
        "visibility": "followers",
        "allow_reposts": "no",
        "next": "/@alice/",
    }
    assert client.post(f"/clips/{clip.pk}/edit/", data)["Location"] == "/@alice/"
    clip.refresh_from_db()
    assert (clip.caption, clip.alt_text, clip.visibility, clip.allow_reposts) == ("new", "", "followers", "no")


def test_faulty_edit_keeps_what_was_typed_and_changes_nothing(client, alice):
    clip = ClipFactory(author=alice, caption="old")
    data = {"caption": "x" * 2201, "alt_text": "y", "visibility": "public", "allow_reposts": "yes"}
    response = client.post(f"/clips/{clip.pk}/edit/", data)
    assert response.status_code == 422
    assert "The caption has at most 2200 characters." in response.text
    assert "x" * 2201 in response.text
    clip.refresh_from_db()
    assert clip.caption == "old"


def test_delete_asks_then_hides_and_erases(client, alice, settings, django_capture_on_commit_callbacks):
    clip = ClipFactory(author=alice, with_files=True)
    assert "cannot be undone" in client.get(f"/clips/{clip.pk}/delete/").text
    assert len(stored(settings)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/clips/{clip.pk}/delete/")["Location"] == "/studio/"
    assert client.get(f"/clips/{clip.pk}/").status_code == 404
    assert client.get(f"/media/clips/{clip.pk}/720.mp4").status_code == 404
    assert stored(settings) == []


def test_an_upload_is_published_when_its_work_is_done(client, alice):
    client.post("/upload/", form(visibility="public"))
    clip = Clip.objects.get()
    assert processing.process_clip(clip_id=clip.pk)
    page = client.get(f"/clips/{clip.pk}/state/").text
    assert f"/media/clips/{clip.pk}/poster.webp" in page
    assert f'href="/clips/{clip.pk}/"' in page
