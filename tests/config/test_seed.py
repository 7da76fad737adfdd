"""The demo community: what it must hold so that one meets the whole product, and that it is made once and whole."""

from __future__ import annotations

import random
import shutil
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max
from django.test import Client
from django.utils import timezone

from accounts.avatars import avatar_path
from accounts.models import Block, Follow, Mute, TokenLabel, User, age_on
from clips import files, processing
from clips.models import Clip, Comment, Hashtag, Mention, Rendition, Watch
from clips.talk import counts
from config.demo import footage, letters, plan, pulse, safety, seed, studio
from config.demo.people import BLOCKS, FRIENDS, MUTES, PASSWORD, REQUESTS, RESIDENTS, WITHOUT_REPOSTS
from config.demo.story import CROWDS, LATER, TALES
from feeds.assembly import following_page
from feeds.models import Activity
from reposts.models import Arrival, Repost
from tests.factories import UserFactory, tiny_mp4

SCRIPTS = (
    "LATIN", "ARABIC", "HEBREW", "DEVANAGARI", "HIRAGANA", "HANGUL", "CJK", "THAI", "CYRILLIC", "GREEK", "TAMIL",
)  # fmt: skip


def quiet(line: str) -> None:
    pass


@pytest.fixture
def drawn(monkeypatch, settings, tmp_path) -> list[str]:
    """Footage of half a second, in a directory of its own. The value lists the scenes as they are drawn."""
    settings.VAR_DIR, settings.MEDIA_ROOT, settings.DEMO = tmp_path, tmp_path / "media", True
    scenes: list[str] = []

    def render(scene: str, target: Path) -> None:
        scenes.append(scene)
        target.write_bytes(tiny_mp4())

    monkeypatch.setattr(footage, "render", render)
    return scenes


@pytest.fixture
def converted_once(monkeypatch, drawn) -> None:
    """All scenes get what the real pipeline made of the first: 38 conversions would tell no more than one."""
    make: Callable[[str, Path], str] = studio.make
    first: list[Path] = []

    def copy(scene: str, folder: Path) -> str:
        if first:
            shutil.copytree(first[0], folder)
            return scene
        first.append(folder)
        return make(scene, folder)

    monkeypatch.setattr(studio, "make", copy)


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (User, Follow, Block, Mute, Clip, Repost, Watch, Activity))


# --- The stories, before anything is made ------------------------------------------------------------


def test_stories_can_happen():
    handles = {resident.handle for resident in RESIDENTS}
    blocked = {frozenset(pair) for pair in BLOCKS}
    mentioned = {name for pair in (*BLOCKS, *FRIENDS, *REQUESTS, *WITHOUT_REPOSTS) for name in pair}
    assert mentioned | {name for mute in MUTES for name in mute[:2]} <= handles
    assert all(one.ago > other.ago for one, other in pairwise(TALES))
    names = [tale.scene for tale in (*TALES, *LATER)]
    assert len(names) == len(set(names))
    assert set(names) <= set(footage.SCENES)
    assert set(CROWDS) <= set(names)
    for tale in (*TALES, *LATER):
        assert tale.author in handles, tale.scene
        before: dict[str, float] = {}
        for step in plan.passes(tale):
            where = (tale.scene, step.who)
            assert step.who in handles - {tale.author} - plan.AWAY - set(before), where
            assert step.after < tale.ago, where
            assert step.via is None or before[step.via] < step.after, where
            assert frozenset((step.who, tale.author)) not in blocked, where
            assert tale.policy == "yes" or (tale.policy == "with_comment" and step.comment), where
            before[step.who] = step.after


def test_follows_have_a_heavy_tail():
    edges = plan.follows()
    counts = sorted(sum(followee == handle for _, followee in edges) for handle in plan.HANDLES)
    assert counts[-1] > 0.8 * len(plan.HANDLES)
    assert counts[len(counts) // 2] < counts[-1] / 3


# --- What is there after seeding ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_community(converted_once, drawn, settings, monkeypatch):
    call_command("seed_demo", workers=0, seconds=600, verbosity=0)
    now = timezone.now()

    assert User.objects.count() >= 41
    assert Clip.objects.filter(state="ready").count() >= 32
    assert len({clip.author_id for clip in Clip.objects.all()}) >= 25

    # Everybody can sign in, has a face, and the young are young.
    for user in User.objects.all():
        assert Client().login(username=user.username, password=PASSWORD), user
        path = avatar_path(user.avatar.removeprefix("avatars/").removesuffix(".webp"))
        assert path is not None
        assert path.is_file()
    ages = {user.username: age_on(user.birth_date, now.date()) for user in User.objects.all()}
    assert ages == ages | {resident.handle: resident.age for resident in RESIDENTS}
    assert sum(age < 18 for age in ages.values()) >= 3
    assert set(User.objects.filter(is_staff=True).values_list("username", flat=True)) == {"mod"}
    assert User.objects.filter(is_dormant=True).count() == len(plan.AWAY)

    # Ana has browsers and tokens to look at; nobody needs a second step.
    assert UserSession.objects.filter(user__username="ana").count() == len(safety.BROWSERS)
    assert TokenLabel.objects.filter(token__user__username="ana").count() == len(safety.SCRIPTS)
    assert not Authenticator.objects.exists()

    # Clips went through the pipeline, and can be played.
    assert all(files.absolute(made.path).is_file() for made in Rendition.objects.all())
    published = Clip.objects.filter(state="ready")
    assert all(files.absolute(clip.poster).is_file() and clip.alt_text and clip.caption for clip in published)
    # In the works: captions in two languages each, and what only ana sees of hers.
    assert [len(clip.captions) for clip in published.exclude(caption_languages="")] == [2, 2, 2, 2]
    assert sorted(Clip.objects.held().filter(author__username="ana").values_list("plan", flat=True)) == [
        "at", "draft", "draft",
    ]  # fmt: skip
    assert Arrival.objects.count() > 20
    assert set(Clip.objects.values_list("visibility", flat=True)) == {"public", "followers"}
    assert set(Clip.objects.values_list("allow_reposts", flat=True)) == {"yes", "with_comment", "no"}

    # Reposts: chains, crowds, audiences, second thoughts, a hostile comment.
    assert Repost.objects.aggregate(Max("depth"))["depth__max"] >= 3
    assert Repost.objects.filter(depth__gte=3).values("clip").distinct().count() >= 5
    told = sum(step.via is not None for tale in TALES for step in plan.passes(tale))
    assert Repost.objects.filter(via__isnull=False).count() == told  # none was hidden from who passed it on
    assert Repost.objects.filter(undone_at__isnull=False).exists()
    assert Repost.objects.filter(audience="mutuals").exists()
    assert Repost.objects.filter(comment_detached_at__isnull=False).count() == 1
    assert Clip.objects.aggregate(Max("repost_count"))["repost_count__max"] >= 15
    assert Watch.objects.filter(watched_at__isnull=False).count() >= 100

    # What is said and liked: threads, pins, hearts, every count in step with its rows, hashtags, people named.
    assert counts.audit(fix=False) == []
    assert Comment.objects.standing().count() >= 120
    assert Comment.objects.filter(parent__isnull=False).count() >= 12
    assert Comment.objects.filter(is_pinned=True).count() >= 5
    assert Comment.objects.filter(deleted_at__isnull=False).count() == 1
    assert Clip.objects.aggregate(Max("like_count"))["like_count__max"] >= 12
    assert Hashtag.objects.count() >= 20
    assert Mention.objects.filter(comment__isnull=False).count() >= 10
    told = list(Comment.objects.order_by("pk").values_list("created_at", flat=True))
    assert told == sorted(told)

    # Edges of every kind.
    assert Follow.objects.pending().filter(followee__is_private=True).count() == len(REQUESTS)
    assert Follow.objects.accepted().filter(followee__is_private=True).exists()
    assert Follow.objects.accepted().filter(show_reposts=False).exists()
    assert Block.objects.count() == len(BLOCKS)
    assert {"all", "reposts"} == set(Mute.objects.values_list("scope", flat=True))
    assert Mute.objects.filter(until__gt=now).exists()
    assert Mute.objects.filter(until=None).exists()

    # Every script is met in what people wrote.
    text = "".join(
        value
        for source in (
            User.objects.values_list("display_name", "bio"),
            Clip.objects.values_list("caption"),
            Repost.objects.values_list("comment"),
            Comment.objects.values_list("text"),
        )
        for line in source
        for value in line
    )
    met = {unicodedata.name(char, "").split(" ")[0] for char in set(text)}
    assert set(SCRIPTS) <= met
    assert any(unicodedata.category(char) == "So" for char in text)

    # The log is in the order of time, told as days past, and delivered.
    times = list(Activity.objects.order_by("pk").values_list("created_at", flat=True))
    assert times == sorted(times)
    assert (now - times[0]).days >= 3
    assert times[-1] < now
    assert not Activity.objects.filter(delivered_at=None).exists()
    assert not Repost.objects.filter(created_at__lte=F("clip__published_at")).exists()

    # Whoever signs in has a feed with friends in it.
    for name in ("ana", "ben", "chloe"):
        viewer = User.objects.get(username=name)
        cards = following_page(viewer, cursor=None, limit=50).cards
        assert len(cards) >= 15, name
        assert sum(len(card.reasons) >= 3 for card in cards) >= 3, name

    # A second time changes nothing and takes no time.
    before, count = rows(), len(drawn)
    monkeypatch.setattr(seed, "seed", lambda **kwargs: pytest.fail("seeded twice"))
    call_command("seed_demo", workers=0, verbosity=0)
    assert (rows(), len(drawn)) == (before, count)


@pytest.mark.django_db
class TestOnlyWhereItBelongs:
    def test_not_on_a_real_site(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command("seed_demo")
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command("demo_pulse")
        assert not User.objects.exists()

    def test_not_among_other_people(self, drawn):
        UserFactory()
        call_command("seed_demo")
        assert (User.objects.count(), drawn) == (1, [])


@pytest.mark.django_db
def test_nothing_half_done(converted_once, drawn, settings, monkeypatch):
    monkeypatch.setattr(seed, "TALES", TALES[:2])

    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "pass_on", fail)
    with pytest.raises(KeyboardInterrupt):
        seed.seed(workers=0, seconds=60, say=quiet)
    assert rows() == (0,) * 8
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


# --- The studio -------------------------------------------------------------------------------------


class TestStudio:
    def prepare(self, *scenes: str, seconds: float = 60.0, workers: int = 0) -> list[str]:
        return studio.prepare(scenes, workers=workers, seconds=seconds, say=quiet)

    def test_makes_everything_once(self, drawn):
        assert self.prepare("opal") == ["opal"]
        result = studio.converter("opal")
        assert self.prepare("opal") == ["opal"]
        assert drawn == ["opal"]
        out = studio.cache_root() / "out"
        out.mkdir()
        made = result(Path("unused"), out, limits=None)
        assert [(file.short_edge, file.path.parent) for file in made.renditions] == [(90, out)]
        assert made.renditions[0].path.stat().st_size == made.renditions[0].bytes > 500
        assert made.poster.is_file()
        assert made.placeholder.startswith("data:image/webp")
        assert len(made.sha256) == 64

    def test_makes_anew_what_other_code_made(self, converted_once, drawn, monkeypatch):
        self.prepare("opal")
        old = studio.cache_root()
        monkeypatch.setattr(studio, "fingerprint", lambda: "of other code")
        monkeypatch.setattr(studio, "make", lambda scene, folder: drawn.append("again") or scene)
        assert self.prepare("opal") == []
        assert drawn == ["opal", "again"]
        assert not old.exists()

    def test_stops_when_time_is_up(self, converted_once, drawn, monkeypatch):
        monkeypatch.setattr(studio, "AT_LEAST", 2)
        scenes = ("opal", "galaxy", "lighthouse", "campfire")
        assert self.prepare(*scenes, seconds=0) == ["opal", "galaxy"]
        assert self.prepare(*scenes) == list(scenes)

    def test_goes_on_without_a_scene_that_fails(self, converted_once, drawn, monkeypatch):
        make = studio.make

        def picky(scene: str, folder: Path) -> str:
            if scene == "galaxy":
                raise studio.MediaError.__subclasses__()[0]("damaged")
            return make(scene, folder)

        monkeypatch.setattr(studio, "make", picky)
        said: list[str] = []
        ready = studio.prepare(("opal", "galaxy", "lighthouse"), workers=0, seconds=60, say=said.append)
        assert ready == ["opal", "lighthouse"]
        assert any("galaxy could not be made" in line for line in said)

    @pytest.mark.slow
    def test_real_footage_in_processes(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        assert self.prepare("satin_rings", "lighthouse", workers=2) == ["satin_rings", "lighthouse"]


# --- The pulse --------------------------------------------------------------------------------------


@pytest.fixture
def village(converted_once, monkeypatch) -> pulse.Pulse:
    """A community that knows two clips of its story; a third one is still to come, and one later."""
    monkeypatch.setattr(seed, "TALES", TALES[:2])
    monkeypatch.setattr(pulse, "TALES", TALES[:3])
    # Only the follows that these stories need; worked out before, since the plan remembers what it worked out.
    steps = [(tale, step) for tale in TALES[:3] for step in plan.passes(tale)]
    assert all(plan.watches(tale) for tale in TALES)
    needed = {(step.who, step.via or tale.author) for tale, step in steps}
    needed |= {(tale.author, step.who) for tale, step in steps if step.audience == "mutuals"}
    monkeypatch.setattr(plan, "follows", lambda: dict.fromkeys(sorted(needed), True))
    monkeypatch.setattr(pulse, "LATER", LATER[:1])
    monkeypatch.setattr(letters, "LETTERS", ())  # they go between mutuals, of whom there are few here
    seed.seed(workers=0, seconds=60, say=quiet)
    return pulse.Pulse(random.Random(7), say=quiet)


@pytest.mark.django_db
class TestPulse:
    def process(self, scene: str) -> Clip:
        clip = Clip.objects.get(original_name=f"{scene}.mp4")
        assert clip.state == "processing"
        processing.process_clip(clip_id=clip.pk)
        clip.refresh_from_db()
        assert clip.state == "ready"
        return clip

    def test_catches_up_with_the_story(self, village):
        tale = TALES[2]
        assert village.beat() < 10
        clip = Clip.objects.get(original_name=f"{tale.scene}.mp4")
        assert clip.author.username == tale.author
        village.beat()  # the worker is busy: nothing else is uploaded
        assert Clip.objects.in_processing().count() == 1
        clip = self.process(tale.scene)
        steps = [step for step in plan.passes(tale) if step.who not in plan.VISITORS]
        for _ in steps:
            village.beat()
        made = Repost.objects.filter(clip=clip).order_by("pk")
        assert [(repost.user.username, repost.comment) for repost in made] == [(s.who, s.comment) for s in steps]
        assert village.beat() >= 20

    def test_lives_on_through_services(self, village):
        village.beat()
        self.process(TALES[2].scene)
        before = rows()
        mine = Repost.objects.filter(user__username__in=plan.VISITORS).count()
        said: list[str] = []
        village.say = said.append
        for _ in range(60):
            assert village.beat() <= 40
        assert not [line for line in said if line.split()[0] in {f"@{name}" for name in (*plan.VISITORS, "mod")}]
        assert Repost.objects.filter(user__username__in=plan.VISITORS).count() == mine
        assert {"reposts", "watches", "follows", "uploads"} <= {line.split()[1] for line in said}
        assert all(now >= then for now, then in zip(rows(), before, strict=True))
        assert Clip.objects.filter(original_name=f"{LATER[0].scene}.mp4", state="processing").exists()
        doubles = Repost.objects.filter(undone_at=None).values("user", "clip").annotate(n=Count("pk"))
        assert not doubles.filter(n__gt=1).exists()

    def test_is_bounded(self, village, monkeypatch):
        monkeypatch.setattr(pulse, "MOST_REPOSTS", 1)
        before = Repost.objects.count()
        for _ in range(20):
            village.pass_on()
        assert Repost.objects.count() == before

    def test_survives_what_an_author_forbids(self, village):
        village.beat()
        clip = self.process(TALES[2].scene)
        Clip.objects.filter(pk=clip.pk).update(allow_reposts="no")
        for _ in range(12):
            village.beat()
        assert not Repost.objects.filter(clip=clip).exists()
        assert village.beat() >= 20
