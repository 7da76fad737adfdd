"""The Celery application. Apps declare work with `shared_task` and never import this."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("reprise")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_django(**kwargs: Any) -> None:
    """Keep Django's logging; with a receiver here Celery does not install its own."""
