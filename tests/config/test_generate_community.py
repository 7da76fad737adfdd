"""`manage.py generate_community`: a small one, whole in itself."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Follow, User
from clips.models import Clip, ClipHashtag
from clips.talk import counts
from feeds import assembly
from feeds.models import Activity, FeedEntry
from reposts.models import Repost

pytestmark = pytest.mark.django_db


def test_a_community_with_everything_delivered(capsys):
    call_command("generate_community", people=40, clips=60)
    assert User.objects.count() == 40
    assert Clip.objects.count() == 60
    assert Follow.objects.count() > 300
    assert Activity.objects.count() == 60 + Repost.objects.count()
    assert not Activity.objects.filter(delivered_at=None).exists()
    assert FeedEntry.objects.count() > 300
    handle = capsys.readouterr().out.split("Sign in as ")[1].split(",")[0]
    reader = User.objects.get(username=handle)
    assert reader.check_password("demo")
    assert ClipHashtag.objects.count() > 60
    assert counts.audit(fix=False) == []
    assert len(assembly.following_page(reader, limit=20).cards) == 20


def test_never_where_somebody_lives(db):
    User.objects.create_user("ana")
    with pytest.raises(CommandError, match="somebody lives here"):
        call_command("generate_community", people=5, clips=5)
    with pytest.raises(CommandError, match="two people"):
        call_command("generate_community", people=1, clips=0)
