"""The demo's heartbeat: while the site runs, somebody in the community does something every half minute.

Everything goes through the services, as a click would, so that a visitor who is signed in sees it arrive. Nobody acts
whom one signs in as. What the seeding left for later comes first.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator

from django.db import OperationalError
from django.db.models import Q

from accounts import services as people
from accounts.models import Follow, User
from clips import services as clip_services
from clips.exceptions import ClipRefused
from clips.media.limits import MediaError
from clips.models import Clip, Comment
from clips.talk import comments as talk
from clips.talk import likes
from config.demo import plan, studio
from config.demo.seed import upload
from config.demo.story import LATER, REMARKS, TALES, Pass, Tale
from config.demo.voices import VOICES
from reposts import services as repost_services
from reposts.exceptions import RepostRefused
from reposts.models import Repost

GONE = (Clip.DoesNotExist, Comment.DoesNotExist)
logger = logging.getLogger(__name__)

SOON = (3.0, 6.0)  # seconds between two deeds while the past is being caught up with
NORMAL = (20.0, 40.0)  # seconds after that
NEW_CLIP_EVERY = 8  # deeds
MOST_PER_CLIP = 20  # live reposts: beyond, the pulse leaves a clip alone
MOST_COMMENTS = 3_000
MOST_REPOSTS = 3_000  # rows, undone ones too: a demo that runs for weeks must not fill a disk


class Pulse:
    """`beat` does one thing and returns how long to wait for the next one, in seconds."""

    def __init__(self, rng: random.Random, say: Callable[[str], None]) -> None:
        self.rng = rng
        self.say = say
        self.beats = 0
        self.tried: set[tuple[str, str]] = set()

    def beat(self) -> float:
        """Do one deed. Refusals and a busy database are nothing to the pulse: the next beat tries something else."""
        self.beats += 1
        try:
            if self.catch_up():
                return self.rng.uniform(*SOON)
            new_clip = self.beats % NEW_CLIP_EVERY == 0 and self.publish(LATER)
            if not new_clip:
                deeds = (self.pass_on, self.like, self.comment, self.watch, self.follow, self.take_back)
                weights = (8, 6, 5, 4, 2, 1)
                self.rng.choices(deeds, weights)[0]()
        except (RepostRefused, ClipRefused, MediaError, *GONE, OperationalError) as error:
            logger.info("pulse: %r", error)
        return self.rng.uniform(*NORMAL)

    def catch_up(self) -> bool:
        """The next line of the story that the seeding had no time for. False when there is none.

        Clips first, as fast as the worker takes them: what is told about them fills its working time."""
        return self.publish(TALES) or self.tell() or self.missing(TALES) != []

    def missing(self, tales: tuple[Tale, ...]) -> list[Tale]:
        """Those whose clip nobody has uploaded. What was deleted since is not missing."""
        names = [f"{tale.scene}.mp4" for tale in tales]
        there = set(Clip.objects.filter(original_name__in=names).values_list("original_name", flat=True))
        return [tale for tale in tales if f"{tale.scene}.mp4" not in there]

    def publish(self, tales: tuple[Tale, ...]) -> bool:
        """Upload the first of these clips that is not there, unless a worker is busy with another one."""
        missing = self.missing(tales)
        if not missing or Clip.objects.in_processing().exists():
            return False
        tale = missing[0]
        author = self.person(tale.author)
        if author is None:
            return False
        upload(author, tale, studio.source_of(tale.scene))
        self.say(f"@{author.username} uploads {tale.scene}")
        return True

    def tell(self) -> bool:
        """A pass of the story that has not happened yet, to a clip that is there."""
        clips = {clip.original_name: clip for clip in Clip.objects.filter(state="ready", deleted_at=None)}
        told = set(Repost.objects.values_list("user__username", "clip__original_name"))
        for tale, step in untold(told):
            clip = clips.get(f"{tale.scene}.mp4")
            if clip is None or (tale.scene, step.who) in self.tried:
                continue
            self.tried.add((tale.scene, step.who))  # once: what the author or a block forbids stays forbidden
            user = self.person(step.who)
            if user is None or not Clip.objects.visible_to(user).filter(pk=clip.pk).exists():
                continue
            via = Repost.objects.filter(clip=clip, user__username=step.via, undone_at=None).first()
            self.repost(user, clip, step.comment, via, step.audience)
            return True
        return False

    def pass_on(self) -> None:
        """Somebody passes on what a friend passed on, or a friend's clip."""
        if Repost.objects.count() >= MOST_REPOSTS:
            return self.watch()
        user = self.somebody()
        live = Q(clip__reposts__user=user, clip__reposts__undone_at=None)
        met = (
            Repost.objects.visible_to(user)
            .by_connections_of(user)
            .filter(clip__repost_count__lt=MOST_PER_CLIP)
            .exclude(live)
            .exclude(clip__author=user)
            .exclude(clip__allow_reposts="no")
            .select_related("clip")
            .order_by("-pk")[:60]
        )
        choices: list[tuple[Clip, Repost | None]] = [(via.clip, via) for via in met]
        clips = (
            Clip.objects.visible_to(user).exclude(author=user).exclude(reposts__user=user).exclude(allow_reposts="no")
        )
        choices += [(clip, None) for clip in clips.filter(repost_count__lt=MOST_PER_CLIP).order_by("-pk")[:10]]
        if choices:
            clip, via = self.rng.choice(choices)
            comment = self.rng.choice(REMARKS) if self.rng.random() < 0.7 or clip.allow_reposts != "yes" else ""
            self.repost(user, clip, comment, via)

    def repost(self, user: User, clip: Clip, comment: str, via: Repost | None, audience: str = "followers") -> None:
        repost_services.repost_clip(
            user=user, clip_id=clip.pk, comment=comment, via_id=via.pk if via else None, audience=audience
        )
        self.say(f"@{user.username} reposts clip {clip.pk}")

    def watch(self) -> None:
        """Somebody watches something new."""
        user = self.somebody()
        clips = list(
            Clip.objects.visible_to(user).exclude(author=user).exclude(watches__viewer=user).order_by("-pk")[:20]
        )
        if clips:
            clip = self.rng.choice(clips)
            clip_services.record_watch(viewer=user, clip=clip, ms=int(clip.duration_ms * self.rng.uniform(0.3, 1)))
            self.say(f"@{user.username} watches clip {clip.pk}")

    def like(self) -> None:
        """Somebody likes something new, or what somebody said of it."""
        user = self.somebody()
        clips = list(Clip.objects.visible_to(user).exclude(author=user).exclude(likes__user=user).order_by("-pk")[:20])
        said = Comment.objects.visible_to(user).exclude(author=user).exclude(likes__user=user).order_by("-pk")
        if clips and self.rng.random() < 0.7:
            clip = self.rng.choice(clips)
            likes.like_clip(user=user, clip_id=clip.pk)
            self.say(f"@{user.username} likes clip {clip.pk}")
        elif comments := list(said[:30]):
            comment = self.rng.choice(comments)
            likes.like_comment(user=user, comment_id=comment.pk)
            self.say(f"@{user.username} likes comment {comment.pk}")

    def comment(self) -> None:
        """Somebody says something under a clip, or answers a comment there."""
        user = self.somebody()
        words = VOICES.get(user.username)
        clips = list(
            Clip.objects.visible_to(user)
            .filter(allow_comments="everyone", comment_count__lt=MOST_PER_CLIP)
            .exclude(author=user)
            .order_by("-pk")[:12]
        )
        if not words or not clips or Comment.objects.count() >= MOST_COMMENTS:
            return self.like()
        clip = self.rng.choice(clips)
        others = Comment.objects.shown_to(user).filter(clip=clip, parent=None).exclude(author=user).order_by("-pk")
        parent = others.select_related("author").first() if self.rng.random() < 0.3 else None
        text = self.rng.choice(words)
        talk.post_comment(
            user=user,
            clip_id=clip.pk,
            text=f"@{parent.author.username} {text}" if parent else text,
            parent_id=parent.pk if parent else None,
        )
        self.say(f"@{user.username} comments on clip {clip.pk}")

    def follow(self) -> None:
        """Somebody follows somebody new."""
        user = self.somebody()
        edges = Follow.objects.filter(follower=user).values("followee")
        others = list(User.objects.visible_to(user).exclude(pk__in=edges).exclude(pk=user.pk).exclude(is_staff=True))
        if others:
            other = self.rng.choice(others)
            people.follow_user(follower=user, followee=other)
            self.say(f"@{user.username} follows @{other.username}")

    def take_back(self) -> None:
        """Somebody thinks better of a repost of today."""
        recent = Repost.objects.filter(undone_at=None).exclude(user__username__in=self.bystanders())
        reposts = list(recent.select_related("user").order_by("-pk")[:30])
        if reposts:
            repost = self.rng.choice(reposts)
            repost_services.undo_repost(user=repost.user, clip_id=repost.clip_id)
            self.say(f"@{repost.user.username} takes a repost back")

    def somebody(self) -> User:
        """A resident who is about, rather one whom the visitors follow: so that there is something to see."""
        about = User.objects.filter(username__in=set(plan.HANDLES) - self.bystanders(), is_active=True)
        seen = Q(follower_edges__follower__username__in=plan.VISITORS)
        choices = list(about.filter(seen).distinct()) if self.rng.random() < 0.75 else []
        return self.rng.choice(choices or list(about))

    def bystanders(self) -> set[str]:
        """Those whom the pulse never moves: whom one signs in as, and who is away. And newcomers are not its own."""
        strangers = User.objects.exclude(username__in=plan.HANDLES).values_list("username", flat=True)
        return {*plan.VISITORS, *plan.AWAY, *strangers}

    def person(self, handle: str) -> User | None:
        return User.objects.filter(username=handle, is_active=True).first()


def untold(told: set[tuple[str, str]]) -> Iterator[tuple[Tale, Pass]]:
    """Passes by others than visitors that are not among `told`, (handle, name of the upload), in the order of their times."""
    for tale in TALES:
        for step in plan.passes(tale):
            if step.who not in plan.VISITORS and (step.who, f"{tale.scene}.mp4") not in told:
                yield tale, step
