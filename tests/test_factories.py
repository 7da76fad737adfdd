"""The factories make what they say: other tests stand on them."""

from __future__ import annotations

import av
import pytest

from clips import files
from clips.models import Clip
from feeds.models import Activity

from .factories import PASSWORD, ClipFactory, FollowFactory, RepostFactory, UserFactory, publish, publish_repost

pytestmark = pytest.mark.django_db


def test_person_can_sign_in(client):
    UserFactory(username="alice")
    assert client.login(username="alice", password=PASSWORD)


def test_clip_is_live_and_has_one_rendition():
    clip = ClipFactory()
    assert list(Clip.objects.visible_to(clip.author)) == [clip]
    assert clip.renditions.get().path.endswith("/720.mp4")
    assert not files.absolute(clip.poster).exists()


@pytest.mark.parametrize("state", ["processing", "failed"])
def test_unpublished_clip(state):
    clip = ClipFactory(**{state: True})
    assert (clip.state, clip.published_at, clip.renditions.count()) == (state, None, 0)


def test_real_files_play(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clip = ClipFactory(with_files=True)
    with av.open(str(files.absolute(clip.renditions.get().path))) as video:
        assert video.streams.video[0].frames == 5


def test_log_and_counts():
    repost = RepostFactory()
    publish(repost.clip)
    publish_repost(repost)
    repost.clip.refresh_from_db()
    assert repost.clip.repost_count == 1
    assert Activity.objects.count() == 2
    assert FollowFactory().accepted_at is not None
