"""The settings: documented, loud when something is missing, and safe by default."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from celery import current_app

ROOT = Path(__file__).resolve().parents[2]
SERVER = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "reprise.example",
}
READ = re.compile(r"""(?:\benv(?:\.\w+)?|\bsecret|environ(?:\.get)?)[(\[]\s*"([A-Z][A-Z_]+)\"""")
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "ENV_FILE"}


def variables_read() -> set[str]:
    """Environment variables that the code of config/ reads."""
    source = "".join(path.read_text() for path in (ROOT / "config").rglob("*.py") if path.name != "settings_test.py")
    names = set(READ.findall(source)) - NOT_OURS
    secrets = set(re.findall(r'\bsecret\(\s*"([A-Z_]+)"', source))
    return names | {f"{name}_FILE" for name in secrets}


def loaded(tmp_path: Path, expression: str, **environment: str) -> Any:
    """`expression` evaluated in a fresh process with `settings` loaded in exactly this environment."""
    code = f"import json; from config import settings; print(json.dumps({expression}))"
    result = run(tmp_path, "-c", code, **environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_variable_is_documented():
    read = variables_read()
    assert {"SECRET_KEY", "SECRET_KEY_FILE", "FEED_LENGTH", "PORT"} <= read  # the search itself works
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/configuration.md").read_text()))
    listed = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - documented == set()
    assert read - listed == set()
    assert listed - read == set()


def test_without_a_secret_key_nothing_starts(tmp_path):
    result = run(tmp_path, "-c", "import config.settings")
    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr


def test_secret_key_from_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    assert loaded(tmp_path, "settings.SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "key")) == "from a file"


def test_a_secret_given_twice_is_refused(tmp_path):
    (tmp_path / "key").write_text("one")
    result = run(tmp_path, "-c", "import config.settings", SECRET_KEY="two", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert result.returncode != 0
    assert "both SECRET_KEY and SECRET_KEY_FILE are set" in result.stderr


def test_missing_secret_file_is_named(tmp_path):
    result = run(tmp_path, "-c", "import config.settings", SECRET_KEY_FILE="/nowhere/key")
    assert result.returncode != 0
    assert "SECRET_KEY_FILE=/nowhere/key cannot be read" in result.stderr


def test_demo_keeps_its_secret_private(tmp_path):
    first = loaded(tmp_path, "settings.SECRET_KEY", DEMO="1")
    assert first == loaded(tmp_path, "settings.SECRET_KEY", DEMO="1")
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_server_is_strict_by_default(tmp_path):
    names = ["DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    values = loaded(tmp_path, f"[getattr(settings, n) for n in {names}]", **SERVER)
    assert values == [False, True, True, True]
    assert loaded(tmp_path, "settings.SECURE_HSTS_SECONDS", **SERVER) > 0


def test_deployment_checks_pass(tmp_path):
    command = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = run(tmp_path, *command, CACHE_URL="redis://cache.example/0", **SERVER)
    assert result.returncode == 0, result.stderr


def test_sqlite_gets_what_keeps_it_from_locking_up(tmp_path):
    database = loaded(tmp_path, "settings.DATABASES['default']", **SERVER)
    assert database["NAME"] == str(tmp_path / "reprise.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert not database.get("ATOMIC_REQUESTS")


@pytest.mark.parametrize(("pool", "expected"), [("1", {"min_size": 2, "max_size": 5, "timeout": 5}), ("0", None)])
def test_postgresql_pool(tmp_path, pool, expected):
    database = loaded(
        tmp_path,
        "settings.DATABASES['default']",
        DATABASE_URL="postgres://ana:pw@db.example/reprise",
        DATABASE_POOL=pool,
        DATABASE_POOL_SIZE="5",
        **SERVER,
    )
    assert database["HOST"] == "db.example"
    assert database.get("OPTIONS", {}).get("pool") == expected
    assert database.get("CONN_MAX_AGE", 0) == 0


@pytest.mark.parametrize(
    ("given", "location"),
    [
        ("redis://cache.example/1", "redis://cache.example/1"),
        ("valkey://cache.example/1", "redis://cache.example/1"),
        ("unix:///run/vk.sock?db=1", "unix:///run/vk.sock?db=1"),
    ],
)
def test_cache_url(tmp_path, given, location):
    cache = loaded(tmp_path, "settings.CACHES['default']", CACHE_URL=given, **SERVER)
    assert cache["BACKEND"] == "config.caching.ForgivingRedisCache"
    assert cache["LOCATION"] == location


def test_rabbitmq_gets_quorum_queues(tmp_path):
    queues = "[[q.name, q.queue_arguments, q.exchange.type] for q in settings.CELERY_TASK_QUEUES]"
    quorum = {"x-queue-type": "quorum"}
    assert loaded(tmp_path, queues, CELERY_BROKER_URL="amqp://mq.example//", **SERVER) == [
        ["default", quorum, "topic"],
        ["feeds", quorum, "topic"],
        ["media", quorum, "topic"],
        ["mail", quorum, "topic"],
    ]
    assert [row[1] for row in loaded(tmp_path, queues, **SERVER)] == [None] * 4


def test_proxy_headers_are_believed_only_when_told(tmp_path):
    expression = "[getattr(settings, 'SECURE_PROXY_SSL_HEADER', None), settings.REST_FRAMEWORK['NUM_PROXIES']]"
    assert loaded(tmp_path, expression, **SERVER) == [None, 0]
    assert loaded(tmp_path, expression, TRUSTED_PROXY_COUNT="1", **SERVER) == [
        ["HTTP_X_FORWARDED_PROTO", "https"],
        1,
    ]


def test_time_limit_is_below_the_visibility_timeout(tmp_path):
    limit, timeout = loaded(tmp_path, "[settings.CELERY_TASK_TIME_LIMIT, settings.CELERY_VISIBILITY_TIMEOUT]", **SERVER)
    assert limit < timeout


def test_every_scheduled_task_exists(settings):
    current_app.loader.import_default_modules()
    assert set(settings.CELERY_BEAT_SCHEDULE) <= set(current_app.tasks)
