"""The schema and its documentation: there for everybody, and strict about scripts."""

from __future__ import annotations

import orjson
import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from config.api import views
from tests.conftest import chromium
from tests.schema.client import operations

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.mark.django_db
def test_the_schema_is_sent_as_yaml_and_as_json():
    as_yaml = Client().get("/api/v1/schema/")
    as_json = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert as_yaml.status_code == as_json.status_code == 200
    assert yaml.safe_load(as_yaml.content) == orjson.loads(as_json.content)
    assert orjson.loads(as_json.content)["openapi"] == "3.1.1"


@pytest.mark.django_db
def test_the_schema_is_english_whoever_asks_first():
    views._made.cache_clear()
    answer = Client().get("/api/v1/schema/", headers={"Accept-Language": "ar"})
    assert answer.status_code == 200
    assert "`nobody` - Only me" in answer.content.decode()


def test_the_schema_has_no_warnings(tmp_path):
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(target))
    assert "/api/v1/feeds/following" in target.read_text()


def test_every_operation_is_named_tagged_explained_and_says_how_it_fails():
    named = []
    for pattern, item in operations():
        for method in METHODS & set(item):
            operation = item[method]
            named.append(operation["operationId"])
            assert operation["tags"], pattern
            assert operation["description"], pattern
            if "/health/" not in pattern.pattern:
                assert {"400", "406"} <= set(operation["responses"]), pattern
    assert len(named) == len(set(named))
    assert len(named) >= 31


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/schema"])
def test_the_slash_may_be_forgotten(path):
    assert Client().get(path).headers["Location"] == f"{path}/"


@pytest.mark.django_db
def test_the_documentation_has_nothing_inline_and_a_strict_policy():
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<style" not in page.content
    assert b"<script>" not in page.content
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    script = Client().get("/api/v1/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")


@pytest.mark.browser
@pytest.mark.skipif(not chromium(), reason="no Chromium: see `make test-deps`")
def test_the_documentation_works_in_a_browser(live_server, page):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.wait_for_selector("#operations-clips-clip_repost")
    page.click("#operations-clips-clip_repost .opblock-summary-control")
    page.wait_for_selector("text=comment_too_long")
    assert complaints == []
