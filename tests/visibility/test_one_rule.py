"""One rule, every face: each relation to the author, each kind of clip, each door, and all doors agree.

The expectation is a table written by hand below, not computed from the project's own rules.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import departures
from accounts.models import MuteScope, User
from clips.captions.tracks import put_track
from clips.captions.webvtt import Cue
from clips.models import Clip, Conversation, Send
from clips.tags.keeping import keep_caption
from feeds.search import upkeep as search
from tests.factories import (
    BlockFactory,
    ClipFactory,
    CommentFactory,
    FollowFactory,
    MuteFactory,
    RepostFactory,
    UserFactory,
    publish,
    publish_repost,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

RELATIONS = (
    "stranger",
    "follower",
    "pending",
    "blocked_by_author",
    "blocking_author",
    "muting_follower",
    "author",
    "anonymous",
    "staff",
)
KINDS = (
    "public",
    "followers_only",
    "private_account",
    "deleted",
    "removed",
    "processing",
    "draft",
    "scheduled",
    "author_inactive",
    "author_deactivated",
    "author_leaving",
)

# Who may open a clip itself: page, API, media file, and find it in the author's lists.
MAY_OPEN = {
    "public": {"stranger", "follower", "pending", "muting_follower", "author", "anonymous", "staff"},
    "followers_only": {"follower", "muting_follower", "author"},
    "private_account": {"follower", "muting_follower", "author"},
    "deleted": set(),
    "removed": set(),
    "processing": set(),
    "draft": set(),
    "scheduled": set(),
    "author_inactive": set(),
    "author_deactivated": set(),
    "author_leaving": set(),
}
# In whose Following feed it stands: followers who do not mute.
IN_FEED = {kind: {"follower"} & who for kind, who in MAY_OPEN.items()}
# In whose Following feed a friend's repost stands: who may open the clip, neither mutes the author nor is the author.
REPOST_IN_FEED = {kind: who - {"muting_follower", "author", "anonymous"} for kind, who in MAY_OPEN.items()}
GONE = {"author_inactive", "author_deactivated", "author_leaving"}
CASES = [(relation, kind) for relation in RELATIONS for kind in KINDS]


class Stage:
    """An author with one clip of a kind, a friend who reposted it, and a viewer in a relation to the author."""

    def __init__(self, relation: str, kind: str) -> None:
        self.author: User = UserFactory(username="alice", is_private=kind == "private_account")
        self.clip: Clip = ClipFactory(
            author=self.author,
            with_files=True,
            caption="Waves of #pillow",
            visibility="followers" if kind == "followers_only" else "public",
        )
        put_track(clip=self.clip, language="en", cues=[Cue(0, 1_000, "Look at this")])
        publish(self.clip)
        keep_caption(self.clip)
        search.keep_clip(self.clip)
        friend = UserFactory(username="friend")
        FollowFactory(follower=friend, followee=self.author)
        self.repost = RepostFactory(user=friend, clip=self.clip, comment="look at this")
        publish_repost(self.repost)
        self.comment = CommentFactory(clip=self.clip, author=friend, text="sounds like sleep")
        self.viewer = self._viewer(relation)
        if self.viewer is not None and self.viewer != self.author:
            FollowFactory(follower=self.viewer, followee=friend)
        if self.viewer is not None:
            sent = Send.objects.create(sender=friend, recipient=self.viewer, clip=self.clip, text="sent to you")
            Conversation.objects.create(owner=self.viewer, other=friend, newest_id=sent.pk)
        self._become(kind)
        self.client = Client()
        if self.viewer is not None:
            self.client.force_login(self.viewer)

    def _viewer(self, relation: str) -> User | None:
        if relation == "anonymous":
            return None
        if relation == "author":
            return self.author
        viewer: User = UserFactory(username="viewer", is_staff=relation == "staff", is_superuser=relation == "staff")
        if relation in ("follower", "muting_follower"):
            FollowFactory(follower=viewer, followee=self.author)
        if relation == "pending":
            FollowFactory(follower=viewer, followee=self.author, accepted_at=None)
        if relation == "muting_follower":
            MuteFactory(muter=viewer, muted=self.author, scope=MuteScope.ALL)
        if relation == "blocked_by_author":
            BlockFactory(blocker=self.author, blocked=viewer)
        if relation == "blocking_author":
            BlockFactory(blocker=viewer, blocked=self.author)
        return viewer

    def _become(self, kind: str) -> None:
        """States that a clip or account comes into after everything was delivered."""
        changes = {
            "deleted": {"deleted_at": timezone.now()},
            "removed": {"removed_at": timezone.now()},
            "processing": {"state": "processing"},
            "draft": {"state": "held", "plan": "draft", "published_at": None},
            "scheduled": {
                "state": "held",
                "plan": "at",
                "publish_at": timezone.now() + timedelta(days=1),
                "published_at": None,
            },
        }
        if kind in changes:
            Clip.objects.filter(pk=self.clip.pk).update(**changes[kind])
        if kind == "author_inactive":
            User.objects.filter(pk=self.author.pk).update(is_active=False)
        if kind == "author_deactivated":
            departures.pause_account(user=self.author)
        if kind == "author_leaving":
            departures.request_deletion(user=self.author)

    def listed(self, path: str) -> bool:
        """Whether the API list at `path` holds the clip (a refused list holds nothing)."""
        response = self.client.get(path)
        if response.status_code in (401, 403, 404):
            return False
        assert response.status_code == 200, (path, response.status_code)
        rows = json.loads(response.content)["results"]
        return self.clip.pk in {(row.get("clip") or row).get("id") for row in rows}

    def finds(self, path: str, kind: str, **wanted: str) -> bool:
        """Whether a search at `path` finds a `kind` with these members."""
        results = self.client.get(path).json()["results"]
        return any(wanted.items() <= (row[kind] or {}).items() for row in results)

    def shown(self, path: str) -> bool:
        """Whether the page at `path` shows the clip (a hidden page, or one that asks to sign in, does not)."""
        response = self.client.get(path)
        if response.status_code in (302, 404):
            return False
        assert response.status_code == 200, (path, response.status_code)
        return f"/clips/{self.clip.pk}/" in response.content.decode()


def _doors(stage: Stage) -> dict[str, int]:
    """Status codes of everything that opens the clip by its id."""
    pk, get = stage.clip.pk, stage.client.get
    return {
        "page": get(f"/clips/{pk}/").status_code,
        "api": get(f"/api/v1/clips/{pk}").status_code,
        "video": get(f"/media/clips/{pk}/720.mp4").status_code,
        "video, a range": get(f"/media/clips/{pk}/720.mp4", headers={"range": "bytes=0-9"}).status_code,
        "video, by HEAD": stage.client.head(f"/media/clips/{pk}/720.mp4").status_code,
        "captions": get(f"/media/clips/{pk}/en.vtt").status_code,
        "captions in the API": get(f"/api/v1/clips/{pk}/captions/en").status_code,
        "poster": get(f"/media/clips/{pk}/poster.webp").status_code,
        "share sheet": get(f"/clips/{pk}/share/").status_code,
        "why sheet": get(f"/clips/{pk}/why/?feed=for-you").status_code,
        "why in the API": get(f"/api/v1/clips/{pk}/why?feed=for-you").status_code,
        "comments": get(f"/clips/{pk}/comments/").status_code,
        "comments in the API": get(f"/api/v1/clips/{pk}/comments").status_code,
        "a comment": get(f"/api/v1/comments/{stage.comment.pk}").status_code,
        "replies": get(f"/api/v1/comments/{stage.comment.pk}/replies").status_code,
    }


def _public_doors(stage: Stage) -> dict[str, int]:
    """Status codes of what other sites show: only of clips for everyone, and not to whom they are hidden."""
    page = f"http://testserver/clips/{stage.clip.pk}/"
    return {
        "frame": stage.client.get(f"/embed/{stage.clip.pk}/").status_code,
        "oEmbed": stage.client.get("/oembed", {"url": page}).status_code,
    }


def _lists(stage: Stage) -> dict[str, bool]:
    """Which lists and feeds hold the clip."""
    return {
        "profile page": stage.shown("/@alice/"),
        "profile in the API": stage.listed("/api/v1/users/alice/clips"),
        "Following in the API": stage.listed("/api/v1/feeds/following"),
        "Following page": stage.shown("/following/"),
        "For You in the API": stage.listed("/api/v1/feeds/for-you"),
        "For You page": stage.shown("/for-you/"),
        "Reposts tab": stage.shown("/@friend/reposts/"),
        "Reposts tab in the API": stage.listed("/api/v1/users/friend/reposts"),
        "hashtag page": stage.shown("/tags/pillow/"),
        "hashtag page, newest": stage.shown("/tags/pillow/?sort=newest"),
        "hashtag in the API": stage.listed("/api/v1/hashtags/pillow/clips"),
        "search page": stage.shown("/search/?q=wave"),
        "search for clips": stage.shown("/search/?q=wave&type=clips"),
        "search in the API": stage.listed("/api/v1/search?q=wave"),
        "search for clips in the API": stage.listed("/api/v1/search?q=wave&type=clips"),
    }


@pytest.mark.parametrize(("relation", "kind"), CASES)
def test_every_face_agrees(relation: str, kind: str) -> None:
    stage = Stage(relation, kind)
    opens = relation in MAY_OPEN[kind]

    wanted = dict.fromkeys(_doors(stage), 200 if opens else 404)
    if opens:
        wanted["video, a range"] = 206
    if kind in ("processing", "removed", "draft", "scheduled") and relation == "author":
        # The record of one's own upload stays readable (its state, why it failed), but has no page and no bytes.
        wanted["api"] = 200
    if kind in ("draft", "scheduled") and relation == "author":
        # What one has not published yet one can look at, and nobody else can, nowhere.
        wanted |= dict.fromkeys(("video", "video, by HEAD", "poster", "captions", "captions in the API"), 200)
        wanted["video, a range"] = 206
    assert _doors(stage) == wanted

    shown_elsewhere = kind == "public" and opens
    assert _public_doors(stage) == dict.fromkeys(_public_doors(stage), 200 if shown_elsewhere else 404)

    in_following = relation in REPOST_IN_FEED[kind] | IN_FEED[kind]
    # For You has not one's own clips, nor those of people one mutes.
    in_for_you = relation in MAY_OPEN[kind] - {"author", "muting_follower"}
    # The friend reposted to followers: those of them who may open the clip, and its author.
    on_tab = relation in MAY_OPEN[kind] - {"anonymous"}
    # A hashtag lists what is meant for everyone, by nobody whom one mutes.
    tagged = kind == "public" and relation in MAY_OPEN[kind] - {"muting_follower"}
    assert _lists(stage) == {
        "hashtag page": tagged,
        "hashtag page, newest": tagged,
        "hashtag in the API": tagged,
        "profile page": opens,
        "profile in the API": opens,
        "Following in the API": in_following,
        "Following page": in_following,
        "For You in the API": in_for_you,
        "For You page": in_for_you,
        "Reposts tab": on_tab,
        "Reposts tab in the API": on_tab,
        "search page": opens,
        "search for clips": opens,
        "search in the API": opens,
        "search for clips in the API": opens,
    }

    # What somebody was sent stays in their inbox; the clip in it shows to whom it may.
    signed_out = relation == "anonymous" or (relation == "author" and kind in GONE)
    for path in ("/api/v1/inbox", "/api/v1/inbox/friend"):
        answer = stage.client.get(path).json()
        shown = [(row.get("newest") or row)["clip"] for row in answer.get("results", [])]
        assert [clip is not None for clip in shown] == ([] if signed_out else [on_tab]), path
    assert stage.shown("/inbox/friend/") == on_tab

    # A profile shows to everyone but those in a block with the person; a tag to whom its page lists a clip.
    finds_author = kind not in GONE and relation not in ("blocked_by_author", "blocking_author")
    assert stage.finds("/api/v1/search?q=alic&type=people", "person", username="alice") == finds_author
    assert ("@alice<" in stage.client.get("/search/suggest/?q=alic").content.decode()) == finds_author
    finds_tag = kind == "public" and relation in MAY_OPEN[kind] - {"muting_follower"}
    assert stage.finds("/api/v1/search?q=pillow&type=tags", "tag", name="pillow") == finds_tag

    by_clip = stage.client.get(f"/api/v1/clips/{stage.clip.pk}/reposts")
    if on_tab:
        assert [row["comment"] for row in by_clip.json()["results"]] == ["look at this"]
    elif by_clip.status_code == 200:
        assert by_clip.json()["results"] == []
    else:
        assert by_clip.status_code in (401, 404)


@pytest.mark.parametrize(
    # Nobody signed in, and authors whose accounts are closed and who therefore have no session, are asked to sign in.
    ("relation", "kind"),
    [case for case in CASES if case[0] != "anonymous" and not (case[0] == "author" and case[1].startswith("author_"))],
)
def test_who_may_like_and_talk_is_who_may_open(relation: str, kind: str) -> None:
    stage = Stage(relation, kind)
    opens = relation in MAY_OPEN[kind]
    pk = stage.clip.pk

    def put(path: str) -> int:
        return stage.client.put(path).status_code

    assert put(f"/api/v1/clips/{pk}/like") == (200 if opens else 404)
    assert put(f"/api/v1/comments/{stage.comment.pk}/like") == (200 if opens else 404)
    assert stage.client.post(f"/clips/{pk}/like/").status_code == (302 if opens else 404)
    sent = stage.client.post(f"/api/v1/clips/{pk}/comments", {"text": "hi"}, content_type="application/json")
    assert sent.status_code == (201 if opens else 404)
    assert stage.clip.comments.count() == (2 if opens else 1)
    assert stage.clip.likes.count() == (1 if opens else 0)


# How the viewer stands to the writer of a comment on a public clip, and whether they are shown it.
WRITERS = {
    "stranger": True,
    "follower": True,
    "blocked_by_writer": False,
    "blocking_writer": False,
    "muting_writer": False,
    "muting_reposts_of_writer": True,
    "writer": True,
    "writer_inactive": False,
    "writer_blocked_by_author": False,
    "writer_blocking_author": False,
    "anonymous": True,
    "deleted": False,
}


@pytest.mark.parametrize(("standing", "shown"), WRITERS.items())
def test_the_words_of_somebody_hidden_appear_nowhere(standing: str, shown: bool) -> None:
    clip = ClipFactory()
    publish(clip)
    comment = CommentFactory(clip=clip, text="xylophone")
    writer, viewer = comment.author, UserFactory()
    CommentFactory(parent=comment, text="vuvuzela")
    match standing:
        case "follower":
            FollowFactory(follower=viewer, followee=writer)
        case "blocked_by_writer":
            BlockFactory(blocker=writer, blocked=viewer)
        case "blocking_writer":
            BlockFactory(blocker=viewer, blocked=writer)
        case "muting_writer":
            MuteFactory(muter=viewer, muted=writer)
        case "muting_reposts_of_writer":
            MuteFactory(muter=viewer, muted=writer, scope=MuteScope.REPOSTS)
        case "writer":
            viewer = writer
        case "writer_inactive":
            User.objects.filter(pk=writer.pk).update(is_active=False)
        case "writer_blocked_by_author":
            BlockFactory(blocker=clip.author, blocked=writer)
        case "writer_blocking_author":
            BlockFactory(blocker=writer, blocked=clip.author)
        case "deleted":
            comment.deleted_at = timezone.now()
            comment.save()
    client = Client()
    if standing != "anonymous":
        client.force_login(viewer)
    for path, word in (
        (f"/clips/{clip.pk}/", "xylophone"),
        (f"/clips/{clip.pk}/comments/", "xylophone"),
        (f"/clips/{clip.pk}/comments/?thread={comment.pk}", "vuvuzela"),
        (f"/api/v1/clips/{clip.pk}/comments", "xylophone"),
        (f"/api/v1/comments/{comment.pk}", "xylophone"),
        (f"/api/v1/comments/{comment.pk}/replies", "vuvuzela"),
    ):
        assert (word in client.get(path).content.decode()) == shown, path


def test_going_private_holds_in_the_next_response() -> None:
    stage = Stage("stranger", "public")
    assert stage.client.get(f"/clips/{stage.clip.pk}/").status_code == 200

    User.objects.filter(pk=stage.author.pk).update(is_private=True)

    assert stage.client.get(f"/clips/{stage.clip.pk}/").status_code == 404
    assert stage.client.get(f"/media/clips/{stage.clip.pk}/720.mp4").status_code == 404
    assert not stage.listed("/api/v1/feeds/following")


def test_personal_answers_are_kept_by_nobody() -> None:
    stage = Stage("follower", "public")

    for path in ("/following/", "/@alice/", "/api/v1/feeds/following", "/api/v1/me", f"/clips/{stage.clip.pk}/"):
        assert stage.client.get(path)["Cache-Control"] == "private, no-store", path
    assert "private" in stage.client.get(f"/media/clips/{stage.clip.pk}/720.mp4")["Cache-Control"]
