"""How Celery talks to the two kinds of broker: Redis or Valkey (embedded, small) and RabbitMQ (grown up)."""

from __future__ import annotations

from typing import Any

from kombu import Exchange, Queue

QUEUES = ("default", "feeds", "media", "mail")


def is_amqp(url: str) -> bool:
    return url.startswith(("amqp:", "amqps:", "pyamqp:"))


def exchange(url: str) -> tuple[str, str]:
    """Name and type of the exchange. RabbitMQ's native delayed delivery wants a topic exchange."""
    return ("reprise", "topic") if is_amqp(url) else ("reprise", "direct")


def queues(url: str) -> list[Queue]:
    """The queues; on RabbitMQ as quorum queues, which survive the loss of a node."""
    hub = Exchange(*exchange(url))
    arguments = {"x-queue-type": "quorum"} if is_amqp(url) else None
    return [Queue(name, hub, routing_key=name, queue_arguments=arguments) for name in QUEUES]


def transport_options(url: str, visibility_timeout: int) -> dict[str, Any]:
    """Options that lost nothing when workers were killed with -9.

    kombu's defaults look for abandoned messages of Redis only every 100 s (interval 10 x throttle 10); these
    do every 2 s. `visibility_timeout` is in seconds and must exceed the longest task.
    """
    if is_amqp(url):
        return {"confirm_publish": True}
    return {
        "visibility_timeout": visibility_timeout,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "global_keyprefix": "reprise:",
        "socket_connect_timeout": 2,
        "socket_timeout": 5,  # an idle worker reads in turns of 1 s; a web request waits no longer than this
        "socket_keepalive": True,
    }
