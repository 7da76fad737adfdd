import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config import health
from config.valkey import broker_url

READY = "/api/v1/health/ready"


@pytest.fixture
def live_broker(monkeypatch, valkey_server):
    """Readiness asks a real server: the suite's own broker lives in memory and is always there."""
    real = health.app.connection_for_write
    monkeypatch.setattr(health.app, "connection_for_write", lambda **kw: real(broker_url(valkey_server), **kw))


def test_live_needs_nothing(client):
    response = client.get("/api/v1/health/live")  # no database mark: a query would fail the test
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.usefixtures("live_broker")
def test_ready(client):
    response = client.get(READY)
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "cache": "ok", "broker": "ok"},
    }
    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("live_broker")
def test_not_ready_while_a_migration_is_missing(client):
    newest = MigrationLoader(connection).graph.leaf_nodes("feeds")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert response.json()["checks"]["migrations"] == "failed"
    assert response.json()["checks"]["database"] == "ok"


@pytest.mark.django_db
def test_not_ready_without_a_broker_and_says_so_soon(client, monkeypatch, tmp_path):
    real = health.app.connection_for_write
    nowhere = broker_url(tmp_path / "nobody.sock")
    monkeypatch.setattr(health.app, "connection_for_write", lambda **kw: real(nowhere, **kw))
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "failed"
    assert "nobody.sock" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("live_broker")
def test_not_ready_with_a_cache_that_forgets(client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert client.get(READY).json()["checks"]["cache"] == "failed"
