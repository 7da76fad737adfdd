"""A media worker dies in the middle of a clip: its lease runs out, another one does it, once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from clips import files
from clips.models import Clip, ClipState
from config.valkey import broker_url
from feeds.models import Activity
from tests import processes
from tests.clips.media.generators import make_clip
from tests.factories import ClipFactory

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def clip(settings, tmp_path):
    """Half a minute of video: some seconds of work."""
    settings.MEDIA_ROOT = tmp_path / "media"
    clip = ClipFactory(processing=True, progress=0)
    original = files.absolute(clip.original)
    original.parent.mkdir(parents=True)
    made = make_clip(tmp_path / "source.mp4", width=720, height=1280, seconds=30, rate=24)
    made.rename(original)
    return clip


def bytes_below(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_clip_survives_its_worker(clip, valkey_server, tmp_path):
    broker, log = broker_url(valkey_server), tmp_path / "log"

    def row():
        return Clip.objects.get(pk=clip.pk)

    with processes.beat(broker=broker, log=log):
        with processes.worker(broker=broker, log=log, queues="media") as doomed:
            processes.eventually(lambda: row().progress > 5, seconds=60)
            processes.kill_all(doomed)
        killed = row()
        assert killed.state == ClipState.PROCESSING, "the worker was faster than its killer: the test proves nothing"
        assert killed.lease_until > timezone.now()
        time.sleep(0.5)
        written = bytes_below(files.media_root() / "clips")
        time.sleep(1)
        assert bytes_below(files.media_root() / "clips") == written, "its converter died with it"
        with processes.worker(broker=broker, log=log, queues="media"):
            # The lease's minutes pass.
            Clip.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            processes.eventually(lambda: row().state != ClipState.PROCESSING, seconds=120)
    done = row()
    assert (done.state, done.failure_code, done.attempts) == (ClipState.READY, "", 2)
    assert Activity.objects.get().clip_id == clip.pk
    assert done.renditions.count() >= 1
    for rendition in done.renditions.all():
        assert files.absolute(rendition.path).stat().st_size == rendition.bytes
    assert files.erase_scratch(older_than=timedelta(0)) >= 1, "what the dead worker left is found by the hourly task"
    assert [path.name for path in (files.media_root() / "clips").iterdir()] == [files.absolute(done.poster).parent.name]
