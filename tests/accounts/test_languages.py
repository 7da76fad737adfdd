"""In which language and on which clock pages come, and who decides it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from accounts.languages import speaking_to, zone
from tests.factories import UserFactory
from tests.schema.client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory()


@pytest.fixture
def bob():
    return UserFactory()


def html_of(client, **headers):
    return client.get("/settings/language/", headers=headers).content.decode()


def test_the_browser_is_asked_first_by_those_who_chose_nothing(client):
    assert '<html lang="en" dir="ltr">' in html_of(client)
    assert '<html lang="ar" dir="rtl">' in html_of(client, accept_language="ar-EG,ar;q=0.9,en;q=0.5")
    assert '<html lang="en" dir="ltr">' in html_of(client, accept_language="tlh")


def test_a_choice_stays_in_the_browser(client):
    client.post("/settings/language/", {"language": "ar", "time_zone": "Asia/Tokyo"})
    assert 'lang="ar"' in html_of(client, accept_language="en")
    assert '<option value="Asia/Tokyo" selected>' in html_of(client)


def test_a_person_takes_the_choice_along(client, alice, bob):
    client.force_login(alice)
    client.post("/settings/language/", {"language": "ar", "time_zone": "Africa/Cairo"})
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("ar", "Africa/Cairo")
    client.cookies.pop("language")
    assert 'lang="ar"' in html_of(client, accept_language="en")
    client.force_login(bob)  # whose browser speaks for him again
    assert 'lang="en"' in html_of(client, accept_language="en")


def test_nonsense_is_refused_and_changes_nothing(client, alice):
    client.force_login(alice)
    assert client.post("/settings/language/", {"language": "xx", "time_zone": "Mars/Base"}).status_code == 422
    assert client.post("/settings/language/", {"language": "e\0n"}).status_code == 422
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("", "")
    assert "language" not in client.cookies


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 5000, "Europe/Atlantis", ""])
def test_a_strange_clock_is_utc(client, name):
    client.cookies["time_zone"] = name
    assert client.get("/settings/language/").status_code == 200
    assert zone(name) is None


def test_after_saving_one_is_sent_back_and_nowhere_else(client):
    assert client.post("/settings/language/", {"language": "en", "next": "/for-you/"})["Location"] == "/for-you/"
    elsewhere = client.post("/settings/language/", {"language": "en", "next": "https://evil.example/"})
    assert elsewhere["Location"] == "/settings/language/"


def test_answers_name_their_language_and_caches_may_know(client):
    answer = client.get("/account/login/", headers={"accept-language": "ar"})
    assert answer["Content-Language"] == "ar"
    assert "Accept-Language" in answer["Vary"]


def test_mails_and_files_speak_the_language_of_their_reader(alice):
    alice.language, alice.time_zone = "ar", "Asia/Tokyo"
    with speaking_to(alice):
        assert translation.get_language() == "ar"
        assert timezone.localtime(datetime(2026, 1, 1, 20, tzinfo=UTC)).hour == 5
    assert translation.get_language() == "en"


def test_the_api_shows_and_changes_both(alice):
    assert Api(alice).patch("me", {"language": "ar", "time_zone": "Europe/Berlin"}).status == 200
    answer = Api(alice).get("me")
    assert (answer.json["language"], answer.json["time_zone"]) == ("ar", "Europe/Berlin")
    refused = Api(alice).patch("me", {"time_zone": "Europe/Atlantis"})
    assert refused.status == 400
    assert refused.faults() == {"time_zone": "invalid"}
