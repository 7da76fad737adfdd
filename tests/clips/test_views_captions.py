"""Captions through the pages and the API: files, the editor without scripts, and who may read them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clips.captions import tracks
from clips.captions.webvtt import Cue
from clips.models import CaptionTrack, Clip
from tests.factories import BlockFactory, ClipFactory, UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db
FILE = "WEBVTT\n\n00:00.500 --> 00:02.000\nHello\n\n00:02.000 --> 00:04.000\n<i>there</i>\n"


@pytest.fixture
def alice(client):
    user = UserFactory(username="alice")
    client.force_login(user)
    return user


@pytest.fixture
def clip(alice):
    return ClipFactory(author=alice)


@pytest.fixture
def track(clip):
    return tracks.put_track(clip=clip, language="en", cues=[Cue(500, 2_000, "Hello"), Cue(2_000, 4_000, "there")])[0]


def vtt(clip: Clip, tag: str = "en") -> str:
    return CaptionTrack.objects.get(clip=clip, language=tag).vtt


def form(*rows: tuple[str, str, str], **more: str) -> dict:
    start, end, text = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return {"start": start, "end": end, "text": text, **more}


def test_a_file_is_kept_in_one_form_and_shown(client, clip):
    response = client.post(
        f"/clips/{clip.pk}/captions/", {"language": "PT_br", "file": SimpleUploadedFile("a.vtt", FILE.encode())}
    )
    assert (response.status_code, response["Location"]) == (302, f"/clips/{clip.pk}/captions/pt-BR/")
    assert vtt(clip, "pt-BR") == FILE
    assert Clip.objects.get(pk=clip.pk).captions == ["pt-BR"]
    page = client.get(f"/clips/{clip.pk}/")
    assert f'src="/media/clips/{clip.pk}/pt-BR.vtt"' in page.text
    answer = client.get(f"/media/clips/{clip.pk}/pt-BR.vtt")
    assert answer.text == FILE
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("text/vtt; charset=utf-8", "nosniff")
    assert answer["Cache-Control"] == "private, no-cache"
    assert client.get(f"/media/clips/{clip.pk}/pt-BR.vtt", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_bad_file_says_what_is_wrong_by_line_and_changes_nothing(client, clip, track):
    bad = SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:09.500 --> 00:10.000\nlate\n")
    response = client.post(f"/clips/{clip.pk}/captions/", {"language": "en", "file": bad})
    assert response.status_code == 422
    assert "Line 3:" in response.text
    assert vtt(clip) == track.vtt


@pytest.mark.parametrize("tag", ["", "english please", "x-mine", "<b>"])
def test_languages_that_are_none(client, clip, tag):
    response = client.post(f"/clips/{clip.pk}/captions/", {"language": tag})
    assert response.status_code == 422
    assert not CaptionTrack.objects.exists()


def test_without_a_file_the_editor_opens(client, clip):
    response = client.post(f"/clips/{clip.pk}/captions/", {"language": "ar"})
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert 'dir="rtl" lang="ar"' in page.text


def test_the_editor_saves_what_it_shows(client, clip, track):
    page = client.get(f"/clips/{clip.pk}/captions/en/")
    rows = [(row.start, row.end, row.text) for row in page.context["rows"]]
    assert rows == [("00:00.500", "00:02.000", "Hello"), ("00:02.000", "00:04.000", "there")]
    rows[1] = ("0:02", "3.5", "you <3 & <b>all</b>")
    assert client.post(f"/clips/{clip.pk}/captions/en/", form(*rows)).status_code == 302
    assert vtt(clip).endswith("00:02.000 --> 00:03.500\nyou &lt;3 &amp; <b>all</b>\n")


@pytest.mark.parametrize(
    ("command", "texts"),
    [
        ("add:-1", ["", "Hello", "one two three"]),
        ("add:0", ["Hello", "", "one two three"]),
        ("split:1", ["Hello", "one two", "three"]),
        ("delete:0", ["one two three"]),
    ],
)
def test_buttons_work_without_scripts_and_save_nothing(client, clip, track, command, texts):
    rows = form(("0", "2", "Hello"), ("2", "4", "one two three"), do=command)
    response = client.post(f"/clips/{clip.pk}/captions/en/", rows)
    assert response.status_code == 200
    assert [row.text for row in response.context["rows"]] == texts
    assert "Not saved yet." in response.text
    assert vtt(clip) == track.vtt


@pytest.mark.parametrize("command", ["", "nonsense", "add", "split:9", "delete:-1", "split:x", "add:99999", "delete:²"])
def test_commands_that_are_none(client, clip, track, command):
    answer = client.post(f"/clips/{clip.pk}/captions/en/", form(("0", "2", "Hello"), do=command))
    assert answer.status_code == (302 if command == "" else 400)


def test_errors_stand_at_their_row_and_nothing_is_saved(client, clip, track):
    response = client.post(
        f"/clips/{clip.pk}/captions/en/", form(("0", "2", "ok"), ("x", "2", "bad"), ("3", "2", "worse"))
    )
    assert response.status_code == 422
    assert [bool(row.error) for row in response.context["rows"]] == [False, True, True]
    assert vtt(clip) == track.vtt


def test_a_full_track_fits_into_one_form(client, clip):
    clip.duration_ms = 180_000
    clip.save()
    rows = [(f"{number * 0.5}", f"{number * 0.5 + 0.4}", "x") for number in range(300)]
    assert client.post(f"/clips/{clip.pk}/captions/en/", form(*rows)).status_code == 302
    assert CaptionTrack.objects.get().cue_count == 300
    assert client.post(f"/clips/{clip.pk}/captions/en/", form(*rows, ("155", "156", "y"))).status_code == 422


def test_deleting_a_track(client, clip, track):
    assert client.post(f"/clips/{clip.pk}/captions/en/delete/").status_code == 302
    assert not CaptionTrack.objects.exists()
    assert Clip.objects.get(pk=clip.pk).captions == []
    assert client.get(f"/media/clips/{clip.pk}/en.vtt").status_code == 404


@pytest.mark.parametrize("path", ["captions/", "captions/en/"])
def test_only_the_author_opens_the_editor(client, path):
    client.force_login(UserFactory())
    assert client.get(f"/clips/{ClipFactory().pk}/{path}").status_code == 404


def test_a_clip_in_preparation_has_no_editor(client, alice):
    assert client.get(f"/clips/{ClipFactory(author=alice, processing=True).pk}/captions/").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_however_many_languages(client, clip, count, django_assert_num_queries):
    for number in range(count):
        tracks.put_track(clip=clip, language=f"q{chr(97 + number)}", cues=[Cue(0, 1_000, "x")])
    with django_assert_num_queries(6):  # session, user, clip, tracks, two for the player
        assert client.get(f"/clips/{clip.pk}/captions/").status_code == 200


# --- The API -------------------------------------------------------------------------------------------


def test_put_get_delete_over_the_api(clip, alice):
    api = Api(alice)
    added = api.put(f"clips/{clip.pk}/captions/EN", {"content": FILE})
    assert (added.status, added.json["language"], added.json["cue_count"]) == (201, "en", 2)
    cues = [{"start_ms": 0, "end_ms": 900, "text": "Hi <b>you</b>"}]
    assert api.put(f"clips/{clip.pk}/captions/en", {"cues": cues}).status == 200
    assert api.get(f"clips/{clip.pk}").json["captions"][0]["label"] == "English"
    shown = Api().client.get(f"/api/v1/clips/{clip.pk}/captions/en", headers={"Accept": "text/vtt"})
    assert shown.text == "WEBVTT\n\n00:00.000 --> 00:00.900\nHi <b>you</b>\n"
    assert [api.delete(f"clips/{clip.pk}/captions/en").status for _ in range(2)] == [204, 204]
    assert api.get(f"clips/{clip.pk}").json["captions"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "validation_error"),
        ({"content": FILE, "cues": []}, 400, "validation_error"),
        ({"content": "no captions"}, 422, "captions_refused"),
        ({"cues": []}, 422, "captions_refused"),
        ({"cues": [{"start_ms": 5, "end_ms": 5, "text": "x"}]}, 422, "captions_refused"),
        ({"cues": [{"start_ms": -5, "end_ms": 5, "text": "x"}]}, 400, "validation_error"),
        ({"cues": [{"start_ms": 0, "end_ms": 5, "text": "x" * 10_000}]}, 422, "captions_refused"),
    ],
)
def test_bad_captions_over_the_api(clip, alice, body, status, code):
    answer = Api(alice).put(f"clips/{clip.pk}/captions/en", body)
    assert (answer.status, answer.code) == (status, code)
    assert not CaptionTrack.objects.exists()


def test_only_the_author_writes(clip):
    other = UserFactory()
    assert Api(other).put(f"clips/{clip.pk}/captions/en", {"content": FILE}).code == "not_the_author"
    assert Api(other).delete(f"clips/{clip.pk}/captions/en").code == "not_the_author"
    assert Api().put(f"clips/{clip.pk}/captions/en", {"content": FILE}).status == 401
    BlockFactory(blocker=clip.author, blocked=other)
    assert Api(other).put(f"clips/{clip.pk}/captions/en", {"content": FILE}).status == 404


def test_no_captions_before_the_length_is_known(alice):
    clip = ClipFactory(author=alice, processing=True)
    assert Api(alice).put(f"clips/{clip.pk}/captions/en", {"content": FILE.replace("04.000", "02.500")}).status in (
        409,
        422,
    )


def test_a_clip_has_at_most_so_many_languages(clip, alice, monkeypatch):
    monkeypatch.setattr(tracks, "MAX_TRACKS", 1)
    api = Api(alice)
    assert api.put(f"clips/{clip.pk}/captions/en", {"content": FILE}).status == 201
    assert api.put(f"clips/{clip.pk}/captions/de", {"content": FILE}).code == "too_many_tracks"
    assert api.put(f"clips/{clip.pk}/captions/en", {"content": FILE}).status == 200
