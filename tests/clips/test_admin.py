"""The desk for clips: seen in place by those who may, changed only by services."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from clips import files
from clips.models import Clip
from tests.factories import ClipFactory, UserFactory

pytestmark = pytest.mark.django_db

CLIPS = "admin:clips_clip_changelist"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mod(client: Client) -> User:
    user = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def media_address(clip: Clip, file: str) -> str:
    return reverse("admin:clips_clip_media", args=[clip.pk, file])


def act(client: Client, action: str, *clips: Clip, **more: str):
    return client.post(
        reverse(CLIPS),
        {"action": action, "_selected_action": [clip.pk for clip in clips], **more},
        follow=True,
    )


class TestMedia:
    def test_moderators_see_what_is_closed_to_them_outside(self, client, mod):
        clip = ClipFactory(with_files=True, visibility="followers", author__is_private=True)
        assert not Clip.objects.visible_to(mod).exists()
        video = client.get(media_address(clip, "720.mp4"), headers={"Range": "bytes=0-99"})
        assert (video.status_code, video["Content-Type"], len(b"".join(video))) == (206, "video/mp4", 100)
        poster = client.get(media_address(clip, "poster"))
        assert (poster.status_code, poster["Content-Type"]) == (200, "image/webp")
        assert "private" in poster["Cache-Control"]

    def test_needs_the_permission(self, client):
        clip = ClipFactory(with_files=True)
        staff = UserFactory(is_staff=True)
        client.force_login(staff)
        assert client.get(media_address(clip, "720.mp4")).status_code == 403
        staff.user_permissions.add(Permission.objects.get(codename="view_clip"))
        assert client.get(media_address(clip, "720.mp4")).status_code == 200

    @pytest.mark.parametrize("who", ["nobody", "author"])
    def test_is_closed_to_everybody_else(self, client, who):
        clip = ClipFactory(with_files=True)
        if who == "author":
            client.force_login(clip.author)
        response = client.get(media_address(clip, "720.mp4"))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))

    @pytest.mark.parametrize("file", ["source", "1080.mp4", "..", "720.webm", "poster.exe"])
    def test_only_files_that_were_made(self, client, mod, file):
        clip = ClipFactory(with_files=True)
        response = client.get(media_address(clip, file))
        assert response.status_code in (301, 302, 404) or response["Content-Type"] == "image/webp"
        assert client.post(media_address(clip, "720.mp4")).status_code == 405

    def test_pages_show_them(self, client, mod):
        clip = ClipFactory(with_files=True, caption="שקיעה מעל הים")
        assert media_address(clip, "poster") in client.get(reverse(CLIPS)).content.decode()
        page = client.get(reverse("admin:clips_clip_change", args=[clip.pk])).content.decode()
        assert f'src="{media_address(clip, "720.mp4")}"' in page
        assert "שקיעה מעל הים" in page

    @pytest.mark.parametrize("clip", [{"processing": True}, {"failed": True}, {"deleted_at": timezone.now()}])
    def test_nothing_to_play(self, client, mod, clip):
        page = client.get(reverse("admin:clips_clip_change", args=[ClipFactory(**clip).pk])).content.decode()
        assert "Nothing to play" in page
        assert "<video" not in page


class TestActions:
    def test_delete_asks_then_erases(self, client, mod, django_capture_on_commit_callbacks):
        clip, kept = ClipFactory(with_files=True), ClipFactory(with_files=True)
        original = files.absolute(clip.original)
        assert original.exists()
        response = act(client, "delete_clips", clip)
        assert "cannot be undone" in response.content.decode()
        clip.refresh_from_db()
        assert clip.deleted_at is None
        with django_capture_on_commit_callbacks(execute=True):
            act(client, "delete_clips", clip, confirmed="yes")
        clip.refresh_from_db()
        assert clip.deleted_at is not None
        assert not original.exists()
        assert files.absolute(kept.poster).exists()

    def test_retry(self, client, mod):
        failed, ready = ClipFactory(failed=True), ClipFactory()
        response = act(client, "retry_clips", failed, ready)
        failed.refresh_from_db()
        ready.refresh_from_db()
        assert (failed.state, ready.state) == ("processing", "ready")
        assert "Only a clip whose processing failed" in response.content.decode()

    @pytest.mark.parametrize("action", ["delete_clips", "retry_clips"])
    def test_looking_is_not_acting(self, client, action):
        staff = UserFactory(is_staff=True)
        staff.user_permissions.add(Permission.objects.get(codename="view_clip"))
        client.force_login(staff)
        clip = ClipFactory(failed=True)
        act(client, action, clip, confirmed="yes")
        clip.refresh_from_db()
        assert (clip.state, clip.deleted_at) == ("failed", None)


class TestEditing:
    def send(self, client: Client, clip: Clip, **changes: str):
        data = {"caption": clip.caption, "alt_text": clip.alt_text, "visibility": clip.visibility,
                "allow_reposts": clip.allow_reposts, "allow_comments": clip.allow_comments}  # fmt: skip
        data |= {"renditions-TOTAL_FORMS": "0", "renditions-INITIAL_FORMS": "0"}
        response = client.post(reverse("admin:clips_clip_change", args=[clip.pk]), data | changes)
        assert response.status_code == 302
        clip.refresh_from_db()

    def test_goes_through_the_service(self, client, mod):
        clip = ClipFactory()
        self.send(client, clip, caption="clean\u202e me", allow_reposts="no", alt_text="Waves")
        assert (clip.caption, clip.allow_reposts, clip.alt_text) == ("clean me", "no", "Waves")

    def test_states_are_not_fields(self, client, mod):
        clip = ClipFactory()
        self.send(client, clip, state="failed", published_at="", removed_at="2020-01-01", repost_count="99")
        assert (clip.state, clip.removed_at, clip.repost_count) == ("ready", None, 0)


@pytest.mark.parametrize("presence", ["live", "deleted", "removed"])
def test_filter_by_presence(client, mod, presence):
    clips = {
        "live": ClipFactory(),
        "deleted": ClipFactory(deleted_at=timezone.now()),
        "removed": ClipFactory(removed_at=timezone.now()),
    }
    ClipFactory(processing=True)
    ClipFactory(author__is_active=False)
    response = client.get(reverse(CLIPS), {"presence": presence})
    assert list(response.context["cl"].result_list) == [clips[presence]]


def test_search(client, mod):
    clip = ClipFactory(caption="月のうさぎ", author__username="yuki", sha256="ab" * 32)
    ClipFactory()
    ClipFactory(pk=70_000, caption="")
    for text in ("うさぎ", "yuki", "ab" * 32):
        found = client.get(reverse(CLIPS), {"q": text}).context["cl"].result_list
        assert list(found) == [clip], text
    assert [found.pk for found in client.get(reverse(CLIPS), {"q": "70000"}).context["cl"].result_list] == [70_000]
