"""The Celery application. Apps declare work with `shared_task` and never import this."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from kombu.exceptions import OperationalError

from config import brokers

logger = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("reprise")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_django(**kwargs: Any) -> None:
    """Keep Django's logging; with a receiver here Celery does not install its own."""


@worker_init.connect
def declare_queues(**kwargs: Any) -> None:
    """Make all queues on RabbitMQ, also those this worker does not read.

    Celery's delayed delivery binds every queue when a worker starts, and gives up on all of them if one is missing.
    """
    if not brokers.is_amqp(app.conf.broker_url):
        return
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=3, timeout=5)
            for queue in app.conf.task_queues:
                queue(connection.default_channel).declare()
    except (OperationalError, OSError):
        logger.warning("broker unreachable at start: queues are not declared yet")
