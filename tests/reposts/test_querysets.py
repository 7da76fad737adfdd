"""Who sees which repost. Bob reposted alice's clip; the others look at it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from clips.models import Clip
from reposts.models import Repost
from tests.factories import BlockFactory, ClipFactory, FollowFactory, RepostFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def repost():
    return RepostFactory(
        clip=ClipFactory(author=UserFactory(username="alice")), user=UserFactory(username="bob"), comment="look"
    )


def viewer_who_is(kind: str, repost: Repost):
    if kind == "anonymous":
        return AnonymousUser()
    if kind in ("author", "reposter"):
        return repost.clip.author if kind == "author" else repost.user
    viewer = UserFactory(username="viewer", is_staff=kind == "staff")
    if kind in ("follower", "mutual", "both blocked by author", "both blocked by reposter"):
        FollowFactory(follower=viewer, followee=repost.user)
    if kind == "mutual":
        FollowFactory(follower=repost.user, followee=viewer)
    if kind == "asked":
        FollowFactory(follower=viewer, followee=repost.user, accepted_at=None)
    if kind == "followed":
        FollowFactory(follower=repost.user, followee=viewer)
    if kind == "both blocked by author":
        BlockFactory(blocker=repost.clip.author, blocked=viewer)
    if kind == "both blocked by reposter":
        BlockFactory(blocker=repost.user, blocked=viewer)
    return viewer


EVERYBODY = [
    *("anonymous", "stranger", "staff", "asked", "followed", "follower", "mutual", "author", "reposter"),
    *("both blocked by author", "both blocked by reposter"),
]
TO_FOLLOWERS = {"follower", "mutual", "author", "reposter"}


@pytest.mark.parametrize("kind", EVERYBODY)
@pytest.mark.parametrize(
    ("change", "seen_by"),
    [
        pytest.param({}, TO_FOLLOWERS, id="to followers"),
        pytest.param({"audience": "mutuals"}, {"mutual", "reposter"}, id="to mutuals"),
        pytest.param({"undone_at": timezone.now()}, set(), id="undone"),
        pytest.param({"user.is_private": True}, TO_FOLLOWERS - {"author"}, id="private reposter"),
        pytest.param({"user.is_active": False}, set(), id="deactivated reposter"),
        pytest.param({"clip.deleted_at": timezone.now()}, set(), id="deleted clip"),
        pytest.param({"clip.allow_reposts": "no"}, set(), id="reposts switched off"),
        pytest.param({"clip.allow_reposts": "with_comment"}, TO_FOLLOWERS, id="comment required and there"),
        pytest.param({"clip.allow_reposts": "with_comment", "comment": ""}, set(), id="comment required, none"),
        pytest.param({"clip.visibility": "followers"}, {"author"}, id="clip for its author's followers"),
        pytest.param({"author.is_private": True}, {"author"}, id="private author"),
    ],
)
def test_who_sees_a_repost(repost, kind, change, seen_by):
    viewer = viewer_who_is(kind, repost)
    for path, value in change.items():
        rows = {"user": User, "clip": Clip, "author": User}
        owner, _, field = path.rpartition(".")
        pk = {"user": repost.user_id, "clip": repost.clip_id, "author": repost.clip.author_id}.get(owner, repost.pk)
        rows.get(owner, Repost).objects.filter(pk=pk).update(**{field: value})
    assert Repost.objects.visible_to(viewer).exists() == (kind in seen_by)


@pytest.mark.parametrize(
    ("tab", "seen_by"),
    [
        ("followers", {"follower", "mutual", "author", "reposter"}),
        ("mutuals", {"mutual", "reposter"}),
        ("nobody", {"reposter"}),
    ],
)
@pytest.mark.parametrize("kind", ["anonymous", "stranger", "follower", "mutual", "author", "reposter"])
def test_the_tab_only_narrows(repost, kind, tab, seen_by):
    repost.user.reposts_tab = tab
    repost.user.save()
    viewer = viewer_who_is(kind, repost)
    assert Repost.objects.on_tab_of(repost.user, viewer).exists() == (kind in seen_by)


def test_the_tab_holds_its_owners_reposts_only(repost):
    viewer = viewer_who_is("follower", repost)
    other = RepostFactory(clip=repost.clip)
    FollowFactory(follower=viewer, followee=other.user)
    assert list(Repost.objects.on_tab_of(repost.user, viewer)) == [repost]
    assert set(Repost.objects.by_connections_of(viewer)) == {repost, other}
    assert not Repost.objects.by_connections_of(UserFactory()).exists()
