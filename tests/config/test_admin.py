"""Every list of the desk: who may open it, what it costs, and that it holds what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from accounts import departures, exports, handles
from accounts.models import (
    Block,
    Departure,
    Erasure,
    Export,
    Follow,
    FormerHandle,
    Mute,
    OutgoingMail,
    RetiredHandle,
    SecurityEvent,
    ThrottleMark,
    User,
)
from clips.captions.tracks import put_track
from clips.captions.webvtt import Cue
from clips.models import (
    CaptionTrack,
    Clip,
    ClipHashtag,
    Comment,
    CommentLike,
    Conversation,
    Hashtag,
    Like,
    Mention,
    Rendition,
    Send,
    Watch,
)
from feeds.models import (
    Activity,
    FanoutChunk,
    FeedControl,
    FeedState,
    Notification,
    NotificationGroup,
    NotificationSettings,
    RecentSearch,
    SearchDocument,
    SearchPause,
    SeenClip,
    TrendingClip,
)
from feeds.notifications import writing
from reposts.models import Arrival, Repost
from tests.factories import (
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

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12  # a changelist: session, user, the rows, two counts, a date hierarchy (3), filters


def _chain() -> Repost:
    repost = RepostFactory(comment="한 번 보세요")
    return RepostFactory(clip=repost.clip, via=repost, depth=1, comment="كل يوم")


def _notification() -> Notification:
    writing.tell_reposted(_chain())
    return Notification.objects.latest("pk")


def _log_entry() -> LogEntry:
    return LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(User),
        object_id="1",
        object_repr="@somebody",
        action_flag=CHANGE,
        change_message="deactivated",
    )


def _tagged() -> ClipHashtag:
    hashtag = Hashtag.objects.create(name=f"海{Hashtag.objects.count()}")
    return ClipHashtag.objects.create(clip=ClipFactory(), hashtag=hashtag, published_at=timezone.now())


def _mention() -> Mention:
    comment = CommentFactory()
    return Mention.objects.create(user=UserFactory(), clip=comment.clip, comment=comment)


def _send() -> Send:
    return Send.objects.create(sender=UserFactory(), recipient=UserFactory(), clip=ClipFactory(), text="보세요")


def _departure() -> Departure:
    return departures.request_deletion(user=UserFactory())


def _former_handle() -> FormerHandle:
    person = UserFactory()
    handles.change_handle(user=person, handle=f"{person.username}.b")
    return person.former_handles.get()


def _retired_handle() -> RetiredHandle:
    handles.retire_handles([f"gone{RetiredHandle.objects.count()}"])
    return RetiredHandle.objects.latest("until")


MAKERS: dict[type[Model], Callable[[], Any]] = {
    User: UserFactory,
    Follow: FollowFactory,
    Block: BlockFactory,
    Mute: MuteFactory,
    AuthToken: lambda: AuthToken.objects.create(UserFactory())[0],
    FormerHandle: _former_handle,
    RetiredHandle: _retired_handle,
    Departure: _departure,
    Erasure: lambda: Erasure.objects.create(asked_at=timezone.now()),
    Export: lambda: exports.request_export(user=UserFactory())[0],
    Clip: ClipFactory,
    Rendition: lambda: ClipFactory().renditions.get(),
    Watch: lambda: Watch.objects.create(viewer=UserFactory(), clip=ClipFactory(), furthest_ms=900),
    Like: LikeFactory,
    Comment: lambda: CommentFactory(parent=CommentFactory()),
    CommentLike: lambda: CommentLike.objects.create(user=UserFactory(), comment=CommentFactory()),
    Hashtag: lambda: _tagged().hashtag,
    ClipHashtag: lambda: _tagged(),
    Mention: lambda: _mention(),
    Send: _send,
    Conversation: lambda: Conversation.objects.create(owner=UserFactory(), other=UserFactory(), newest_id=_send().pk),
    CaptionTrack: lambda: put_track(clip=ClipFactory(), language="en", cues=[Cue(0, 900, "Hello")])[0],
    Repost: _chain,
    Arrival: lambda: Arrival.objects.create(viewer=UserFactory(), clip=(via := _chain()).clip, repost=via),
    Activity: lambda: publish_repost(_chain()),
    FanoutChunk: lambda: FanoutChunk.objects.create(activity=publish(ClipFactory()), follower_from=1, follower_to=9),
    FeedState: lambda: FeedState.objects.create(viewer=UserFactory()),
    SearchDocument: lambda: SearchDocument.objects.get(pk=UserFactory().pk * 4),
    RecentSearch: lambda: RecentSearch.objects.create(user=UserFactory(), query="x", folded="x"),
    SearchPause: lambda: SearchPause.objects.create(user=UserFactory()),
    FeedControl: lambda: FeedControl.objects.create(viewer=UserFactory(), kind="clip", clip=ClipFactory()),
    TrendingClip: lambda: TrendingClip.objects.create(clip=ClipFactory(), score=1.5),
    SeenClip: lambda: SeenClip.objects.create(viewer=UserFactory(), clip=ClipFactory(), activity_id=3),
    Notification: _notification,
    NotificationGroup: lambda: _notification().group,
    NotificationSettings: lambda: NotificationSettings.objects.create(user=UserFactory()),
    LogEntry: _log_entry,
    Group: lambda: Group.objects.create(name=f"group {Group.objects.count()}"),
    Authenticator: lambda: Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": "hidden"}),
    UserSession: lambda: UserSession.objects.create(
        user=UserFactory(), ip="203.0.113.7", session_key=f"key-{User.objects.count()}", user_agent="Firefox/140 Linux"
    ),
    SecurityEvent: lambda: SecurityEvent.objects.create(user=UserFactory(), kind="signed_in"),
    OutgoingMail: lambda: OutgoingMail.objects.create(to="ana@example.org", subject="Hello", text="secret link"),
    ThrottleMark: lambda: ThrottleMark.objects.create(key=f"sign_in:{ThrottleMark.objects.count()}", free_at=1),
    EmailAddress: lambda: EmailAddress.objects.create(user=UserFactory(), email=f"p{User.objects.count()}@example.org"),
}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def page(model: type[Model], name: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def mod(client: Client) -> User:
    """A signed-in superuser."""
    user = UserFactory(username="mod", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_every_registered_model_is_tried_here():
    assert set(MODELS) == set(MAKERS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
class TestList:
    def cost(self, client: Client, model: type[Model]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(page(model))
        assert response.status_code == 200
        assert len(response.context["cl"].result_list) >= 1
        return len(queries)

    def test_costs_the_same_however_long(self, client, mod, model):
        MAKERS[model]()
        client.get(page(model))  # content types are cached from the first page on
        one = self.cost(client, model)
        for _ in range(20):
            MAKERS[model]()
        assert self.cost(client, model) == one
        assert one <= MOST_QUERIES

    def test_row_opens(self, client, mod, model):
        row = MAKERS[model]()
        response = client.get(page(model, "change", row.pk))
        assert response.status_code == 200

    def test_search_and_filters_answer(self, client, mod, model):
        MAKERS[model]()
        desk = admin.site._registry[model]
        if desk.search_fields:
            for text in ("ana", "7", "日本", "'; --"):
                assert client.get(page(model), {"q": text}).status_code == 200
        changelist = client.get(page(model)).context["cl"]
        for spec in changelist.filter_specs:
            for choice in spec.choices(changelist):
                assert client.get(page(model) + choice["query_string"]).status_code == 200, choice

    def test_needs_permission(self, client, model):
        client.force_login(UserFactory(is_staff=True))
        assert client.get(page(model)).status_code == 403

    def test_view_permission_is_enough_to_look(self, client, model):
        MAKERS[model]()
        staff = UserFactory(is_staff=True)
        staff.user_permissions.add(
            Permission.objects.get(
                content_type__app_label=model._meta.app_label, codename=f"view_{model._meta.model_name}"
            )
        )
        client.force_login(staff)
        response = client.get(page(model))
        assert response.status_code == 200
        actions = (
            dict(response.context["action_form"].fields["action"].choices) if response.context["action_form"] else {}
        )
        assert set(actions) <= {""}


OWNED_BY_SERVICES = set(MODELS) - {User, Group, EmailAddress}


@pytest.mark.parametrize(
    "model", sorted(OWNED_BY_SERVICES, key=lambda model: model._meta.label), ids=lambda m: m.__name__
)
def test_rows_of_services_are_not_added_by_hand(client, mod, model):
    assert client.get(page(model, "add")).status_code == 403


@pytest.mark.parametrize("model", [User, Clip, Comment, Repost, Activity, FanoutChunk, FeedState, Watch, LogEntry])
def test_rows_are_not_deleted_behind_the_services(client, mod, model):
    row = MAKERS[model]()
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    client.post(page(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()


def test_desk_has_a_face_and_its_own_policy(client, mod):
    response = client.get(reverse("admin:index"))
    text = response.content.decode()
    assert "Reprise" in text
    assert "css/desk.css" in text
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_what_was_done_is_on_record(client, mod):
    person = UserFactory()
    client.post(page(User), {"action": "deactivate", "_selected_action": [person.pk], "confirmed": "yes"})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (mod, str(person.pk), "deactivated")
