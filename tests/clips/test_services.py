"""Uploading, editing, deleting, watching: what is refused leaves nothing, what is repeated changes nothing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clips import files, processing, services
from clips.exceptions import NotRetryable, TooManyUploads, UploadRefused
from clips.media.limits import MediaLimits, MediaRefused
from clips.models import Clip, ClipState, Watch
from clips.signals import clip_watched
from feeds.models import SeenClip
from tests.factories import ClipFactory, UserFactory, tiny_mp4

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def alice():
    return UserFactory(username="alice")


def video(content=None, name="holiday.mp4"):
    return SimpleUploadedFile(name, tiny_mp4() if content is None else content, "video/mp4")


def stored(root):
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def rung(monkeypatch):
    bells = []
    monkeypatch.setattr(processing, "ring", lambda: bells.append("media"))
    return bells


def test_an_upload_is_kept_and_waits_for_a_worker(root, alice, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        clip = services.create_clip(author=alice, video=video(name="holi\u202eday.mp4"), caption=" at sea\x00 ")
        assert rung == []
    assert rung == ["media"]
    assert (clip.state, clip.caption, clip.original_name) == (ClipState.PROCESSING, "at sea", "holiday.mp4")
    assert files.absolute(clip.original).read_bytes() == tiny_mp4()
    assert clip.original_bytes == len(tiny_mp4())
    assert processing.waiting() == [clip.pk]
    assert not Clip.objects.visible_to(alice).exists()


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"video": b""}, UploadRefused, "empty"),
        ({"video": b"ffconcat version 1.0\nfile /etc/passwd\n"}, MediaRefused, None),
        ({"video": b"\x00" * 5_000}, MediaRefused, None),
        ({"caption": "x" * 2_201}, UploadRefused, "caption_too_long"),
        ({"alt_text": "x" * 1_001}, UploadRefused, "alt_text_too_long"),
        ({"visibility": "aliens"}, ValueError, None),
        ({"allow_reposts": "perhaps"}, ValueError, None),
    ],
)
def test_a_refused_upload_leaves_nothing(root, alice, given, error, code):
    given = {**given, "video": video(given.get("video"))}
    with pytest.raises(error) as refusal:
        services.create_clip(author=alice, **given)
    if code:
        assert refusal.value.code == code
    assert stored(root) == []
    assert not Clip.objects.exists()


def test_an_upload_that_is_too_large_is_refused_at_the_door():
    with pytest.raises(UploadRefused) as refusal:
        services.check_upload(video(), MediaLimits(max_bytes=100))
    assert refusal.value.code == "too_large"


def test_one_person_has_a_few_clips_in_processing(root, alice, settings):
    settings.UPLOADS_IN_PROCESSING = 2
    ClipFactory.create_batch(2, author=alice, processing=True)
    with pytest.raises(TooManyUploads):
        services.create_clip(author=alice, video=video())
    assert stored(root) == []
    assert services.create_clip(author=UserFactory(), video=video())


def test_editing_takes_the_authors_settings_only():
    clip = ClipFactory()
    services.update_clip(clip=clip, caption=" new ", visibility="followers", allow_reposts="no", alt_text="a boat")
    clip.refresh_from_db()
    assert (clip.caption, clip.visibility, clip.allow_reposts, clip.alt_text) == ("new", "followers", "no", "a boat")
    for error, change in [
        (TypeError, {"state": "ready"}),
        (ValueError, {"visibility": "aliens"}),
        (UploadRefused, {"caption": "x" * 2_201}),
    ]:
        with pytest.raises(error):
            services.update_clip(clip=clip, **change)
    assert Clip.objects.values_list("caption", "visibility").get() == ("new", "followers")


def test_deleting_hides_at_once_and_erases_after_the_commit(root, django_capture_on_commit_callbacks):
    clip, other = ClipFactory(with_files=True), ClipFactory(with_files=True)
    assert len(stored(root)) == 6
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_clip(clip=clip)
        services.delete_clip(clip=clip)
        assert not Clip.objects.visible_to(clip.author).filter(pk=clip.pk).exists()
        assert len(stored(root)) == 6
    assert len(stored(root)) == 3
    assert files.absolute(other.poster).exists()


def test_files_that_a_crash_left_are_erased_within_the_hour(root):
    clip = ClipFactory(with_files=True)
    services.delete_clip(clip=clip)  # and the process dies before its commit's callbacks
    assert processing.erase_leftovers() == 0
    Clip.objects.update(deleted_at=timezone.now() - timedelta(hours=2))
    assert processing.erase_leftovers() == 1
    assert stored(root) == []
    assert processing.erase_leftovers() == 0


def test_only_a_failed_clip_is_tried_again(rung, django_capture_on_commit_callbacks):
    failed = ClipFactory(failed=True, attempts=3)
    for clip in (ClipFactory(), ClipFactory(processing=True), ClipFactory(failed=True, deleted_at=timezone.now())):
        with pytest.raises(NotRetryable):
            services.retry_clip(clip=clip)
    with django_capture_on_commit_callbacks(execute=True):
        services.retry_clip(clip=failed)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.failure_code) == (ClipState.PROCESSING, 0, "")
    assert rung == ["media"]
    with pytest.raises(NotRetryable):
        services.retry_clip(clip=failed)


# --- watching


@pytest.mark.parametrize(
    ("duration", "ms", "watched"),
    [(9_000, 1_999, False), (9_000, 2_000, True), (1_000, 499, False), (1_000, 500, True), (9_000, 10**12, True)],
)
def test_when_a_clip_counts_as_watched(alice, duration, ms, watched):
    clip = ClipFactory(duration_ms=duration)
    watch = services.record_watch(viewer=alice, clip=clip, ms=ms)
    clip.refresh_from_db()
    assert (watch.watched_at is not None, clip.watch_count) == (watched, int(watched))
    assert SeenClip.objects.exists() == watched
    assert watch.furthest_ms == min(ms, duration)


def test_watching_goes_forward_and_counts_once(alice):
    clip, heard = ClipFactory(), []

    def on_watched(sender, **kwargs):
        heard.append(1)

    clip_watched.connect(on_watched)
    try:
        for ms in (-5, 500, 4_000, 1_000, 8_000):
            services.record_watch(viewer=alice, clip=clip, ms=ms)
    finally:
        clip_watched.disconnect(on_watched)
    services.record_watch(viewer=UserFactory(), clip=clip, ms=8_000)
    clip.refresh_from_db()
    assert Watch.objects.get(viewer=alice).furthest_ms == 8_000
    assert clip.watch_count == 2
    assert heard == [1]
