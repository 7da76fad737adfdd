"""Nobody is told of what they may not see: each kind of notification, each relation, list, badge, API and digest agree.

The expectation is a table written by hand. The recipient is `viewer`; `actor` did what is told of.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import services as people
from accounts.exceptions import Refusal
from accounts.models import Mute, MuteScope, User
from clips.models import Clip, Comment, CommentLike, Like, Mention, Send
from clips.talk import comments, likes
from feeds.models import Notification, NotificationSettings
from feeds.notifications import digest, services, writing
from feeds.notifications.selectors import Line, lines_page, unseen_count
from reposts.models import Repost
from reposts.services import repost_clip, undo_repost
from tests.factories import BlockFactory, ClipFactory, FollowFactory, MuteFactory, RepostFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# What may be told of under each circumstance. Circumstances are made after the notification was written.
KINDS = (
    "followed", "follow_requested", "follow_accepted", "liked", "commented", "replied", "comment_liked", "mentioned",
    "caption_mention", "sent", "reposted", "reposted_to_mutuals", "reposted_via", "clip_ready",
)  # fmt: skip
PEOPLE = {"followed", "follow_requested", "follow_accepted"}
OWN = {"clip_ready"}
# Reposts reach their audience; the author is told of none to mutuals (decision 4), unless they are one.
AT_FIRST = set(KINDS) - {"reposted_to_mutuals"}
ON_ANOTHERS_CLIP = {"sent", "replied", "comment_liked", "mentioned", "caption_mention", "reposted_via"}
SHOWN = {
    "nothing": AT_FIRST,
    "actor_blocks": OWN,
    "viewer_blocks": OWN,
    "viewer_mutes": OWN,
    "viewer_mutes_reposts": AT_FIRST - {"reposted", "reposted_via"},
    "actor_inactive": OWN,
    "undone": OWN,
    "clip_deleted": PEOPLE,
    "clip_removed": PEOPLE,
    "clip_author_inactive": (AT_FIRST - ON_ANOTHERS_CLIP),
    "clip_author_private": (AT_FIRST - ON_ANOTHERS_CLIP),
    "clip_author_blocks": (AT_FIRST - ON_ANOTHERS_CLIP),
    "actor_private": AT_FIRST - {"reposted", "caption_mention"},
}


class Stage:
    """One notification of a kind for `viewer`, by `actor`; on a clip of `host` where it is not the viewer's own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.viewer: User = UserFactory(username="viewer")
        self.actor: User = UserFactory(username="actor")
        self.host: User = UserFactory(username="host") if kind in ON_ANOTHERS_CLIP else self.viewer
        if kind == "caption_mention":
            self.host = self.actor
        self.clip: Clip = ClipFactory(author=self.host)
        getattr(self, f"_{kind}", self._repost)()

    def _followed(self) -> None:
        self.row = FollowFactory(follower=self.actor, followee=self.viewer)
        writing.tell_followed(self.row, asked=False)

    def _follow_requested(self) -> None:
        self.row = FollowFactory(follower=self.actor, followee=self.viewer, accepted_at=None)
        writing.tell_follow_requested(self.row)

    def _follow_accepted(self) -> None:
        self.row = FollowFactory(follower=self.viewer, followee=self.actor)
        writing.tell_followed(self.row, asked=True)

    def _liked(self) -> None:
        self.row = Like.objects.create(user=self.actor, clip=self.clip)
        writing.tell_liked(self.row)

    def _commented(self) -> None:
        self.row = Comment.objects.create(author=self.actor, clip=self.clip, text="hi")
        writing.tell_commented(self.row)

    def _replied(self) -> None:
        root = Comment.objects.create(author=self.viewer, clip=self.clip, text="hi")
        self.row = Comment.objects.create(author=self.actor, clip=self.clip, parent=root, text="you")
        writing.tell_commented(self.row)

    def _comment_liked(self) -> None:
        comment = Comment.objects.create(author=self.viewer, clip=self.clip, text="hi")
        self.row = CommentLike.objects.create(user=self.actor, comment=comment)
        writing.tell_comment_liked(self.row)

    def _mentioned(self) -> None:
        comment = Comment.objects.create(author=self.actor, clip=self.clip, text="@viewer")
        self.row = Mention.objects.create(user=self.viewer, clip=self.clip, comment=comment)
        writing.tell_mentioned(self.row)

    def _caption_mention(self) -> None:
        self.row = Mention.objects.create(user=self.viewer, clip=self.clip)
        writing.tell_mentioned(self.row)

    def _sent(self) -> None:
        self.row = Send.objects.create(sender=self.actor, recipient=self.viewer, clip=self.clip, text="for you")
        writing.tell_sent(self.row)

    def _repost(self) -> None:
        via = None
        if self.kind == "reposted_via":
            via = RepostFactory(user=self.viewer, clip=self.clip)
            FollowFactory(follower=self.viewer, followee=self.actor)
        audience = "mutuals" if self.kind == "reposted_to_mutuals" else "followers"
        self.row = RepostFactory(user=self.actor, clip=self.clip, via=via, audience=audience)
        writing.tell_reposted(self.row)

    def _clip_ready(self) -> None:
        self.row = None
        writing.tell_clip_done(self.clip, failed=False)

    def become(self, circumstance: str) -> None:
        match circumstance:
            case "actor_blocks":
                BlockFactory(blocker=self.actor, blocked=self.viewer)
            case "viewer_blocks":
                BlockFactory(blocker=self.viewer, blocked=self.actor)
            case "viewer_mutes":
                MuteFactory(muter=self.viewer, muted=self.actor)
            case "viewer_mutes_reposts":
                MuteFactory(muter=self.viewer, muted=self.actor, scope=MuteScope.REPOSTS)
            case "actor_inactive":
                people.deactivate_user(user=self.actor)
            case "actor_private":
                User.objects.filter(pk=self.actor.pk).update(is_private=True)
            case "undone":
                self._undo()
            case "clip_deleted":
                Clip.objects.filter(pk=self.clip.pk).update(deleted_at=timezone.now())
            case "clip_removed":
                Clip.objects.filter(pk=self.clip.pk).update(removed_at=timezone.now())
            case "clip_author_inactive" if self.host != self.viewer:
                people.deactivate_user(user=self.host)
            case "clip_author_private" if self.host != self.viewer:
                User.objects.filter(pk=self.host.pk).update(is_private=True)
            case "clip_author_blocks" if self.host != self.viewer:
                BlockFactory(blocker=self.host, blocked=self.viewer)

    def _undo(self) -> None:
        if isinstance(self.row, Repost):
            Repost.objects.filter(pk=self.row.pk).update(undone_at=timezone.now())
        elif isinstance(self.row, Comment):
            Comment.objects.filter(pk=self.row.pk).update(deleted_at=timezone.now())
        elif isinstance(self.row, Send):
            Send.objects.filter(pk=self.row.pk).update(hidden_for_recipient=True)
        elif self.row is not None:
            self.row.delete()


def faces(web: Client, viewer: User) -> dict[str, int]:
    """How many lines each face tells `viewer` of."""
    services.change_settings(user=viewer, digest="daily")
    NotificationSettings.objects.filter(user=viewer).update(digest_up_to=0)
    mail = digest.compose(viewer, "viewer@example.org")
    return {
        "page": web.get("/notifications/").content.decode().count("data-note="),
        "api": len(web.get("/api/v1/notifications").json()["results"]),
        "badge": web.get("/api/v1/notifications/unseen").json()["unseen"],
        "live": web.get("/live/").json()["unseen"],
        "digest": mail.body.count("\n* ") if mail else 0,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_face_tells_the_same(kind: str, client: Client) -> None:
    stage = Stage(kind)
    client.force_login(stage.viewer)
    ids = set(Notification.objects.filter(recipient=stage.viewer).values_list("pk", flat=True))
    assert ids
    for circumstance, shown in SHOWN.items():
        with transaction.atomic():
            stage.become(circumstance)
            told = dict.fromkeys(("page", "api", "badge", "live", "digest"), int(kind in shown))
            assert faces(client, stage.viewer) == told, circumstance
            transaction.set_rollback(True)
    for other in (stage.actor, UserFactory(is_staff=True, is_superuser=True), AnonymousUser()):
        assert not ids & set(Notification.objects.visible_to(other).values_list("pk", flat=True))


# --- Whatever happens, in whatever order: what is told of can be opened ---------------------------------------------

VERBS = (
    *("follow", "unfollow", "like", "unlike", "comment", "delete", "repost", "undo", "block", "unblock"),
    *("private", "open", "remove", "mute"),
)
DEEDS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 2), st.integers(0, 2)), min_size=4, max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_what_is_told_of_can_be_opened(deeds: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        cast = UserFactory.create_batch(3)
        clips = [ClipFactory(author=user) for user in cast]
        for verb, who, whom in deeds:
            act(verb, cast[who], cast[whom], clips[whom])
        for viewer in cast:
            for line in lines_page(viewer).lines:
                assert_openable(viewer, line)
            assert unseen_count(viewer) == len(lines_page(viewer, limit=50).lines)
        transaction.set_rollback(True)


def act(verb: str, user: User, other: User, clip: Clip) -> None:
    """One deed through the services; refusals are part of life."""
    user, other = User.objects.get(pk=user.pk), User.objects.get(pk=other.pk)
    try:
        match verb:
            case "follow":
                people.follow_user(follower=user, followee=other)
            case "unfollow":
                people.unfollow_user(follower=user, followee=other)
            case "like":
                likes.like_clip(user=user, clip_id=clip.pk)
            case "unlike":
                likes.unlike_clip(user=user, clip_id=clip.pk)
            case "comment":
                comments.post_comment(user=user, clip_id=clip.pk, text=f"@{other.username} look")
            case "delete":
                for comment in Comment.objects.filter(author=user, deleted_at=None):
                    comments.delete_comment(user=user, comment_id=comment.pk)
            case "repost":
                repost_clip(user=user, clip_id=clip.pk)
            case "undo":
                undo_repost(user=user, clip_id=clip.pk)
            case "block":
                people.block_user(blocker=user, blocked=other)
            case "unblock":
                people.unblock_user(blocker=user, blocked=other)
            case "private" | "open":
                people.update_profile(user=user, is_private=verb == "private")
            case "remove":
                Clip.objects.filter(pk=clip.pk).update(removed_at=timezone.now())
            case "mute":
                people.mute_user(muter=user, muted=other)
    except (Refusal, ObjectDoesNotExist):
        pass


def assert_openable(viewer: User, line: Line) -> None:
    """Whoever and whatever a line shows, its own page shows too."""
    for person in line.people:
        assert User.objects.visible_to(viewer).filter(pk=person.id).exists()
        assert not Mute.objects.active().filter(muter=viewer, muted=person.id).exists()
    if line.clip is not None:
        assert Clip.objects.visible_to(viewer).filter(pk=line.clip.id).exists()
    if line.thread is not None:
        assert Comment.objects.visible_to(viewer).filter(pk=line.thread[1]).exists()
    if line.kind in ("reposted", "reposted_via"):
        ids = [person.id for person in line.people]
        assert Repost.objects.visible_to(viewer).filter(clip=line.clip.id, user__in=ids).count() == len(ids)
