"""What people leave out of their feeds: who may say what, renewing, taking back, and the list of it all.

That feeds obey is `tests/properties`' matter; here, what the services refuse and what the list tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import SelfEdge
from accounts.models import Follow, Mute
from accounts.services import block_user, mute_user
from clips.models import Clip
from feeds import controls
from feeds.control_list import BadPlace, Place, all_control_lines, control_lines
from feeds.exceptions import NoWords, OwnControl, TooManyWords, WordsTooLong
from feeds.models import ControlKind, FeedControl
from tests.factories import ClipFactory, FollowFactory, RepostFactory, UserFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def bob():
    return UserFactory(username="bob")


@pytest.fixture
def ana():
    return UserFactory(username="ana")


def listed(viewer, **which):
    return [
        (line.kind, line.person.username if line.person else line.text) for line in control_lines(viewer, **which).rows
    ]


def test_hiding_again_renews_and_does_not_double(bob):
    clip = ClipFactory()
    first = controls.hide_clip(viewer=bob, clip_id=clip.pk)
    FeedControl.objects.update(created_at=timezone.now() - WEEK)
    until = timezone.now() + WEEK
    again = controls.hide_clip(viewer=bob, clip_id=clip.pk, until=until)
    assert (again.pk, again.until) == (first.pk, until)
    assert timezone.now() - FeedControl.objects.get().created_at < timedelta(minutes=1)


def test_nothing_is_said_about_what_one_may_not_see(bob, ana):
    clip = ClipFactory(author=ana, visibility="followers")
    for say in (controls.hide_clip, controls.fewer_like):
        with pytest.raises(Clip.DoesNotExist):
            say(viewer=bob, clip_id=clip.pk)
    assert not FeedControl.objects.exists()


def test_ones_own_clips_and_oneself_are_refused(bob):
    clip = ClipFactory(author=bob)
    for say in (controls.hide_clip, controls.fewer_like):
        with pytest.raises(OwnControl):
            say(viewer=bob, clip_id=clip.pk)
    for say in (controls.hide_clips_by, controls.hide_reposts_of, controls.hide_reposts_by):
        with pytest.raises(SelfEdge):
            say(viewer=bob, person=bob)
    assert not FeedControl.objects.exists()
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [("", NoWords), (" … \x00\u202e", NoWords), ("x" * 101, WordsTooLong), ("ﷺ" * 60, WordsTooLong)],
)
def test_what_is_no_phrase_is_refused(bob, text, error):
    with pytest.raises(error):
        controls.hide_words(viewer=bob, text=text)
    assert not FeedControl.objects.exists()


def test_the_same_words_typed_otherwise_are_one_line(bob):
    controls.hide_words(viewer=bob, text="So  good!")
    control = controls.hide_words(viewer=bob, text="ＳＯ GOOD")
    assert FeedControl.objects.get() == control
    assert control.text == "ＳＯ GOOD"
    controls.show_words(viewer=bob, text="so good?")
    assert not FeedControl.objects.exists()


def test_there_is_an_end_to_words(bob, monkeypatch):
    monkeypatch.setattr(controls, "MOST_WORDS", 2)
    controls.hide_words(viewer=bob, text="one")
    controls.hide_words(viewer=bob, text="two", until=timezone.now() - WEEK)  # over: does not count
    controls.hide_words(viewer=bob, text="three")
    with pytest.raises(TooManyWords):
        controls.hide_words(viewer=bob, text="four")
    controls.hide_words(viewer=bob, text="ONE", until=timezone.now() + WEEK)  # not a further one
    assert FeedControl.objects.count() == 3


def test_hiding_reposts_makes_no_less_of_a_mute_of_everything(bob, ana):
    mute_user(muter=bob, muted=ana)
    controls.hide_reposts_by(viewer=bob, person=ana, until=timezone.now() + WEEK)
    mute = Mute.objects.get()
    assert (mute.scope, mute.until) == ("all", None)
    controls.show_reposts_by(viewer=bob, person=ana)
    assert Mute.objects.get() == mute


def test_showing_reposts_again_undoes_both_ways_of_hiding_them(bob, ana):
    FollowFactory(follower=bob, followee=ana, show_reposts=False)
    controls.hide_reposts_by(viewer=bob, person=ana)
    assert sorted(listed(bob)) == [("reposts_by", "ana"), ("reposts_off", "ana")]
    controls.show_reposts_by(viewer=bob, person=ana)
    assert listed(bob) == []
    assert Follow.objects.get().show_reposts


def test_fewer_keeps_what_it_was_said_of_then(bob, ana):
    clip = ClipFactory(author=ana, caption="At the #Sea with my #ＣＡＴ")
    FollowFactory(follower=bob, followee=(ben := UserFactory(username="ben")))
    repost = RepostFactory(user=ben, clip=clip)
    hidden = RepostFactory(clip=clip)  # by a stranger: bob may not see it
    controls.fewer_like(viewer=bob, clip_id=clip.pk, via_id=hidden.pk)
    assert FeedControl.objects.get().via is None
    control = controls.fewer_like(viewer=bob, clip_id=clip.pk, via_id=repost.pk)
    Clip.objects.filter(pk=clip.pk).update(caption="")
    (line,) = control_lines(bob).rows
    assert (line.tags, line.reposter.username, line.person.username) == (("sea", "cat"), "ben", "ana")
    assert (round(line.weight_author, 2), round(line.weight_other, 2)) == (0.2, 0.5)
    assert control.until - control.created_at > timedelta(days=153)


def test_everything_is_listed_newest_first_and_undone_by_its_line(bob, ana):
    clip = ClipFactory(author=ana, caption="a wave")
    follow = FollowFactory(follower=bob, followee=UserFactory(username="cid"), show_reposts=False)
    Follow.objects.filter(pk=follow.pk).update(created_at=timezone.now() - WEEK)
    mute_user(muter=bob, muted=UserFactory(username="dora"))
    controls.hide_clip(viewer=bob, clip_id=clip.pk)
    controls.hide_clips_by(viewer=bob, person=ana)
    controls.hide_reposts_of(viewer=bob, person=ana)
    controls.hide_words(viewer=bob, text="spiders")
    controls.fewer_like(viewer=bob, clip_id=clip.pk)
    mute_user(muter=bob, muted=UserFactory(username="over"), until=timezone.now() - WEEK)
    assert listed(bob) == [
        ("fewer", "ana"),
        ("words", "spiders"),
        ("reposts_of", "ana"),
        ("clips_by", "ana"),
        ("clip", "ana"),
        ("everything_by", "dora"),
        ("reposts_off", "cid"),
    ]
    for line in all_control_lines(bob):
        assert listed(bob, kind=line.kind) == [(line.kind, line.person.username if line.person else line.text)]
        assert not controls.undo(viewer=ana, reference=line.reference)
        assert controls.undo(viewer=bob, reference=line.reference)
        assert not controls.undo(viewer=bob, reference=line.reference)
    assert listed(bob) == []


@pytest.mark.parametrize("reference", ["", "c", "x1", "c-1", "c1x", "c" + "9" * 30, "c١", "1"])
def test_a_reference_that_is_none_undoes_nothing(bob, reference):
    assert not controls.undo(viewer=bob, reference=reference)


def test_pages_of_the_list_neither_double_nor_skip(bob):
    now = timezone.now()
    for number in range(5):
        control = controls.hide_words(viewer=bob, text=f"word{number}")
        mute = mute_user(muter=bob, muted=UserFactory())
        FeedControl.objects.filter(pk=control.pk).update(created_at=now)  # the same instant for many
        Mute.objects.filter(pk=mute.pk).update(created_at=now)
    whole = [line.reference for line in control_lines(bob).rows]
    seen, below = [], None
    while True:
        page = control_lines(bob, below=below, limit=3)
        seen += [line.reference for line in page.rows]
        if page.next is None:
            break
        below = Place.decode(page.next.encode())
    assert seen == whole
    assert len(set(seen)) == 10


@pytest.mark.parametrize("text", ["", "x", "1c", "c1", "1z1", "-1c1", "1c1c1", "9" * 18 + "c1", "1\x00c1"])
def test_a_damaged_place_is_told(text):
    with pytest.raises(BadPlace):
        Place.decode(text)


def test_a_clip_one_may_no_longer_see_tells_nothing_new(bob, ana):
    clip = ClipFactory(author=ana)
    controls.hide_clip(viewer=bob, clip_id=clip.pk)
    block_user(blocker=ana, blocked=bob)
    (line,) = control_lines(bob).rows
    assert (line.clip, line.person, line.clip_id) == (None, None, clip.pk)
    assert controls.undo(viewer=bob, reference=line.reference)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_however_long(bob, count, django_assert_num_queries):
    for number in range(count):
        clip = ClipFactory()
        controls.hide_clip(viewer=bob, clip_id=clip.pk)
        controls.fewer_like(viewer=bob, clip_id=clip.pk)
        controls.hide_words(viewer=bob, text=f"word{number}")
        mute_user(muter=bob, muted=UserFactory())
        FollowFactory(follower=bob, show_reposts=False)
    with django_assert_num_queries(6):  # controls, mutes, follows; which clips are visible, clips, renditions
        assert len(control_lines(bob, limit=200).rows) == 5 * count


def test_shapes_are_held_by_the_database(bob, ana):
    for wrong in (
        {"kind": "clip"},
        {"kind": "words", "key": ""},
        {"kind": "clips_by"},
        {"kind": "nonsense", "person": ana},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedControl.objects.create(viewer=bob, **wrong)
    assert ControlKind.values == ["clip", "clips_by", "reposts_of", "words", "fewer"]
