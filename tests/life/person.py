"""A person with traces everywhere: every model that refers to people has a row of theirs, and every text a marker.

A model that is new here fails `test_every_model_is_known` until it is exported or left out, erased, and has a recipe
below. Recipes go through factories and services where there are some; a row made by hand is good enough for the rest.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import avatars, departures, exports, handles, services
from accounts.models import Departure, Export, OutgoingMail, User
from clips.models import CaptionTrack, Clip, ClipHashtag, Comment, CommentLike, Hashtag, Mention
from clips.sends import sending
from clips.services import record_watch
from clips.talk import counts
from config.models import IdempotentRequest
from feeds import fanout, upkeep
from feeds.models import FeedControl
from feeds.notifications.models import Kind
from feeds.notifications.services import change_settings
from feeds.notifications.writing import notify
from feeds.search.models import RecentSearch, SearchPause
from feeds.search.upkeep import rebuild
from reposts.models import Arrival, Repost
from tests.factories import (
    PASSWORD,
    BlockFactory,
    ClipFactory,
    CommentFactory,
    FollowFactory,
    LikeFactory,
    MuteFactory,
    RepostFactory,
    UserFactory,
    publish,
    publish_repost,
)

MARKER = "zqxmarker"  # in every text of theirs, and as their handle
OLD_MARKER = "zqxformer"
MAIL = "zqxmail@example.org"


class World:
    """The person and those around them. `fan` follows and reposts, `star` is followed and reposted."""

    def __init__(self) -> None:
        self.person: User = UserFactory(
            username=OLD_MARKER,
            display_name=f"{MARKER} name",
            bio=f"{MARKER} bio",
            email=MAIL,
            birth_date=date(1985, 3, 4),
        )
        handles.change_handle(user=self.person, handle=MARKER)
        self.fan: User = UserFactory(username="fan")
        self.star: User = UserFactory(username="star")
        self.moderator: User = UserFactory(username="boss", is_staff=True, is_superuser=True)
        self.clip: Clip = ClipFactory(
            author=self.person, with_files=True, caption=f"{MARKER} caption", alt_text=f"{MARKER} alt"
        )
        Clip.objects.filter(pk=self.clip.pk).update(original_name=f"{MARKER}.mov")
        self.failed: Clip = ClipFactory(author=self.person, failed=True, caption=f"{MARKER} failed")
        self.star_clip: Clip = ClipFactory(author=self.star, with_files=True, caption="of the star")
        for one, other in ((self.person, self.star), (self.star, self.person), (self.fan, self.person)):
            FollowFactory(follower=one, followee=other)
        publish(self.clip)
        publish(self.star_clip)
        self.repost: Repost = RepostFactory(user=self.person, clip=self.star_clip, comment=f"{MARKER} comment")
        publish_repost(self.repost)
        self.onward: Repost = RepostFactory(user=self.fan, clip=self.star_clip, via=self.repost, depth=1)
        publish_repost(self.onward)
        self.by_fan: Repost = RepostFactory(user=self.fan, clip=self.clip, comment="by the fan")
        publish_repost(self.by_fan)
        for recipe in RECIPES.values():
            recipe(self)
        while (chunks := fanout.plan()) is not None:
            for chunk in chunks:
                fanout.deliver(chunk_id=chunk)


def _picture(world: World) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), (1, 2, 3)).save(picture, "PNG")
    services.update_profile(user=world.person, avatar=avatars.store_avatar(picture, size=picture.tell()))


def _signed_in(world: World) -> None:
    """A browser, a half sign-in that is cut off, a token, and an answer that is kept."""
    client = Client()
    client.post("/account/login/", {"login": MARKER, "password": PASSWORD})
    given = {"username": MARKER, "password": PASSWORD, "name": f"{MARKER} token"}
    token = Client().post("/api/v1/auth/token", given, content_type="application/json").json()["token"]
    client.get("/", headers={"accept": "text/html"})
    headers = {"authorization": f"Bearer {token}", "idempotency-key": f"{MARKER}-key"}
    Client().post("/api/v1/me/exports", content_type="application/json", headers=headers)
    sign_up = {"scope": "anon:0", "key": "first", "request_hash": "x", "status": 201}
    Authenticator.objects.create(user=world.person, type=Authenticator.Type.TOTP, data={"secret": f"{MARKER} secret"})
    OutgoingMail.objects.create(to=MAIL, subject=f"For {MARKER}", text=MARKER)
    IdempotentRequest.objects.create(**sign_up, body=f'{{"username":"{MARKER}"}}'.encode(), lease_until=timezone.now())


def _export(world: World) -> None:
    """One that is ready, one that was made before, and one that waits."""
    Export.objects.filter(user=world.person).delete()
    for _ in range(2):
        export, _created = exports.request_export(user=world.person)
        exports.make_export(export_id=export.pk)
    Export.objects.create(user=world.person)


def _watch(world: World) -> None:
    record_watch(viewer=world.person, clip=world.star_clip, ms=9_000)
    record_watch(viewer=world.fan, clip=world.clip, ms=9_000)


def _talk(world: World) -> None:
    """Likes and comments in both directions; a reply of the fan under the person's comment."""
    LikeFactory(user=world.person, clip=world.star_clip)
    LikeFactory(user=world.fan, clip=world.star_clip)
    LikeFactory(user=world.fan, clip=world.clip)
    of_star: Comment = CommentFactory(author=world.star, clip=world.star_clip, text="mine")
    CommentLike.objects.create(user=world.person, comment=of_star)
    CommentFactory(author=world.person, clip=world.star_clip, parent=of_star, text=f"{MARKER} reply")
    own = CommentFactory(author=world.person, clip=world.star_clip, text=f"{MARKER} word")
    CommentFactory(author=world.fan, clip=world.star_clip, parent=own, text="a reply to that")
    CommentFactory(author=world.fan, clip=world.clip, text="on the clip of the person")
    CommentFactory(
        author=world.fan, clip=world.clip, text="off with it", deleted_at=timezone.now(), deleted_by=world.person
    )
    Mention.objects.create(user=world.person, clip=world.star_clip)
    Mention.objects.create(user=world.fan, clip=world.clip)
    tag = Hashtag.objects.create(name=f"{MARKER}tag")
    shared = Hashtag.objects.create(name="shared")
    for clip, hashtag in ((world.clip, tag), (world.clip, shared), (world.star_clip, shared)):
        ClipHashtag.objects.create(hashtag=hashtag, clip=clip, published_at=timezone.now())
    CaptionTrack.objects.create(clip=world.clip, language="en", vtt=f"WEBVTT\n\n{MARKER} spoken", cue_count=1)
    counts.audit(fix=True)


def _notifications(world: World) -> None:
    for recipient, actor in ((world.star, world.person), (world.person, world.star), (world.person, world.fan)):
        notify(recipient_id=recipient.pk, actor_id=actor.pk, kind=Kind.FOLLOWED, news_again_after=timedelta(0))
    change_settings(user=world.person, digest="daily")


def _sends(world: World) -> None:
    """To and from the person, and a clip of theirs that others sent each other."""
    for sender, recipient, clip, text in (
        (world.person, world.star, world.star_clip, f"{MARKER} line"),
        (world.fan, world.person, world.star_clip, "for you"),
        (world.fan, world.star, world.star_clip, "stays"),
        (world.fan, world.star, world.clip, "goes with the clip"),
    ):
        sending._deliver(sender, recipient, clip, text)


def _search(world: World) -> None:
    RecentSearch.objects.create(user=world.person, query=f"{MARKER} query", folded=f"{MARKER} query")
    SearchPause.objects.create(user=world.person)
    rebuild()


def _controls(world: World) -> None:
    FeedControl.objects.create(viewer=world.person, kind="words", text=f"{MARKER} word", key=f"{MARKER} word")
    FeedControl.objects.create(viewer=world.person, kind="clip", clip=world.star_clip)
    FeedControl.objects.create(viewer=world.fan, kind="clips_by", person=world.person)


def _feed(world: World) -> None:
    for viewer in (world.person, world.fan):
        upkeep.ready_state(viewer)


def _at_the_desk(world: World) -> None:
    kind = ContentType.objects.get_for_model(User)
    for user, text in ((world.moderator, str(world.person)), (world.person, "fan")):
        LogEntry.objects.create(
            user=user,
            content_type=kind,
            object_id=str(world.person.pk if user == world.moderator else world.fan.pk),
            object_repr=text,
            action_flag=CHANGE,
            change_message="deactivated",
        )
    address = ContentType.objects.get_for_model(EmailAddress)
    LogEntry.objects.create(
        user=world.moderator, content_type=address, object_id="1", object_repr=f"{MAIL} (x)", action_flag=CHANGE
    )


def _powers(world: World) -> None:
    world.person.groups.add(Group.objects.create(name="helpers"))
    world.person.user_permissions.add(Permission.objects.first())


# By the columns that they fill, in the order in which they run.
RECIPES: dict[str, Callable[[World], Any]] = {
    "accounts.User": _picture,
    "accounts.FormerHandle.user": lambda world: None,
    "accounts.Follow.follower": lambda world: None,
    "accounts.Follow.followee": lambda world: None,
    "accounts.Block.blocker": lambda world: BlockFactory(blocker=world.person, blocked=UserFactory()),
    "accounts.Block.blocked": lambda world: BlockFactory(blocker=UserFactory(), blocked=world.person),
    "accounts.Mute.muter": lambda world: MuteFactory(muter=world.person, muted=UserFactory()),
    "accounts.Mute.muted": lambda world: MuteFactory(muter=UserFactory(), muted=world.person),
    "accounts.User_groups.user": _powers,
    "accounts.User_user_permissions.user": lambda world: None,
    "account.EmailAddress.user": lambda world: EmailAddress.objects.create(user=world.person, email=MAIL, primary=True),
    "admin.LogEntry.user": _at_the_desk,
    "clips.Clip.author": lambda world: None,
    "clips.Watch.viewer": _watch,
    "clips.Like.user": _talk,
    "clips.CommentLike.user": lambda world: None,
    "clips.Comment.author": lambda world: None,
    "clips.Comment.deleted_by": lambda world: None,
    "clips.Mention.user": lambda world: None,
    "feeds.Notification.recipient": _notifications,
    "feeds.Notification.actor": lambda world: None,
    "feeds.NotificationGroup.recipient": lambda world: None,
    "feeds.NotificationSettings.user": lambda world: None,
    "clips.Send.sender": _sends,
    "clips.Send.recipient": lambda world: None,
    "clips.Conversation.owner": lambda world: None,
    "clips.Conversation.other": lambda world: None,
    "feeds.FeedControl.viewer": _controls,
    "feeds.FeedControl.person": lambda world: None,
    "feeds.RecentSearch.user": _search,
    "feeds.SearchPause.user": lambda world: None,
    "reposts.Repost.user": lambda world: None,
    "reposts.Arrival.viewer": lambda world: [
        Arrival.objects.create(viewer=world.person, clip=world.star_clip, repost=world.onward),
        Arrival.objects.create(viewer=world.star, clip=world.clip, repost=world.by_fan),
        Arrival.objects.create(viewer=world.fan, clip=world.star_clip, repost=world.repost),
    ],
    "feeds.Activity.actor": lambda world: None,
    "feeds.FeedState.viewer": _feed,
    "feeds.SeenClip.viewer": lambda world: None,
    "knox.AuthToken.user": _signed_in,
    "usersessions.UserSession.user": lambda world: None,
    "mfa.Authenticator.user": lambda world: None,
    "accounts.SecurityEvent.user": lambda world: None,
    "accounts.Export.user": _export,
    "accounts.Departure.user": lambda world: None,  # made when the tests let them go
}


def references() -> Iterator[tuple[str, type[Model], str]]:
    """Every column that refers to a person: (its name, the model, the column)."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if getattr(field, "concrete", False) and field.related_model is User and not field.many_to_many:
                name = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                yield name, model, field.name


def let_go(person: User) -> Departure:
    """The person has asked for deletion, and the time of grace is over."""
    departure = departures.request_deletion(user=person)
    Departure.objects.filter(pk=departure.pk).update(erase_at=timezone.now() - timedelta(seconds=1))
    return Departure.objects.get(pk=departure.pk)


def dump() -> str:
    """Every row of every table of the database, those of no model included, as text."""
    lines = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [f"{table}: {[_text(value) for value in row]}" for row in cursor.fetchall()]
    return "\n".join(lines)


def _text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)


def stored_files() -> dict[str, bytes]:
    """Every file below MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
