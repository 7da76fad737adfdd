"""Drafts and schedules through the pages and the API."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clips.forms import UploadForm
from clips.models import Clip
from tests.factories import ClipFactory, UserFactory, tiny_mp4
from tests.schema.client import Api

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def alice(client):
    user = UserFactory(username="alice", time_zone="America/New_York")
    client.force_login(user)
    return user


def video() -> SimpleUploadedFile:
    return SimpleUploadedFile("clip.mp4", tiny_mp4(), "video/mp4")


def fields(**changes: str) -> dict:
    return {"visibility": "public", "allow_reposts": "yes", **changes}


def tomorrow(hour: int = 12) -> datetime:
    return (timezone.now() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def test_upload_as_a_draft(client, alice):
    assert client.post("/upload/", fields(video=video(), publish="draft")).status_code == 302
    assert (Clip.objects.get().plan, Clip.objects.get().publish_at) == ("draft", None)


def test_times_are_the_persons_own_and_kept_in_utc(client, alice):
    day = tomorrow().date()
    client.post("/upload/", fields(video=video(), publish="at", publish_at=f"{day}T09:30"))
    at = Clip.objects.get().publish_at
    offset = timedelta(hours=4) if at.astimezone(UTC).hour == 13 else timedelta(hours=5)
    assert at == datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC) + offset
    assert at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "given", ["", "soon", "2026-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2020-01-01T10:00"]
)
def test_times_that_are_refused_leave_nothing_behind(client, alice, given, tmp_path):
    response = client.post("/upload/", fields(video=video(), publish="at", publish_at=given))
    assert response.status_code == 422
    assert response.context["form"].errors["publish_at"]
    assert not Clip.objects.exists()
    assert list(tmp_path.rglob("source")) == []


def test_an_hour_that_the_clocks_skip_is_no_time(rf):

    with timezone.override("Europe/Berlin"):
        form = UploadForm({**fields(publish="at", publish_at="2027-03-28T02:30")}, {"video": video()})
        assert not form.is_valid()
    assert "clocks" in form.errors["publish_at"][0]


def test_editing_a_draft_shows_and_moves_its_time(client, alice):
    clip = ClipFactory(author=alice, scheduled=True, publish_at=datetime(2027, 1, 10, 15, 0, tzinfo=UTC))
    page = client.get(f"/clips/{clip.pk}/edit/")
    assert 'value="2027-01-10T10:00"' in page.text  # New York
    answer = client.post(f"/clips/{clip.pk}/edit/", fields(caption="new", publish="draft"))
    assert answer.status_code == 302
    clip.refresh_from_db()
    assert (clip.caption, clip.plan, clip.publish_at) == ("new", "draft", None)


def test_a_bad_time_on_the_edit_page_changes_nothing(client, alice):
    clip = ClipFactory(author=alice, draft=True, caption="old")
    answer = client.post(f"/clips/{clip.pk}/edit/", fields(caption="new", publish="at", publish_at="2020-01-01T10:00"))
    assert answer.status_code == 422
    clip.refresh_from_db()
    assert (clip.caption, clip.plan) == ("old", "draft")


def test_the_buttons_of_the_studio(client, alice):
    clip = ClipFactory(author=alice, scheduled=True)
    row = client.post(f"/clips/{clip.pk}/publish/", {"publish": "draft"}, headers=HTMX)
    assert "Draft" in row.text
    row = client.post(f"/clips/{clip.pk}/publish/", {"publish": "now"}, headers=HTMX)
    assert f'href="/clips/{clip.pk}/"' in row.text
    assert client.post(f"/clips/{clip.pk}/publish/", {"publish": "draft"}).status_code == 302
    clip.refresh_from_db()
    assert clip.state == "ready"
    assert client.post(f"/clips/{clip.pk}/publish/", {"publish": "at"}).status_code == 400


def test_nobody_else_publishes_or_sees_a_draft(client, alice):
    clip = ClipFactory(draft=True, with_files=True)
    for path in ("", "edit/", "state/", "captions/", "publish/"):
        send = client.post if path == "publish/" else client.get
        assert send(f"/clips/{clip.pk}/{path}").status_code == 404
    assert Api(alice).post(f"clips/{clip.pk}/publish", {}).status == 404


def test_the_studio_counts_and_filters_by_stage(client, alice):
    made = {
        "published": ClipFactory(author=alice),
        "scheduled": ClipFactory(author=alice, scheduled=True),
        "draft": ClipFactory(author=alice, draft=True),
        "processing": ClipFactory(author=alice, processing=True),
        "failed": ClipFactory(author=alice, failed=True),
    }
    ClipFactory(draft=True)
    page = client.get("/studio/")
    assert {stage.name or "all": stage.count for stage in page.context["stages"]} == {
        "all": 5, **dict.fromkeys(made, 1),
    }  # fmt: skip
    for stage, clip in made.items():
        assert [own.clip for own in client.get(f"/studio/?stage={stage}").context["page"]] == [clip]
    assert client.get("/studio/?stage=nonsense").status_code == 404


def test_the_profile_is_in_the_order_of_publication(client, alice):
    draft = ClipFactory(author=alice, draft=True)
    older = ClipFactory(author=alice)
    client.post(f"/clips/{draft.pk}/publish/")
    page = client.get("/@alice/")
    assert [tile.clip.id for tile in page.context["tiles"]] == [draft.pk, older.pk]
    first = Api(alice).get("users/alice/clips", limit=1).json
    assert [clip["id"] for clip in first["results"]] == [draft.pk]
    rest = client.get(first["next"].partition("testserver")[2]).json()
    assert [clip["id"] for clip in rest["results"]] == [older.pk]


# --- The API -------------------------------------------------------------------------------------------


def test_a_scheduled_upload_over_the_api(alice):
    answer = Api(alice).upload("clips", {"video": video(), "publish_at": tomorrow().isoformat()})
    assert (answer.status, answer.json["publish"]) == (202, "at")
    assert Clip.objects.get().publish_at == tomorrow()


def test_publish_over_the_api(alice):
    clip = ClipFactory(author=alice, draft=True)
    api = Api(alice)
    scheduled = api.post(f"clips/{clip.pk}/publish", {"publish": "at", "publish_at": tomorrow().isoformat()})
    assert (scheduled.status, scheduled.json["state"], scheduled.json["publish"]) == (200, "held", "at")
    assert [api.post(f"clips/{clip.pk}/publish", {}).json["state"] for _ in range(2)] == ["ready", "ready"]
    assert api.post(f"clips/{clip.pk}/publish", {"publish": "draft"}).code == "already_published"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"publish": "at"}, 422, "bad_schedule"),
        ({"publish": "now", "publish_at": "2027-01-01T00:00:00Z"}, 422, "bad_schedule"),
        ({"publish_at": "2020-01-01T00:00:00Z"}, 422, "bad_schedule"),
        ({"publish": "later"}, 400, "validation_error"),
        ({"publish_at": "tomorrow"}, 400, "validation_error"),
    ],
)
def test_bad_plans_over_the_api(alice, body, status, code):
    clip = ClipFactory(author=alice, draft=True)
    answer = Api(alice).post(f"clips/{clip.pk}/publish", body)
    assert (answer.status, answer.code) == (status, code)
    clip.refresh_from_db()
    assert (clip.state, clip.plan) == ("held", "draft")


@pytest.mark.parametrize("count", [1, 6])
def test_ones_own_clips_over_the_api(alice, count, django_assert_num_queries):
    drafts = ClipFactory.create_batch(count, author=alice, draft=True)
    ClipFactory(author=alice)
    api = Api(alice)
    with django_assert_num_queries(5):  # token, ids, rows, two for the clips
        page = api.get("me/clips", stage="draft", limit=2).json
    assert [clip["id"] for clip in page["results"]] == [clip.pk for clip in reversed(drafts)][:2]
    assert all(clip["state"] == "held" and clip["publish"] == "draft" for clip in page["results"])
    assert (page["next"] is None) == (count == 1)
    assert page["next"] is None or "stage=draft" in page["next"]
    assert api.get("me/clips", stage="nonsense").status == 400


# --- Sent again ----------------------------------------------------------------------------------------


def test_an_upload_that_is_sent_again_is_the_same_one(client, alice, tmp_path):
    key = "6f3c1c1e-6f0b-4b5e-9d6f-0f6d7f1d2a3b"
    answers = [
        client.post("/upload/", fields(video=video(), upload_key=key), headers={"Accept": "application/json"}).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Clip.objects.count() == 1
    assert len(list(tmp_path.rglob("source"))) == 1
    client.force_login(UserFactory())
    client.post("/upload/", fields(video=video(), upload_key=key))
    assert Clip.objects.count() == 2  # a key belongs to its sender


def test_a_key_that_is_none_is_refused(client, alice):
    answer = client.post("/upload/", fields(video=video(), upload_key="x"), headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert not Clip.objects.exists()
