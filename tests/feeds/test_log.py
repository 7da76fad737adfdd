"""One line a publication, one line a repost, in the same transaction."""

import pytest
from django.db import IntegrityError, transaction

from feeds import log
from feeds.models import Activity, Fanout
from reposts.services import repost_clip, undo_repost
from tests.factories import ClipFactory, RepostFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


def test_an_empty_log_has_no_newest_line():
    assert log.newest_id() == 0


def test_a_publication_is_one_line_however_often_it_is_announced():
    clip = ClipFactory()
    line = publish(clip)
    assert publish(clip) == line
    assert (line.kind, line.actor_id, line.clip_id, line.repost_id) == ("publish", clip.author_id, clip.pk, None)
    assert (line.fanout, line.delivered_at) == (Fanout.WAITING, None)
    assert log.newest_id() == line.pk


def test_each_repost_is_a_line_of_its_own():
    clip, user = ClipFactory(), UserFactory()
    first, _ = repost_clip(user=user, clip_id=clip.pk)
    undo_repost(user=user, clip_id=clip.pk)
    second, _ = repost_clip(user=user, clip_id=clip.pk)
    repost_clip(user=user, clip_id=clip.pk, comment="only the comment changes")
    assert list(Activity.objects.order_by("pk").values_list("kind", "actor", "clip", "repost")) == [
        ("repost", user.pk, clip.pk, first.pk),
        ("repost", user.pk, clip.pk, second.pk),
    ]


def test_what_is_rolled_back_is_not_in_the_log():
    clip, user = ClipFactory(), UserFactory()
    with transaction.atomic():
        repost_clip(user=user, clip_id=clip.pk)
        transaction.set_rollback(True)
    assert not Activity.objects.exists()


def test_the_database_refuses_a_second_publication_and_a_repost_without_one():
    clip = ClipFactory()
    publish(clip)
    for wrong in ({"kind": "publish"}, {"kind": "repost"}, {"kind": "publish", "repost": RepostFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.create(actor=clip.author, clip=clip, **wrong)
