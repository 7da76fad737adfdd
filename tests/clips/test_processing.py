"""The media work: claimed with a lease, fenced, published once, or failed with a reason."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import get_language

from clips import files, processing, services, tasks
from clips.media import pipeline
from clips.media.limits import MediaFailed, MediaRefused
from clips.models import Clip, ClipState
from feeds.models import Activity
from tests.factories import ClipFactory, tiny_mp4

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def clip():
    """Uploaded, not yet looked at."""
    clip = ClipFactory(processing=True, progress=0)
    original = files.absolute(clip.original)
    original.parent.mkdir(parents=True)
    original.write_bytes(tiny_mp4())
    return clip


@pytest.fixture
def work(monkeypatch):
    """Replaces the conversion: `work.does = function(source, out_dir, on_progress)` or an exception."""

    class Work:
        does = staticmethod(lambda out_dir, on_progress: None)
        runs = 0

    def process(source, out_dir: Path, *, limits, on_progress):
        Work.runs += 1
        if isinstance(Work.does, BaseException):
            (out_dir / "half.mp4").write_bytes(b"half")
            raise Work.does
        Work.does(out_dir, on_progress)
        for name in ("720.mp4", "poster.webp"):
            (out_dir / name).write_bytes(b"made")
        return pipeline.MediaResult(
            renditions=[pipeline.RenditionFile(out_dir / "720.mp4", 720, 720, 1280, 4)],
            poster=out_dir / "poster.webp",
            placeholder="data:,",
            duration_ms=500,
            width=720,
            height=1280,
            has_audio=False,
            sha256="0" * 64,
            jail=None,
        )

    monkeypatch.setattr(pipeline, "process", process)
    return Work


def made(root):
    return sorted(path.name for path in (root / "clips").rglob("*")) if (root / "clips").exists() else []


def lease_ends(clip):
    Clip.objects.filter(pk=clip.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_clip_is_published_once(root, clip, work):
    assert processing.process_clip(clip_id=clip.pk)
    assert not processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.progress, clip.lease_until, clip.attempts) == (ClipState.READY, 100, None, 1)
    assert clip.published_at is not None
    (rendition,) = clip.renditions.all()
    assert files.absolute(rendition.path).read_bytes() == files.absolute(clip.poster).read_bytes() == b"made"
    assert Activity.objects.get().clip == clip
    assert work.runs == 1


def test_a_real_video_becomes_a_clip(clip):
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert clip.state == ClipState.READY
    assert clip.placeholder.startswith("data:image/webp;base64,")
    assert all(files.absolute(rendition.path).stat().st_size == rendition.bytes for rendition in clip.renditions.all())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MediaRefused("damaged"), "damaged"),
        (MediaFailed("crashed"), "crashed"),
        (OSError(28, "No space left"), "storage"),
    ],
)
def test_a_failure_says_why_leaves_nothing_and_can_be_tried_again(root, clip, work, error, code):
    work.does = error
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.failure_code, clip.lease_until) == (ClipState.FAILED, code, None)
    assert len(clip.failure_detail) > 20, "a sentence that a person can read"
    assert made(root) == []
    assert not Activity.objects.exists()
    services.retry_clip(clip=clip)
    work.does = staticmethod(lambda out_dir, on_progress: None)
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert clip.state == ClipState.READY


def test_a_failure_is_said_in_the_authors_language(root, clip, work, monkeypatch):
    monkeypatch.setattr("clips.media.words.gettext", lambda text: f"{get_language()}: {text}")
    clip.author.language = "ar"
    clip.author.save()
    work.does = MediaRefused("no_video")
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert clip.failure_detail == "ar: The file has no video in it."


def test_an_unforeseen_error_leaves_no_files_and_the_clip_to_the_sweep(root, clip, work):
    work.does = RuntimeError("a bug")
    with pytest.raises(RuntimeError):
        processing.process_clip(clip_id=clip.pk)
    assert made(root) == []
    assert processing.waiting() == []
    lease_ends(clip)
    assert processing.waiting() == [clip.pk]


def test_a_clip_that_is_held_is_left_alone(clip, work):
    Clip.objects.update(lease_until=timezone.now() + timedelta(seconds=5))
    assert not processing.process_clip(clip_id=clip.pk)
    assert work.runs == 0


def test_progress_is_shown_and_renews_the_lease(clip, work):
    seen = []

    def convert(out_dir, on_progress):
        for percent in (10, 100):
            lease_ends(clip)
            on_progress(percent)
            clip.refresh_from_db()
            seen.append((clip.progress, clip.lease_until > timezone.now()))

    work.does = staticmethod(convert)
    processing.process_clip(clip_id=clip.pk)
    assert seen == [(10, True), (99, True)]


def test_a_worker_that_lost_its_claim_stops_and_changes_nothing(root, clip, work):
    def slow(out_dir, on_progress):
        if work.runs > 1:
            return
        lease_ends(clip)
        assert processing.process_clip(clip_id=clip.pk), "another worker takes it over and publishes it"
        on_progress(50)
        pytest.fail("the first worker must stop here")

    work.does = staticmethod(slow)
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.attempts, clip.renditions.count()) == (ClipState.READY, 2, 1)
    assert len(made(root)) == 3, "one folder with two files"


@pytest.mark.parametrize("percent", [None, 50])
def test_a_clip_that_is_deleted_meanwhile_is_not_published(root, clip, work, percent):
    def convert(out_dir, on_progress):
        services.delete_clip(clip=clip)
        if percent:
            on_progress(percent)
            pytest.fail("must stop here")

    work.does = staticmethod(convert)
    processing.process_clip(clip_id=clip.pk)
    assert made(root) == []
    assert not Activity.objects.exists()
    clip.refresh_from_db()
    assert clip.state == ClipState.PROCESSING


def test_a_clip_that_kills_its_workers_is_given_up(clip, work):
    work.does = RuntimeError("stands for a worker that dies")
    for _ in range(processing.MAX_ATTEMPTS):
        with pytest.raises(RuntimeError):
            processing.process_clip(clip_id=clip.pk)
        lease_ends(clip)
    assert processing.process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.failure_code) == (ClipState.FAILED, "gave_up")
    assert work.runs == processing.MAX_ATTEMPTS


def test_the_tasks_take_the_oldest_and_ring_while_more_wait(clip, work, monkeypatch):
    bells = []
    monkeypatch.setattr(processing, "ring", lambda: bells.append(1))
    second = ClipFactory(processing=True)
    tasks.sweep_media()
    tasks.process_waiting()
    assert list(Clip.objects.filter(state=ClipState.READY)) == [clip]
    tasks.process_waiting()
    tasks.process_waiting()
    tasks.sweep_media()
    assert Clip.objects.get(pk=second.pk).state == ClipState.READY
    assert bells == [1, 1]


@pytest.mark.parametrize("error", [OSError("no route"), RuntimeError("OOM command not allowed")])
def test_a_broker_that_fails_fails_nobody_else(monkeypatch, caplog, error):
    caplog.set_level("WARNING", logger="accounts.bell")

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    processing.ring()
    assert "bell clips.tasks.process_waiting not rung" in caplog.text
