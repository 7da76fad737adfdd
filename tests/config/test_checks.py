import pytest

from config import checks


def ids(messages) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.parametrize(
    ("engine", "atomic", "expected"),
    [("sqlite3", True, ["reprise.E001"]), ("sqlite3", False, []), ("postgresql", True, [])],
)
def test_atomic_requests(settings, monkeypatch, engine, atomic, expected):
    database = {"ENGINE": f"django.db.backends.{engine}", "ATOMIC_REQUESTS": atomic}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert ids(checks.no_atomic_requests(None)) == expected


@pytest.mark.parametrize(("limit", "expected"), [(1799, []), (1800, ["reprise.E002"])])
def test_time_limit(settings, limit, expected):
    settings.CELERY_VISIBILITY_TIMEOUT = 1800
    settings.CELERY_TASK_TIME_LIMIT = limit
    assert ids(checks.tasks_end_before_they_are_given_away(None)) == expected


def test_cache_of_one_process(settings):
    assert ids(checks.shared_cache(None)) == ["reprise.W001"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert ids(checks.shared_cache(None)) == []


@pytest.mark.parametrize(("demo", "expected"), [(True, ["reprise.W002"]), (False, [])])
def test_demo_on_a_server(settings, demo, expected):
    settings.DEMO = demo
    assert ids(checks.no_trust_on_a_server(None)) == expected
