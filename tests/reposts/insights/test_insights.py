"""Authors' statistics: what is counted, what is never told, and what it costs. Alice owns the clip."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import Follow
from clips import services
from clips.charts import Point, bar_chart, line_chart, nice
from clips.models import Watch
from reposts.insights import figures
from reposts.insights.overview import overview
from reposts.insights.spread import spread
from reposts.insights.watching import watching
from reposts.models import Arrival, Repost
from tests.factories import BlockFactory, ClipFactory, FollowFactory, LikeFactory, RepostFactory, UserFactory
from tests.schema.client import Api

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def clip(alice):
    return ClipFactory(author=alice, duration_ms=10_000)


def watch(clip, *, ms=10_000, source="other", via=None, viewer=None, days_ago=0.0, plays=1):
    viewer = viewer or UserFactory()
    seen = services.record_watch(viewer=viewer, clip=clip, ms=ms, source=source, via_id=via.pk if via else None)
    at = timezone.now() - timedelta(days=days_ago)
    Watch.objects.filter(pk=seen.pk).update(watched_at=at, plays=plays)
    return viewer


def repost(clip, via=None, user=None, **changes):
    return RepostFactory(clip=clip, user=user or UserFactory(), via=via, depth=via.depth + 1 if via else 0, **changes)


def through(clip, via, number=3):
    """People who met the clip through a repost: they follow who made it."""
    for _ in range(number):
        viewer = UserFactory()
        FollowFactory(follower=viewer, followee=via.user)
        if via.audience == "mutuals":
            FollowFactory(follower=via.user, followee=viewer)
        watch(clip, via=via, viewer=viewer)


# --- What may be told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "value"), [(0, 0), (1, None), (2, None), (3, 3), (500, 500)])
def test_one_or_two_people_are_not_told_apart(number, value):
    assert figures.Figure.of(number) == figures.Figure(value)


@pytest.mark.parametrize(
    ("numbers", "shown", "rest"),
    [
        ({"a": 5, "b": 0}, [("a", 5)], 0),
        ({"a": 9, "b": 5, "c": 1}, [("a", 9)], 6),  # else c would follow from the total
        ({"a": 9, "b": 2, "c": 1}, [("a", 9)], 3),
        ({"a": 1, "b": 1}, [], None),
        ({"a": 4, "b": 1}, [], 5),
    ],
)
def test_small_parts_cannot_be_worked_out_from_the_total(numbers, shown, rest):
    found = figures.parts(numbers)
    assert (found.parts, found.rest.value) == (shown, rest)


def test_small_days_are_carried_to_the_next():
    assert figures.carried([1, 1, 0, 1, 5, 0, 2]) == [0, 0, 0, 3, 5, 0, 0]


def test_few_viewers_leave_no_curve(clip):
    watch(clip, ms=4_000)
    watch(clip, ms=9_000)
    seen = watching(clip, days=28)
    assert (seen.viewers.value, seen.plays, seen.retention, seen.finished) == (None, None, [], None)
    assert seen.sources.parts == []
    assert sum(day.views for day in seen.days) == 0


def test_private_people_and_blocked_ones_are_never_named(clip, alice):
    followed_private = UserFactory(username="friend", is_private=True)
    FollowFactory(follower=alice, followee=followed_private)
    cases = {
        "open": repost(clip, user=UserFactory(username="open")),
        "friend": repost(clip, user=followed_private),
        "private": repost(clip, user=UserFactory(username="private", is_private=True)),
        "mutuals": repost(clip, user=UserFactory(username="mutuals"), audience="mutuals"),
        "blocked": repost(clip, user=UserFactory(username="blocked")),
        "blocking": repost(clip, user=UserFactory(username="blocking")),
        "gone": repost(clip, user=UserFactory(username="gone")),
    }
    for made in cases.values():
        through(clip, made)
    BlockFactory(blocker=alice, blocked=cases["blocked"].user)
    BlockFactory(blocker=cases["blocking"].user, blocked=alice)
    cases["gone"].user.is_active = False
    cases["gone"].user.save()

    went = spread(clip)

    assert {one.repost.user.username for one in went.amplifiers} == {"open", "friend"}
    assert went.reposts == 7
    assert went.viewers.value == 21
    assert [(hop.number, hop.seen, hop.others) for hop in went.hops] == [(1, 2, 5)]
    page = Api(alice).get(f"clips/{clip.pk}/insights").raw.content.decode()
    assert not any(name in page for name in ("private", "mutuals", "blocked", "blocking", "gone"))


def test_single_unseen_reposts_are_not_placed(clip):
    first = repost(clip)
    second = repost(clip, via=first)
    repost(clip, via=second, user=UserFactory(is_private=True))
    went = spread(clip)
    assert [(hop.number, hop.seen, hop.others) for hop in went.hops] == [(1, 1, 0), (2, 1, 0)]
    assert went.unplaced.is_few


# --- What is counted -----------------------------------------------------------------------------------


def test_views_plays_and_how_far(clip, alice):
    for ms in (2_500, 5_000, 9_600, 10_000):
        watch(clip, ms=ms, plays=2)
    watch(clip, viewer=alice)  # the author does not count
    services.record_watch(viewer=UserFactory(), clip=clip, ms=500)  # nor does a glance
    seen = watching(clip, days=28)
    assert (seen.viewers.value, seen.plays) == (4, 8)
    assert seen.retention == [100, 100, 75, 75, 75, 50, 50, 50, 50, 50]


def test_sources(clip):
    for source in ("following", "following", "following", "for_you", "for_you", "for_you", "for_you", "profile"):
        watch(clip, source=source)
    seen = watching(clip, days=28)
    assert (seen.sources.parts, seen.sources.rest.value) == ([("for_you", 4)], 4)


def test_followers_gained_began_within_a_day_after_watching(clip, alice):
    now = timezone.now()
    for hours in (1, 20, 23.5, 25, -1):  # after watching; -1: they followed before
        viewer = watch(clip, days_ago=3)
        edge = FollowFactory(follower=viewer, followee=alice)
        at = now - timedelta(days=3) + timedelta(hours=hours)
        Follow.objects.filter(pk=edge.pk).update(created_at=at)
    pending = watch(clip, days_ago=1)
    FollowFactory(follower=pending, followee=alice, accepted_at=None)
    FollowFactory(followee=alice)  # never watched
    assert watching(clip, days=28).followers_gained.value == 3


def test_days_are_those_of_the_persons_clock(clip):
    with timezone.override("Pacific/Kiritimati"):  # UTC+14
        for _ in range(3):
            watch(clip, days_ago=1)
        days = {day.day: day.views for day in watching(clip, days=7).days}
        yesterday = timezone.localdate(timezone.now() - timedelta(days=1))
    assert days[yesterday] == 3
    assert len(days) == 7


def test_reach_is_of_the_whole_branch_and_outlives_an_undo(clip):
    root = repost(clip, user=UserFactory(username="root"))
    middle = repost(clip, via=root, user=UserFactory(username="middle"))
    leaf = repost(clip, via=middle, user=UserFactory(username="leaf"))
    for made, number in ((root, 3), (middle, 4), (leaf, 5)):
        through(clip, made, number)
    Repost.objects.filter(pk=middle.pk).update(undone_at=timezone.now())

    went = spread(clip)

    found = {one.repost.user.username: (one.reach.value, one.onward.value) for one in went.amplifiers}
    assert found == {"root": (12, None), "leaf": (5, 0)}  # one live repost came of root: few
    assert [one.repost.user.username for one in went.amplifiers] == ["root", "leaf"]
    assert (went.deepest, went.reposts) == (3, 2)


def test_who_met_the_clip_through_whom_is_checked(clip):
    seen, hidden = repost(clip), repost(clip, user=UserFactory(is_private=True))
    elsewhere = repost(ClipFactory())
    viewer = UserFactory()
    FollowFactory(follower=viewer, followee=seen.user)
    for number, via in enumerate((hidden.pk, elsewhere.pk, 10**15, None)):
        services.record_watch(viewer=UserFactory(username=f"v{number}"), clip=clip, ms=9_000, via_id=via)
    assert not Arrival.objects.exists()
    for _ in range(2):
        services.record_watch(viewer=viewer, clip=clip, ms=9_000, via_id=seen.pk)
    assert list(Arrival.objects.values_list("viewer", "repost")) == [(viewer.pk, seen.pk)]


def test_plays_are_counted_at_most_once_in_two_seconds(clip):
    viewer = UserFactory()
    for _ in range(3):
        services.record_watch(viewer=viewer, clip=clip, ms=3_000, play=True)
    assert Watch.objects.get().plays == 1
    Watch.objects.update(played_at=timezone.now() - timedelta(seconds=3))
    services.record_watch(viewer=viewer, clip=clip, ms=3_000)
    assert Watch.objects.get().plays == 1
    services.record_watch(viewer=viewer, clip=clip, ms=3_000, play=True)
    assert Watch.objects.get().plays == 2


def test_the_overview(alice, clip):
    other = ClipFactory(author=alice)
    ClipFactory(author=alice, draft=True)
    for _ in range(3):
        watch(clip, ms=10_000)
    watch(other)
    LikeFactory(clip=clip)
    repost(clip)
    viewer = watch(clip)
    FollowFactory(follower=viewer, followee=alice)
    found = overview(alice, days=28)
    assert (found.views.value, found.likes, found.reposts, found.followers) == (5, 1, 1, 1)
    assert found.gained.is_few
    assert [(row.clip, row.viewers.value, row.finished) for row in found.clips] == [(other, None, None), (clip, 4, 100)]


# --- Faces ---------------------------------------------------------------------------------------------


def test_nobody_else_opens_them(client, clip, alice):
    other = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(other)
    assert client.get(f"/clips/{clip.pk}/insights/").status_code == 404
    assert Api(other).get(f"clips/{clip.pk}/insights").code == "not_the_author"
    assert Api().get(f"clips/{clip.pk}/insights").status == 401
    BlockFactory(blocker=alice, blocked=other)
    assert Api(other).get(f"clips/{clip.pk}/insights").status == 404


@pytest.mark.parametrize("state", ["draft", "processing", "failed", "scheduled"])
def test_what_is_not_published_has_none(client, alice, state):
    held = ClipFactory(author=alice, **{state: True})
    client.force_login(alice)
    assert client.get(f"/clips/{held.pk}/insights/").status_code == 404
    assert Api(alice).get(f"clips/{held.pk}/insights").status == 404


@pytest.mark.parametrize("days", ["0", "29", "x", "", "-7", "7\x00"])
def test_periods_that_are_none(client, alice, clip, days):
    client.force_login(alice)
    assert client.get(f"/clips/{clip.pk}/insights/", {"days": days}).status_code == 404
    assert Api(alice).get(f"clips/{clip.pk}/insights", days=days).status == 400
    assert Api(alice).get("me/insights", days=days).status == 400


def test_pages_and_api_say_the_same(client, alice, clip):
    made = repost(clip, comment="look")
    through(clip, made, 4)
    client.force_login(alice)
    page = client.get(f"/clips/{clip.pk}/insights/?days=7")
    assert page["Cache-Control"] == "private, no-store"
    assert "style=" not in page.text
    assert page.context["watching"].viewers.value == 4
    answer = Api(alice).get(f"clips/{clip.pk}/insights", days=7)
    assert answer.json["viewers"] == {"value": 4, "few": False}
    assert answer.json["amplifiers"][0]["user"]["username"] == made.user.username
    assert len(answer.json["days"]) == 7
    assert client.get("/studio/insights/").status_code == 200
    assert Api(alice).get("me/insights").json["views"] == {"value": 4, "few": False}


@pytest.mark.parametrize("size", [1, 12])
def test_they_cost_the_same_however_many_people(client, alice, clip, size, django_assert_num_queries):
    for _ in range(size):
        through(clip, repost(clip), 1)
        ClipFactory(author=alice)
    client.force_login(alice)
    with django_assert_num_queries(2 + 1 + 6 + 4):  # who asks, the clip, how it was watched, how far it went
        assert client.get(f"/clips/{clip.pk}/insights/").status_code == 200
    with django_assert_num_queries(2 + 3 + 6 + 2):  # who asks, days, sums, clips
        assert client.get("/studio/insights/").status_code == 200


# --- Charts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "end"), [(0, 2), (1, 2), (3, 4), (5, 10), (11, 20), (39, 40), (41, 100), (12_345, 20_000)]
)
def test_scales_end_at_a_round_number(most, end):
    assert nice(most) == end


def test_time_runs_from_the_right_where_writing_does():
    points = [Point("a", 1, "1"), Point("b", 4, "4")]
    ltr = bar_chart("k", "t", "d", ("a", "b"), points)
    with translation.override("ar"):
        rtl = bar_chart("k", "t", "d", ("a", "b"), points)
    assert ltr.bars[0].x < ltr.bars[1].x
    assert rtl.bars[0].x > rtl.bars[1].x
    assert all(bar.x >= 0 and bar.x + bar.width <= rtl.width for bar in rtl.bars)
    assert ltr.bars[1].height == pytest.approx(4 * ltr.bars[0].height, abs=0.5)


def test_charts_of_nothing_are_no_error():
    assert bar_chart("k", "t", "d", ("a", "b"), []).bars == []
    assert line_chart("k", "t", "d", ("a", "b"), []).line == ""
