"""The broker dies: people notice nothing, and what they did meanwhile arrives when it is back."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from config import valkey
from feeds import audit
from feeds.assembly import following_page
from feeds.models import Activity, FeedEntry
from reposts.models import Repost
from tests import processes
from tests.factories import ClipFactory, FollowFactory, UserFactory

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

REPOST = """
import sys, time
from accounts.models import User
from reposts.services import repost_clip
started = time.monotonic()
repost_clip(user=User.objects.get(username="ben"), clip_id=int(sys.argv[1]))
print(f"{time.monotonic() - started:.2f}")
"""


def repost_from_another_process(clip_id: int, *, broker: str, var_dir) -> float:
    """Ben reposts on a server whose broker is at `broker`. Returns how many seconds he waited."""
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DEMO": "1",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": processes.database_url(),
        "CELERY_BROKER_URL": broker,
        "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    script = f"import config.celery, django\ndjango.setup()\n{REPOST}"
    command = [sys.executable, "-c", script, str(clip_id)]
    done = subprocess.run(
        command, env=environment, cwd=processes.ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return float(done.stdout.split()[-1])


def test_a_dead_broker_delays_fan_out_and_loses_nothing(short_tmp, tmp_path):
    ben = UserFactory(username="ben")
    followers = [FollowFactory(followee=ben).follower for _ in range(30)]
    clip = ClipFactory()
    socket, data, log = short_tmp / "broker.sock", tmp_path / "valkey", tmp_path / "log"
    broker = valkey.broker_url(socket)
    first = subprocess.Popen(valkey.command(socket=socket, data=data), stdout=subprocess.DEVNULL)
    try:
        valkey.wait_until_ready(socket)
        with processes.worker(broker=broker, log=log), processes.beat(broker=broker, log=log):
            processes.eventually(lambda: "ready" in log.read_text(), seconds=60)
            first.kill()
            first.wait()
            waited = repost_from_another_process(clip.pk, broker=broker, var_dir=tmp_path)
            assert waited < 5
            assert Repost.objects.get().clip == clip
            assert [card.clip_id for card in following_page(followers[0]).cards] == [clip.pk], (
                "read, though undelivered"
            )
            assert Activity.objects.get().delivered_at is None
            with valkey.running(socket=socket, data=data):
                started = time.monotonic()
                processes.eventually(lambda: Activity.objects.get().delivered_at, seconds=90)
                print(f"delivered {time.monotonic() - started:.1f} s after the broker was back")
    finally:
        first.kill()
        first.wait()
    assert set(FeedEntry.objects.values_list("viewer_id", flat=True)) == {follower.pk for follower in followers}
    assert list(audit.differences()) == []
