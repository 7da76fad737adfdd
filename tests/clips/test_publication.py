"""Drafts and scheduled clips: published once, at their time, whoever gets there first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clips import files, processing, publication, services, tasks
from clips.exceptions import AlreadyPublished, BadSchedule, TooManyHeld
from clips.media import pipeline
from clips.models import Clip
from feeds.models import Activity
from tests.factories import ClipFactory, UserFactory, tiny_mp4

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HOUR = timedelta(hours=1)


def in_(delta: timedelta):
    return timezone.now() + delta


def prepare(clip: Clip, settings, tmp_path) -> Clip:
    """Be the media worker, with a converter that makes nothing."""
    settings.MEDIA_ROOT = tmp_path
    source = files.absolute(clip.original)
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(tiny_mp4())

    def convert(source, out_dir, **unused):
        (out_dir / "720.mp4").write_bytes(b"made")
        return pipeline.MediaResult(
            renditions=[pipeline.RenditionFile(out_dir / "720.mp4", 720, 720, 1280, 4)],
            poster=out_dir / "poster.webp",
            placeholder="data:,",
            duration_ms=500,
            width=720,
            height=1280,
            has_audio=False,
            sha256="0" * 64,
            jail=None,
        )

    assert processing.process_clip(clip_id=clip.pk, convert=convert)
    clip.refresh_from_db()
    return clip


def stands(clip: Clip) -> tuple[str, str, bool, int]:
    """(state, plan, has a publication time, lines in the log)."""
    clip.refresh_from_db()
    return clip.state, clip.plan, clip.published_at is not None, Activity.objects.filter(clip=clip).count()


@pytest.mark.parametrize(
    ("plan", "at", "wanted"),
    [
        ("now", None, ("ready", "now", True, 1)),
        ("draft", None, ("held", "draft", False, 0)),
        ("at", HOUR, ("held", "at", False, 0)),
        ("at", -HOUR, ("ready", "now", True, 1)),  # it was due while it was being prepared
    ],
)
def test_what_becomes_of_a_clip_when_it_is_prepared(plan, at, wanted, settings, tmp_path):
    clip = ClipFactory(processing=True, plan=plan, publish_at=in_(at) if at else None)
    assert stands(prepare(clip, settings, tmp_path)) == wanted


def test_a_draft_is_published_by_hand_and_the_log_says_so_only_then():
    older = ClipFactory(draft=True)
    newer = ClipFactory(author=older.author)
    Activity.objects.create(kind="publish", actor=newer.author, clip=newer)

    publication.plan_clip(clip=older, plan="now")

    assert stands(older) == ("ready", "now", True, 1)
    assert Activity.objects.order_by("pk").last().clip == older  # the feed's order is that of publication
    assert older.published_at > newer.published_at


def test_publishing_twice_is_publishing_once():
    clip = ClipFactory(draft=True)
    first = publication.plan_clip(clip=clip, plan="now").published_at
    assert publication.plan_clip(clip=Clip.objects.get(pk=clip.pk), plan="now").published_at == first
    assert stands(clip) == ("ready", "now", True, 1)


@pytest.mark.parametrize("plan", ["draft", "at"])
def test_what_is_published_cannot_be_held_back(plan):
    clip = ClipFactory()
    with pytest.raises(AlreadyPublished):
        publication.plan_clip(clip=clip, plan=plan, at=in_(HOUR) if plan == "at" else None)
    assert stands(clip) == ("ready", "now", True, 0)


def test_due_clips_are_published_by_beat_late_and_once():
    late = ClipFactory(scheduled=True, publish_at=in_(-3 * HOUR))
    due = ClipFactory(scheduled=True, publish_at=in_(-HOUR))
    waiting = ClipFactory(scheduled=True, publish_at=in_(HOUR))
    draft = ClipFactory(draft=True)

    tasks.publish_due()
    tasks.publish_due()

    assert stands(late) == stands(due) == ("ready", "now", True, 1)
    assert list(Activity.objects.order_by("pk").values_list("clip", flat=True)) == [late.pk, due.pk]
    assert stands(waiting) == ("held", "at", False, 0)
    assert stands(draft) == ("held", "draft", False, 0)


def test_a_tick_goes_on_until_nothing_is_due(monkeypatch):
    monkeypatch.setattr(publication, "DUE_AT_ONCE", 2)
    author = UserFactory()
    ClipFactory.create_batch(5, author=author, scheduled=True, publish_at=in_(-HOUR))
    assert publication.publish_due() == 5
    assert Activity.objects.count() == 5


@pytest.mark.parametrize("change", [{"deleted_at": "now"}, {"removed_at": "now"}])
def test_deleted_and_removed_clips_are_never_published(change):
    clip = ClipFactory(scheduled=True, publish_at=in_(-HOUR), **dict.fromkeys(change, timezone.now()))
    assert publication.publish_due() == 0
    publication.plan_clip(clip=clip, plan="now")
    assert stands(clip)[0] == "held"


def test_clips_of_a_shut_account_wait_until_it_is_opened_again():
    clip = ClipFactory(author=UserFactory(is_active=False), scheduled=True, publish_at=in_(-HOUR))
    assert publication.publish_due() == 0
    clip.author.is_active = True
    clip.author.save()
    assert publication.publish_due() == 1


def test_rescheduling_and_cancelling():
    clip = ClipFactory(draft=True)
    at = in_(HOUR)
    assert publication.plan_clip(clip=clip, plan="at", at=at).publish_at == at
    moved = in_(2 * HOUR)
    assert publication.plan_clip(clip=clip, plan="at", at=moved).publish_at == moved
    publication.plan_clip(clip=clip, plan="draft")
    assert stands(clip) == ("held", "draft", False, 0)


def test_a_plan_made_during_preparation_holds_afterwards(settings, tmp_path):
    clip = ClipFactory(processing=True, plan="draft")
    publication.plan_clip(clip=clip, plan="now")
    assert stands(clip) == ("processing", "now", False, 0)
    assert stands(prepare(clip, settings, tmp_path)) == ("ready", "now", True, 1)


def test_a_failed_clip_keeps_its_plan_through_the_retry():
    clip = ClipFactory(failed=True, plan="draft")
    services.retry_clip(clip=clip)
    assert stands(clip) == ("processing", "draft", False, 0)


@pytest.mark.parametrize(
    ("plan", "at"),
    [
        ("at", None),
        ("at", timedelta(minutes=3)),
        ("at", -HOUR),
        ("at", timedelta(days=61)),
        ("draft", HOUR),
        ("now", HOUR),
    ],
)
def test_times_that_are_refused(plan, at):
    with pytest.raises(BadSchedule):
        publication.check_plan(plan, in_(at) if at else None)


def test_one_person_keeps_no_more_unpublished_clips_than_allowed(monkeypatch):
    monkeypatch.setattr(publication, "MOST_HELD", 2)
    author = UserFactory()
    ClipFactory.create_batch(2, author=author, draft=True)
    processing_clip = ClipFactory(author=author, processing=True)
    with pytest.raises(TooManyHeld):
        publication.plan_clip(clip=processing_clip, plan="draft")
    ClipFactory(author=UserFactory(), draft=True)  # others' are not counted
