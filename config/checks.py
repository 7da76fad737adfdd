"""System checks: mistakes in a configuration that would otherwise show only under load, or never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.database)
def no_atomic_requests(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """With IMMEDIATE transactions every request, even one that only reads, would take the write lock."""
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the SQLite database {alias!r}",
            hint="Every page view would wait for every writer. Services open the transactions they need.",
            id="reprise.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3") and database.get("ATOMIC_REQUESTS")
    ]


@register
def tasks_end_before_they_are_given_away(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Redis and Valkey hand a task to a second worker after the visibility timeout."""
    if settings.CELERY_TASK_TIME_LIMIT < settings.CELERY_VISIBILITY_TIMEOUT:
        return []
    return [
        Error(
            "CELERY_TASK_TIME_LIMIT is not below CELERY_VISIBILITY_TIMEOUT",
            hint="A long task would run on two workers at the same time.",
            id="reprise.E002",
        )
    ]


@register(Tags.security, deploy=True)
def shared_cache(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Rate limits are counted in the cache server, or by a write to the database for every request."""
    if not settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")):
        return []
    return [
        checks.Warning(
            "CACHE_URL is not set: each process caches for itself, and rate limits are counted in the database",
            hint="Point it to a Redis or Valkey server.",
            id="reprise.W001",
        )
    ]


@register(Tags.security, deploy=True)
def no_trust_on_a_server(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A demo has plain-http cookies and people whose password everybody knows."""
    if not settings.DEMO:
        return []
    return [checks.Warning("DEMO is on", hint="Never on a server that others can reach.", id="reprise.W002")]
