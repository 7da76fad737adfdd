"""What other sites and people who are not signed in get of a clip."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from clips.models import Clip
from clips.views_public import FOOT, frame_size
from tests.factories import ClipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip() -> Clip:
    author = UserFactory(username="ana", display_name="Ana “A” <b>")
    return ClipFactory(author=author, caption='Waves "at" <dusk> & dawn', alt_text="The sea")


def oembed(client, url: str, **more):
    return client.get("/oembed", {"url": url, **more})


class TestOembed:
    def test_names_the_frame_and_all_that_is_asked_for(self, client, clip):
        response = oembed(client, f"http://testserver/clips/{clip.pk}/")
        body = response.json()
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers
        assert (body["version"], body["type"], body["title"]) == ("1.0", "video", clip.caption)
        assert body["author_url"] == "http://testserver/@ana/"
        assert body["thumbnail_url"] == f"http://testserver/media/clips/{clip.pk}/poster.webp"
        assert f'src="http://testserver/embed/{clip.pk}/"' in body["html"]
        assert "<b>" not in body["html"]
        assert client.get(f"/clips/{clip.pk}/").context["oembed_url"].endswith(f"clips%2F{clip.pk}%2F")

    @pytest.mark.parametrize("suffix", ["", "/", "/?via=3", "/#x"])
    def test_the_address_may_be_written_in_several_ways(self, client, clip, suffix):
        assert oembed(client, f"https://TESTSERVER/clips/{clip.pk}{suffix}").status_code == 200

    def test_limits_are_kept(self, client, clip):
        body = oembed(client, f"http://testserver/clips/{clip.pk}/", maxwidth=200, maxheight=400).json()
        assert body["width"] <= 200
        assert body["height"] <= 400

    @pytest.mark.parametrize(
        "url",
        [
            "http://elsewhere.example/clips/1/",
            "http://testserver/",
            "http://testserver/@ana/",
            "http://testserver/clips/99999999999999999999999/",
            "http://testserver/clips/1\0/",
            "javascript:alert(1)",
            "http://[bad",
            "//testserver/clips/1/",
            "x" * 10_000,
        ],
    )
    def test_whatever_is_no_clip_of_ours_is_404(self, client, clip, url):
        assert oembed(client, url).status_code == 404

    @pytest.mark.parametrize(
        ("query", "status"),
        [({"format": "xml"}, 501), ({"format": "x\0"}, 501), ({"maxwidth": "x"}, 400), ({"maxheight": "0"}, 400)],
    )
    def test_what_cannot_be_answered(self, client, clip, query, status):
        assert oembed(client, f"http://testserver/clips/{clip.pk}/", **query).status_code == status
        assert client.get("/oembed").status_code == 400

    def test_a_clip_that_is_removed_is_gone_at_once(self, client, clip):
        url = f"http://testserver/clips/{clip.pk}/"
        assert oembed(client, url).status_code == 200
        Clip.objects.filter(pk=clip.pk).update(removed_at=timezone.now())
        assert oembed(client, url).status_code == 404
        assert client.get(f"/embed/{clip.pk}/").status_code == 404


@pytest.mark.parametrize("limits", [(None, None), (100, None), (None, 200), (500, 300), (50, 50), (10_000, 10_000)])
@pytest.mark.parametrize("shape", [(720, 1280), (1280, 720), (1, 5_000), (0, 0)])
def test_a_frame_fits_its_limits(shape, limits):
    width, height = frame_size(*shape, *limits)
    assert 0 < width <= (limits[0] or width)
    assert 0 < height <= (limits[1] or height)
    if limits == (None, None) and shape == (720, 1280):
        assert (width, height) == (340, 604 + FOOT)


class TestFrame:
    def test_may_stand_on_any_site_and_runs_nothing(self, client, clip):
        response = client.get(f"/embed/{clip.pk}/")
        policy = response["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src 'none'" in policy
        assert "X-Frame-Options" not in response.headers
        assert "Set-Cookie" not in response.headers
        assert response["Cache-Control"] == "no-cache"
        html = response.content.decode()
        assert "<script" not in html
        assert f"/media/clips/{clip.pk}/720.mp4" in html

    def test_no_other_page_may_be_framed(self, client, clip):
        response = client.get(f"/clips/{clip.pk}/")
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


class TestPageForEveryone:
    def test_previews_have_all_they_need(self, client, clip):
        html = client.get(f"/clips/{clip.pk}/").content.decode()
        found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', html))
        assert found["og:image"] == found["twitter:image"] == f"http://testserver/media/clips/{clip.pk}/poster.webp"
        assert found["twitter:player"] == f"http://testserver/embed/{clip.pk}/"
        assert found["og:url"] == f"http://testserver/clips/{clip.pk}/"
        assert found["og:description"] == "Waves &quot;at&quot; &lt;dusk&gt; &amp; dawn"
        assert f'rel="canonical" href="http://testserver/clips/{clip.pk}/"' in html

    def test_more_by_the_author_as_far_as_it_is_for_everyone(self, client, clip):
        other = ClipFactory(author=clip.author)
        hidden = ClipFactory(author=clip.author, visibility="followers")
        html = client.get(f"/clips/{clip.pk}/").content.decode()
        assert f'href="/clips/{other.pk}/"' in html
        assert f"/clips/{hidden.pk}/" not in html
        assert "Sign up" in html

    @pytest.mark.parametrize("others", [1, 12])
    def test_costs_the_same_however_many(self, client, clip, others, django_assert_max_num_queries):
        for _ in range(others):
            ClipFactory(author=clip.author)
        with django_assert_max_num_queries(10):
            client.get(f"/clips/{clip.pk}/")


def test_a_private_profile_is_not_indexed(client):
    UserFactory(username="closed", is_private=True)
    UserFactory(username="open")
    assert 'name="robots" content="noindex"' in client.get("/@closed/").content.decode()
    assert "noindex" not in client.get("/@open/").content.decode()


def test_robots(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /inbox/" in lines
    assert not any("/clips/" in line or "/media/" in line for line in lines)
