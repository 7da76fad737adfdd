import socket
import time

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config import brokers, settings
from config.valkey import broker_url


def app(url: str) -> Celery:
    """A Celery application that publishes as ours does, to another broker."""
    celery = Celery("publisher", set_as_current=False)
    celery.conf.update(
        broker_url=url,
        broker_connection_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        task_publish_retry_policy=settings.CELERY_TASK_PUBLISH_RETRY_POLICY,
        broker_transport_options=brokers.transport_options(url, 1800),
        task_queues=brokers.queues(url),
        task_default_queue="default",
    )
    return celery


@pytest.fixture
def silent_port():
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_task_lands_in_its_queue(valkey_server):
    celery = app(broker_url(valkey_server))
    celery.send_task("feeds.tasks.plan_fanout", queue="feeds")
    with celery.connection_for_read() as connection:
        message = connection.SimpleQueue(brokers.queues(broker_url(valkey_server))[1]).get(timeout=2)
    assert message.headers["task"] == "feeds.tasks.plan_fanout"
    assert message.content_type == "application/json"
    message.ack()


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_no_broker_is_an_error_at_once(scheme):
    started = time.monotonic()
    with pytest.raises(OperationalError):
        app(f"{scheme}://127.0.0.1:1//").send_task("x", queue="default")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_silent_broker_holds_a_request_for_seconds_only(scheme, silent_port):
    started = time.monotonic()
    with pytest.raises(OperationalError):
        app(f"{scheme}://127.0.0.1:{silent_port}//").send_task("x", queue="default")
    assert time.monotonic() - started < 8
