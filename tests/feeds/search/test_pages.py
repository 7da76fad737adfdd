"""The search page and its fragments, and the API's search."""

from __future__ import annotations

import pytest

from clips.tags.keeping import keep_caption
from feeds.search import recent
from tests.factories import ClipFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MOST_QUERIES = 36  # two pages, each remembering the search


@pytest.fixture
def bob(client):
    user = UserFactory(username="bob")
    client.force_login(user)
    return user


def page(client, path: str, **more) -> str:
    response = client.get(path, **more)
    assert response.status_code == 200, path
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode()


class TestPage:
    def test_shows_people_and_clips(self, client, bob):
        UserFactory(username="wave.rider", display_name="Wave Rider")
        clip = ClipFactory(caption="A wave")
        html = page(client, "/search/?q=wav")
        assert "wave.rider" in html
        assert f"/clips/{clip.pk}/" in html
        assert "wave.rider" not in page(client, "/search/?q=wav&type=clips")
        assert f"/clips/{clip.pk}/" not in page(client, "/search/?q=wav&type=people")

    def test_shows_tags(self, client, bob):
        keep_caption(ClipFactory(caption="#wavelength"))
        for path in ("/search/?q=wave", "/search/?q=wave&type=tags", "/search/suggest/?q=%23wave"):
            assert 'href="/tags/wavelength/"' in page(client, path)

    def test_says_that_nothing_was_found_and_repeats_the_words(self, client, bob):
        html = page(client, "/search/?q=%3Cb%3Ezzz")
        assert "Nothing found" in html
        assert "&lt;b&gt;zzz" in html

    def test_is_open_to_people_who_are_not_signed_in(self, client):
        ClipFactory(caption="A wave")
        assert "A wave" in page(client, "/search/?q=wave")
        assert "Find people" in page(client, "/search/")

    @pytest.mark.parametrize("signed_in", [True, False])
    @pytest.mark.parametrize(
        "q", ["%00", "x" * 5_000, "%ED%A0%80", "%E2%80%AE", "%F0%9F%8C%85", "'\"*", "%22%20OR%20%22"]
    )
    def test_odd_queries(self, client, q, signed_in):
        if signed_in:
            client.force_login(UserFactory())
        for path in ("/search/", "/search/suggest/"):
            assert page(client, f"{path}?q={q}")  # a page, never a fault

    @pytest.mark.parametrize("cursor", ["x", "c3A", "%00", "é", "a" * 5_000])
    def test_a_damaged_cursor_is_400(self, client, bob, cursor):
        for kind in ("people", "clips", "top"):
            assert client.get(f"/search/?q=a&type={kind}&cursor={cursor}").status_code == 400

    def test_an_unknown_tab_is_404(self, client, bob):
        assert client.get("/search/?q=a&type=nothing").status_code == 404

    def test_more_comes_as_a_fragment(self, client, bob):
        for number in range(25):
            UserFactory(username=f"pat{number}")
        first = client.get("/search/?q=pat&type=people")
        more = page(client, first.context["next_url"], headers=HTMX)
        assert "<html" not in more
        assert more.count('class="list-row"') == 5

    @pytest.mark.parametrize("found", [2, 12])
    def test_costs_the_same_however_much(self, client, bob, found, django_assert_max_num_queries):
        for number in range(found):
            UserFactory(username=f"wave{number}")
            ClipFactory(caption=f"wave {number}")
        with django_assert_max_num_queries(MOST_QUERIES) as captured:
            page(client, "/search/?q=wave&type=people")
            page(client, "/search/?q=wave&type=clips")
        assert len(captured) <= MOST_QUERIES


class TestSuggestions:
    def test_people_whose_name_begins_so(self, client, bob):
        UserFactory(username="wave.rider")
        html = page(client, "/search/suggest/?q=wav", headers=HTMX)
        assert "@wave.rider" in html
        assert "<html" not in html

    def test_recent_ones_while_nothing_is_typed(self, client, bob):
        recent.remember(user=bob, query="sea")
        assert "sea" in page(client, "/search/suggest/?q=", headers=HTMX)


class TestRecent:
    def test_a_search_is_remembered_a_suggestion_is_not(self, client, bob):
        page(client, "/search/?q=sea")
        page(client, "/search/suggest/?q=seas", headers=HTMX)
        page(client, "/search/?q=more&type=people", headers=HTMX)
        assert [row.query for row in recent.recent(bob)] == ["sea"]
        assert "sea" in page(client, "/search/")

    def test_remove_clear_and_pause(self, client, bob):
        for query in ("one", "two"):
            recent.remember(user=bob, query=query)
        one = recent.recent(bob)[1]
        client.post("/search/recent/", {"do": "remove", "id": one.pk})
        assert [row.query for row in recent.recent(bob)] == ["two"]
        html = client.post("/search/recent/", {"do": "pause"}, headers=HTMX).content.decode()
        assert "Paused" in html
        page(client, "/search/?q=three")
        client.post("/search/recent/", {"do": "clear"})
        assert recent.recent(bob) == []

    @pytest.mark.parametrize("sent", [{}, {"do": "x"}, {"do": "remove"}, {"do": "remove", "id": "x"}, {"do": "\0"}])
    def test_what_makes_no_sense_is_404(self, client, bob, sent):
        assert client.post("/search/recent/", sent).status_code == 404


class TestApi:
    def test_results_say_what_they_are(self, client, bob):
        UserFactory(username="wave.rider", display_name="Wave Rider")
        clip = ClipFactory(caption="A wave")
        person, found = client.get("/api/v1/search?q=wave").json()["results"]
        assert (person["type"], person["person"]["username"], person["clip"]) == ("person", "wave.rider", None)
        assert person["person"]["relation"]["follows"] is False
        assert (found["type"], found["clip"]["id"], found["tag"]) == ("clip", clip.pk, None)

    def test_pages_of_one_kind(self, client):
        for number in range(5):
            UserFactory(username=f"pat{number}")
        path, names = "/api/v1/search?q=pat&type=people&limit=2", []
        while path:
            body = client.get(path).json()
            names += [row["person"]["username"] for row in body["results"]]
            path = body["next"]
        assert sorted(names) == [f"pat{number}" for number in range(5)]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("", "validation_error"),
            ("?q=a&type=x", "validation_error"),
            ("?q=%00", "validation_error"),
            (f"?q={'x' * 1001}", "validation_error"),
            ("?q=a&limit=0", "validation_error"),
            ("?q=a&cursor=zzz", "bad_cursor"),
            ("?q=a&type=people&cursor=zzz", "bad_cursor"),
        ],
    )
    def test_what_cannot_be_asked(self, client, query, code):
        response = client.get(f"/api/v1/search{query}")
        assert (response.status_code, response.json()["code"]) == (400, code)

    def test_recent_searches(self, client, bob):
        path = "/api/v1/me/recent-searches"
        client.post(path, {"q": "sea"}, content_type="application/json")
        body = client.post(path, {"q": "wave"}, content_type="application/json").json()
        assert [row["query"] for row in body["results"]] == ["wave", "sea"]
        assert client.delete(f"{path}/{body['results'][0]['id']}").status_code == 204
        assert client.patch(path, {"paused": True}, content_type="application/json").json()["paused"] is True
        client.post(path, {"q": "meanwhile"}, content_type="application/json")
        assert [row["query"] for row in client.get(path).json()["results"]] == ["sea"]
        assert client.delete(path).status_code == 204
        assert client.get(path).json() == {"paused": True, "results": []}
