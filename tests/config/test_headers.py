"""What every response carries: a request id and a strict policy."""

import json
import logging

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory

from config import csp, logs

LIVE = "/api/v1/health/live"


def test_policy_is_strict(client):
    policy = client.get(LIVE)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy  # no other host


def test_the_admin_may_style_but_not_script(client):
    response = csp.PolicyMiddleware(lambda request: HttpResponse())(RequestFactory().get("/admin/login/"))
    policy = response["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert policy.count("unsafe") == 1


def test_a_page_that_looks_like_the_admin_is_not(client):
    response = csp.PolicyMiddleware(lambda request: HttpResponse())(RequestFactory().get("/administrators/"))
    assert "unsafe" not in response["Content-Security-Policy"]


def test_security_headers(client):
    response = client.get(LIVE)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_each_request_has_an_id(client):
    first, second = (client.get(LIVE)["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize(
    ("given", "kept"), [("proxy-id-1", True), ("short", False), ("x" * 65, False), ('a" level="forged', False)]
)
def test_a_proxys_id_is_kept_if_it_is_harmless(client, given, kept):
    assert (client.get(LIVE, headers={"X-Request-ID": given})["X-Request-ID"] == given) is kept


@pytest.fixture
def log_again(settings):
    """Whatever a test does to logging is undone."""
    yield
    logs.configure(settings.LOGGING)


@pytest.mark.usefixtures("log_again")
def test_json_lines_carry_the_request_id(capsys):
    logs.configure(logs.settings(level="INFO", json=True))
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logging.getLogger("feeds.fanout").info("delivered %s", 7, extra={"rows": 3})
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "delivered 7"
    assert line["request_id"] == "abc"
    assert line["rows"] == 3
    assert line["level"] == "info"
    assert line["logger"] == "feeds.fanout"


@pytest.mark.usefixtures("log_again")
@pytest.mark.parametrize("json_lines", [True, False])
def test_an_exception_is_one_record_with_its_traceback(capsys, json_lines):
    logs.configure(logs.settings(level="INFO", json=json_lines))
    try:
        raise ValueError("no such clip")
    except ValueError:
        logging.getLogger("clips").exception("failed")
    text = capsys.readouterr().err
    assert "ValueError" in text
    assert "no such clip" in text
    if json_lines:
        assert len(text.splitlines()) == 1
