"""Searching people, clips and tags: what is found, in which order, page by page, and never what is hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.handles import change_handle
from accounts.models import User
from accounts.services import update_profile
from clips.models import Clip, Hashtag
from clips.services import delete_clip, update_clip
from clips.tags.keeping import keep_caption
from feeds.search import index, upkeep
from feeds.search.clips import search_clips
from feeds.search.models import KINDS, Kind, SearchDocument
from feeds.search.people import search_people
from feeds.search.tags import search_tags
from tests.factories import BlockFactory, ClipFactory, FollowFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOBODY = AnonymousUser()


def handles(viewer, text: str, **more) -> list[str]:
    return [row.person.username for row in search_people(viewer, text, **more).rows]


def captions(viewer, text: str, **more) -> list[str]:
    return [row.caption for row in search_clips(viewer, text, **more).rows]


def names(viewer, text: str) -> list[str]:
    return [tag.name for tag in search_tags(viewer, text).rows]


def tagged(**fields) -> Clip:
    clip = ClipFactory(**fields)
    keep_caption(clip)
    return clip


class TestPeople:
    @pytest.mark.parametrize("text", ["pél", "PEL", "o'neil pela", "@pela", "pela.", "neil"])
    def test_found_by_beginnings_of_words(self, text):
        UserFactory(username="pela.x", display_name="Pélagie O’Neil")
        UserFactory(username="other", display_name="Somebody Else")
        assert handles(NOBODY, text) == ["pela.x"]

    @pytest.mark.parametrize("text", ["タワ", "東", "京タワー", "さくら"])
    def test_found_within_a_script_without_spaces(self, text):
        UserFactory(username="t", display_name="東京タワー さくら")
        assert handles(NOBODY, text) == ["t"]

    @pytest.mark.parametrize("text", ["", " ", "...", "nobodyatall", "ela", "pela zzz"])
    def test_not_found(self, text):
        UserFactory(username="pela", display_name="Pela")
        assert handles(NOBODY, text) == []

    def test_order(self):
        viewer = UserFactory(username="me")
        hub = UserFactory(username="hub", display_name="Ana Hub")
        UserFactory(username="ana", display_name="x")
        prefix = UserFactory(username="ana.long", display_name="y")
        followed = UserFactory(username="f1", display_name="Ana Followed")
        mutual = UserFactory(username="f2", display_name="Ana Mutual")
        UserFactory(username="zz", display_name="Ana Unknown")
        FollowFactory(follower=viewer, followee=followed)
        FollowFactory(follower=viewer, followee=mutual)
        FollowFactory(follower=mutual, followee=viewer)
        for _ in range(3):
            FollowFactory(followee=hub)
        upkeep.weigh()
        assert handles(viewer, "ana") == ["ana", prefix.username, "f2", "f1", "hub", "zz"]

    def test_the_handle_itself_comes_first_whatever_its_dots(self):
        better_known = UserFactory(username="ana.b.c")
        UserFactory(username="ana_b")
        FollowFactory(followee=better_known)
        upkeep.weigh()
        assert handles(NOBODY, "ana.b")[0] == "ana_b"

    def test_pages_neither_double_nor_skip(self):
        viewer = UserFactory(username="viewer")
        people = {UserFactory(username=f"pat{number}", display_name="Pat").username for number in range(70)}
        hidden = User.objects.get(username="pat33")
        BlockFactory(blocker=hidden, blocked=viewer)
        found, cursor = [], None
        while True:
            page = search_people(viewer, "pat", cursor=cursor, limit=9)
            found += [row.person.username for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
            assert len(page.rows) == 9
        assert len(found) == len(set(found))
        assert set(found) == people - {"pat33"}

    def test_a_page_is_refilled_when_most_is_hidden(self):
        viewer = UserFactory(username="viewer")
        seen = UserFactory(username="zoe", display_name="Pat")
        for number in range(150):
            UserFactory(username=f"x{number}", display_name="Pat", is_active=False)
        assert handles(viewer, "pat", limit=5) == [seen.username]

    @pytest.mark.parametrize("people", [1, 20])
    def test_costs_the_same_however_many(self, people, django_assert_num_queries):
        viewer = UserFactory(username="viewer")
        for number in range(people):
            FollowFactory(follower=viewer, followee=UserFactory(username=f"pat{number}"))
        with django_assert_num_queries(8):
            assert len(search_people(viewer, "pat").rows) == people

    def test_names_and_handles_are_found_as_they_are_now(self):
        user = UserFactory(username="before", display_name="Before")
        update_profile(user=user, display_name="Zora")
        assert handles(NOBODY, "zora") == ["before"]
        change_handle(user=user, handle="quite.new")
        assert handles(NOBODY, "quitenew") == ["quite.new"]
        assert handles(NOBODY, "before") == []

    def test_who_is_deleted_leaves_the_index(self):
        user = UserFactory(username="gone")
        user.delete()
        assert not SearchDocument.objects.filter(kind=Kind.PERSON).exists()


class TestClips:
    @pytest.mark.parametrize("text", ["lisb", "#lisboa", "MAR hoje", "🌅", "波"])
    def test_found_by_the_caption(self, text):
        ClipFactory(caption="O mar de hoje 🌅 #lisboa 静かな波。")
        ClipFactory(caption="Something else")
        assert len(captions(NOBODY, text)) == 1

    def test_order(self):
        viewer = UserFactory(username="viewer")
        old = timezone.now() - timedelta(days=100)
        ClipFactory(caption="sea old", published_at=old)
        ClipFactory(caption="sea popular", repost_count=40)
        ClipFactory(caption="seaside")
        followed = ClipFactory(caption="sea followed")
        FollowFactory(follower=viewer, followee=followed.author)
        assert captions(viewer, "sea") == ["sea popular", "sea followed", "seaside", "sea old"]

    def test_pages_neither_double_nor_skip_while_more_arrives(self):
        author = UserFactory()
        clips = [ClipFactory(caption=f"wave {number}", author=author) for number in range(110)]
        Clip.objects.filter(pk=clips[50].pk).update(removed_at=timezone.now())
        found, cursor = [], None
        while True:
            page = search_clips(NOBODY, "wave", cursor=cursor, limit=20)
            found += [row.id for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
            ClipFactory(caption="wave of later", author=author)
        assert len(found) == len(set(found))
        assert set(found) == {clip.pk for clip in clips} - {clips[50].pk}

    @pytest.mark.parametrize("clips", [1, 20])
    def test_costs_the_same_however_many(self, clips, django_assert_num_queries):
        viewer = UserFactory(username="viewer")
        for _ in range(clips):
            ClipFactory(caption="wave")
        with django_assert_num_queries(5):
            assert len(search_clips(viewer, "wave").rows) == clips

    def test_found_by_the_caption_of_now(self):
        clip = ClipFactory(caption="before")
        update_clip(clip=clip, caption="afterwards")
        assert captions(NOBODY, "before") == []
        assert captions(NOBODY, "after") == ["afterwards"]
        delete_clip(clip=clip)
        assert captions(NOBODY, "after") == []

    def test_what_is_not_ready_is_not_indexed(self):
        ClipFactory(caption="soon", processing=True)
        assert not SearchDocument.objects.filter(kind=Kind.CLIP).exists()


class TestTags:
    def test_the_tag_itself_first_then_the_most_used(self):
        for caption in ("#sea", "#seaside", "#seaside", "#seal"):
            tagged(caption=caption)
        upkeep.weigh()
        assert names(NOBODY, "#Sea") == ["sea", "seaside", "seal"]

    def test_marks_do_not_matter(self):
        tagged(caption="#café #Straße #東京タワー")
        assert names(NOBODY, "cafe") == ["café"]
        assert names(NOBODY, "strasse") == ["strasse"]
        assert names(NOBODY, "東京") == ["東京タワー"]

    def test_a_tag_of_hidden_clips_alone_is_hidden(self):
        clip = tagged(caption="#secret", author=UserFactory(is_private=True))
        follower = UserFactory()
        FollowFactory(follower=follower, followee=clip.author)
        for viewer in (NOBODY, follower, clip.author):
            assert names(viewer, "secret") == []
        User.objects.filter(pk=clip.author_id).update(is_private=False)
        assert names(NOBODY, "secret") == ["secret"]

    def test_an_edit_brings_new_tags(self):
        clip = tagged(caption="#one")
        update_clip(clip=clip, caption="#two")
        assert names(NOBODY, "two") == ["two"]
        assert names(NOBODY, "one") == []


ODD = [
    '"', "'", "*", "a*", '"a" OR "b"', "NEAR(a b)", "-a", "a -b", "^a", "tokens:a", "a & b", "a | b", "!a", "a <-> b",
    "a:*", "\\", "\\'", "%", "_", "'; DROP TABLE x; --", "\0", "a\0b", "\ud800", "x" * 10_000, "a " * 5_000, "🌅" * 500,
    "\u202eabc", "שלום عليكم", "﷽", "ﷺ" * 100, "é" * 200, "\u0301" * 50, "東" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_odd_queries_find_or_do_not_find_but_never_fail(text):
    UserFactory(username="abc", display_name="a b")
    tagged(caption="a b #abc")
    viewer = UserFactory()
    search_people(viewer, text)
    search_clips(viewer, text)
    search_tags(viewer, text)
    assert handles(viewer, "abc") == ["abc"]


class TestUpkeep:
    def test_rows_past_every_signal_are_found_by_the_sweep(self):
        User.objects.bulk_create([User(username="bulk", display_name="In Bulk")])
        clip = ClipFactory(caption="kept")
        Clip.objects.filter(pk=clip.pk).update(deleted_at=timezone.now())
        assert handles(NOBODY, "bulk") == []
        # The one in bulk comes in, the deleted clip goes out.
        assert upkeep.sweep() == 2
        assert handles(NOBODY, "bulk") == ["bulk"]
        assert not SearchDocument.objects.filter(kind=Kind.CLIP).exists()
        assert upkeep.sweep() == 0

    def test_rebuild_puts_everything_right(self, capsys):
        user, clip = UserFactory(username="ana"), tagged(caption="wave #sea")
        SearchDocument.objects.filter(pk=user.pk * KINDS).update(tokens="pwrong")
        SearchDocument.objects.filter(pk=clip.pk * KINDS + Kind.CLIP).delete()
        SearchDocument.objects.create(pk=999 * KINDS + Kind.TAG, kind=Kind.TAG, tokens="tghost")
        with pytest.raises(CommandError, match="3 differences"):
            call_command("rebuild_search", check=True)
        assert capsys.readouterr().out.splitlines() == [
            f"person {user.pk}: other words",
            f"clip {clip.pk}: missing",
            "tag 999: should not be there",
        ]
        call_command("rebuild_search")
        call_command("rebuild_search", check=True)
        assert "The index is right." in capsys.readouterr().out
        assert handles(NOBODY, "ana") == ["ana"]
        assert captions(NOBODY, "wave") == ["wave #sea"]
        assert names(NOBODY, "sea") == ["sea"]

    def test_the_storage_follows_every_statement_on_documents(self):
        UserFactory(username="ana")
        SearchDocument.objects.update(tokens="pother")
        assert index.heaviest(["pana"], Kind.PERSON, limit=5) == []
        assert len(index.heaviest(["pother"], Kind.PERSON, limit=5)) == 1
        SearchDocument.objects.all().delete()
        assert index.heaviest(["pother"], Kind.PERSON, limit=5) == []
        assert not index.storage_is_broken()

    def test_weights_follow_followers_and_uses(self):
        user = UserFactory()
        for _ in range(3):
            FollowFactory(followee=user)
        tagged(caption="#sea")
        upkeep.weigh()
        tag = Hashtag.objects.get(name="sea")
        assert SearchDocument.objects.get(pk=user.pk * KINDS).weight == upkeep.weight_of(3) == 8
        assert SearchDocument.objects.get(pk=tag.pk * KINDS + Kind.TAG).weight == upkeep.weight_of(1) == 4
        user.follower_edges.all().delete()
        upkeep.weigh()
        assert SearchDocument.objects.get(pk=user.pk * KINDS).weight == 0
