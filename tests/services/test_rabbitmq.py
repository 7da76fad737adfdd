"""The grown-up broker, for real: what the queues are, and that a worker's death loses nothing."""

import re
import time

import pytest
from celery import Celery

from config import brokers
from feeds.models import Activity, FeedEntry
from tests import processes
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def url():
    with processes.rabbitmq() as url:
        yield url


def publisher(url: str) -> Celery:
    celery = Celery("publisher", set_as_current=False)
    celery.conf.update(
        broker_url=url,
        broker_transport_options=brokers.transport_options(url, 1800),
        task_queues=brokers.queues(url),
        task_default_queue="default",
    )
    return celery


@pytest.mark.django_db(transaction=True)
def test_a_worker_of_one_queue_starts_without_complaint_on_a_fresh_broker(url, tmp_path):
    """Celery warns when its exchange or a missing queue keeps it from using RabbitMQ's delayed delivery.

    First in this file, while the broker has no queues yet.
    """
    log = tmp_path / "worker.log"
    with processes.worker(broker=url, log=log):
        processes.eventually(lambda: "ready" in log.read_text(), seconds=60)
        time.sleep(0.5)
    troubles = [line for line in log.read_text().splitlines() if re.search(r"\[(warning|error|critical) *\]", line)]
    assert troubles == []


def test_unacknowledged_work_comes_back_from_a_quorum_queue(url):
    queue = brokers.queues(url)[2]
    celery = publisher(url)
    celery.send_task("clips.tasks.process_clip", args=[7], queue="media")
    with celery.connection_for_read() as first:
        message = first.SimpleQueue(queue).get(timeout=10)
        assert "x-delivery-count" not in message.headers
    # The connection is closed without an answer, as that of a killed worker is.
    with celery.connection_for_read() as second:
        again = second.SimpleQueue(queue).get(timeout=10)
        assert again.headers["task"] == "clips.tasks.process_clip"
        assert again.headers["x-delivery-count"] == 1  # only quorum queues count
        again.ack()


@pytest.mark.django_db(transaction=True)
def test_a_clip_reaches_its_followers_through_rabbitmq(url, tmp_path):
    author = UserFactory()
    followers = {FollowFactory(followee=author).follower_id for _ in range(30)}
    activity = publish(ClipFactory(author=author))
    log = tmp_path / "worker.log"
    with processes.worker(broker=url, log=log, FANOUT_CHUNK="10"):
        publisher(url).send_task("feeds.tasks.plan_fanout", queue="feeds")
        processes.eventually(lambda: Activity.objects.get(pk=activity.pk).delivered_at, seconds=60)
    assert set(FeedEntry.objects.values_list("viewer_id", flat=True)) == followers
    assert "Traceback" not in log.read_text()
