"""Hashtags and mentions of captions follow the caption; the page and the API of a hashtag list who may be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clips.models import Clip, ClipHashtag, Hashtag, Mention
from clips.services import update_clip
from clips.signals import mentioned
from clips.tags.keeping import HASHTAGS, keep_caption
from clips.tags.selectors import mentionable
from clips.templatetags.texts import linked
from tests.factories import BlockFactory, ClipFactory, FollowFactory, LikeFactory, MuteFactory, UserFactory
from tests.schema.client import Api

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def tagged(caption: str, **fields) -> Clip:
    clip = ClipFactory(caption=caption, **fields)
    keep_caption(clip)
    return clip


def names(clip: Clip) -> set[str]:
    return set(ClipHashtag.objects.filter(clip=clip).values_list("hashtag__name", flat=True))


def test_hashtags_follow_the_caption():
    clip = tagged("#Mar und #海 #mar")
    assert names(clip) == {"mar", "海"}
    update_clip(clip=clip, caption="#海 #sky")
    assert names(clip) == {"海", "sky"}
    update_clip(clip=clip, alt_text="#none")
    assert names(clip) == {"海", "sky"}
    assert ClipHashtag.objects.filter(clip=clip).first().published_at == clip.published_at


def test_a_clip_that_is_not_published_has_none_yet():
    someone = UserFactory(username="someone")
    clip = tagged("#mar @someone", processing=True)
    update_clip(clip=clip, caption="#mar @someone!")
    assert not ClipHashtag.objects.exists()
    assert not Mention.objects.filter(user=someone).exists()


def test_only_so_many_hashtags_are_kept():
    clip = tagged(" ".join(f"#tag{number}x" for number in range(HASHTAGS + 5)))
    assert len(names(clip)) == HASHTAGS


def test_mentions_of_a_caption_are_announced_once():
    ben, heard = UserFactory(username="ben"), []

    def hear(sender, *, mention, **kwargs):
        heard.append(mention.user)

    mentioned.connect(hear)
    clip = tagged("with @ben")
    update_clip(clip=clip, caption="with @ben and @ben")
    mentioned.disconnect(hear)
    assert heard == [ben]
    update_clip(clip=clip, caption="alone")
    assert not Mention.objects.exists()


def test_texts_become_links_and_nothing_else():
    html = linked('<script>"&amp;"\n#Straße @Ana. <b>#x</b>')
    assert html == (
        "&lt;script&gt;&quot;&amp;amp;&quot;<br>"
        '<a class="hashtag" href="/tags/strasse/">#Straße</a> '
        '<a class="mention" href="/@ana/">@Ana</a>. '
        '&lt;b&gt;<a class="hashtag" href="/tags/x/">#x</a>&lt;/b&gt;'
    )
    assert 'href="/tags/%E6%B5%B7/"' in linked("#海")


def listed(client: Client, name: str, **query: str) -> list[int]:
    response = client.get(reverse("clips:hashtag", args=[name]), query)
    assert response.status_code == 200
    return [clip.id for clip in response.context["clips"]]


def test_the_page_lists_public_clips_that_one_may_see(client):
    bob = UserFactory()
    open_clip = tagged("#mar")
    followed = tagged("#mar", visibility="followers")
    FollowFactory(follower=bob, followee=followed.author)
    private = tagged("#mar", author=UserFactory(is_private=True))
    FollowFactory(follower=bob, followee=private.author)
    blocking, muted = tagged("#mar"), tagged("#mar")
    BlockFactory(blocker=blocking.author, blocked=bob)
    MuteFactory(muter=bob, muted=muted.author)
    gone = tagged("#mar", deleted_at=timezone.now())
    assert set(listed(client, "mar")) == {open_clip.pk, blocking.pk, muted.pk}
    client.force_login(bob)
    assert listed(client, "mar") == [open_clip.pk]
    assert Api(bob).get("hashtags/mar").json | {"url": ""} == {"name": "mar", "clips": 1, "more": False, "url": ""}
    assert [row["id"] for row in Api(bob).get("hashtags/Mar/clips").json["results"]] == [open_clip.pk]
    assert gone.pk not in listed(client, "mar", sort="newest")


def test_top_is_what_is_liked_and_newest_what_came_last(client):
    now = timezone.now()
    old = tagged("#mar", published_at=now - timedelta(days=3))
    middle = tagged("#mar", published_at=now - timedelta(days=2))
    new = tagged("#mar", published_at=now - timedelta(days=1))
    LikeFactory(clip=old)
    assert listed(client, "mar") == [old.pk, new.pk, middle.pk]
    assert listed(client, "mar", sort="newest") == [new.pk, middle.pk, old.pk]


@pytest.mark.parametrize("sort", ["top", "newest"])
def test_pages_follow_each_other_without_doubles_or_gaps(sort):
    at = timezone.now()
    ids = {tagged("#mar", published_at=at).pk for _ in range(7)}
    seen, path = [], f"hashtags/mar/clips?sort={sort}&limit=3"
    while path:
        page = Api().get(path).json
        seen += [row["id"] for row in page["results"]]
        path = page["next"].split("/api/v1/")[1] if page["next"] else None
    assert len(seen) == 7
    assert set(seen) == ids


def test_spellings_lead_to_one_name_and_nonsense_to_nothing(client):
    response = client.get("/tags/STRASSE/")
    assert (response.status_code, response["Location"]) == (302, "/tags/strasse/")
    assert listed(client, "nobody-used-it".replace("-", "_")) == []
    for path in (
        "/tags/1/",
        "/tags/a%20b/",
        "/tags/%00/",
        "/tags/%E2%80%AEx/",
        f"/tags/{'x' * 65}/",
        "/api/v1/hashtags/1",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/tags/mar/?sort=worst").status_code == 400
    tagged("#mar")
    assert client.get("/tags/mar/?cursor=x").status_code == 400
    assert Api().get("hashtags/mar/clips?cursor=ZH__________fwAAAAAAAAAB").status == 400


@pytest.mark.parametrize("count", [1, 9])
def test_the_page_costs_the_same_however_many(client, count, django_assert_num_queries):
    for _ in range(count):
        tagged("#mar")
    with django_assert_num_queries(5):  # tag, page, count, renditions, clips
        listed(client, "mar")


def test_who_is_offered_for_a_mention(client):
    bob = UserFactory(username="bob")
    followed, stranger = UserFactory(username="anb"), UserFactory(username="ana")
    FollowFactory(follower=bob, followee=followed)
    blocked, muted = UserFactory(username="anc"), UserFactory(username="and")
    BlockFactory(blocker=blocked, blocked=bob)
    MuteFactory(muter=bob, muted=muted)
    assert [one.username for one in mentionable(bob, "@An")] == ["anb", "ana"]
    assert mentionable(bob, "") == mentionable(bob, "a%") == mentionable(bob, "\x00") == []
    assert client.get("/mentionable/?q=an").status_code == 403
    client.force_login(bob)
    found = client.get("/mentionable/?q=an").json()["people"]
    assert [one["username"] for one in found] == ["anb", "ana"]
    assert stranger.username in str(found)


def test_the_same_tag_at_once_is_one_row():
    tagged("#mar")
    tagged("#MAR")
    assert Hashtag.objects.get().name == "mar"
