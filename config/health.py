"""Probes for supervisors and load balancers: is the process alive, and can it serve?"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.celery import app

logger = logging.getLogger(__name__)

HealthSerializer = inline_serializer("Health", {"status": serializers.CharField()})
ReadySerializer = inline_serializer(
    "Readiness",
    {"status": serializers.CharField(), "checks": serializers.DictField(child=serializers.CharField())},
)


class ProbeView(APIView):
    """No sign-in and no throttle: both would ask the very services that are probed."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class LiveView(ProbeView):
    @extend_schema(operation_id="health_live", responses=HealthSerializer, auth=[])
    def get(self, request: Request) -> Response:
        """The process answers. Restart it when this fails."""
        return Response({"status": "ok"}, headers={"Cache-Control": "no-store"})


class ReadyView(ProbeView):
    @extend_schema(
        operation_id="health_ready",
        responses={
            200: ReadySerializer,
            503: OpenApiResponse(ReadySerializer, description="Something is missing"),
        },
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Database, migrations, cache and broker are there. Send no traffic while this fails."""
        checks = {name: outcome(name, probe) for name, probe in PROBES.items()}
        healthy = all(result == "ok" for result in checks.values())
        return Response(
            {"status": "ok" if healthy else "unavailable", "checks": checks},
            status=200 if healthy else 503,
            headers={"Cache-Control": "no-store"},
        )


def outcome(name: str, probe: Callable[[], None]) -> str:
    """`ok` or `failed`. The reason goes to the log only: an error text can hold addresses and names."""
    try:
        probe()
    except Exception:
        logger.warning("health probe failed: %s", name, exc_info=True)
        return "failed"
    return "ok"


def probe_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def probe_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("there are migrations to apply")


def probe_cache() -> None:
    cache.set("health", "ok", 10)
    if cache.get("health") != "ok":
        raise RuntimeError("the cache forgot what was just written")


def probe_broker() -> None:
    with app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


PROBES: dict[str, Callable[[], None]] = {
    "database": probe_database,
    "migrations": probe_migrations,
    "cache": probe_cache,
    "broker": probe_broker,
}
