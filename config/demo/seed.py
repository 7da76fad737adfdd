"""Bringing the demo's community to life: people, edges and clips, then everything that happened, in the order of its time.

Every row is made by the service that makes it on a real site. Only the times are set back afterwards, and only here.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import avatars, exports, handles
from accounts import services as people
from accounts.models import Block, Follow, FormerHandle, Mute, User
from clips import files, processing
from clips import services as clip_services
from clips.captions import tracks
from clips.captions.webvtt import Cue
from clips.models import Clip, ClipHashtag, Comment, CommentLike, Like, Plan, Send, Watch
from clips.sends import sending
from clips.talk import comments as talk
from clips.talk import likes as clip_likes
from config.celery import app
from config.demo import notices, plan, studio
from config.demo.letters import SEARCHES, Letter, letters_of
from config.demo.people import BLOCKS, CONTROLS, MODERATOR_RESIDENT, MUTES, PASSWORD, REQUESTS, RESIDENTS, Resident
from config.demo.portraits import portrait
from config.demo.safety import protect
from config.demo.story import TALES, Pass, Tale
from config.demo.workshop import CAPTIONS, UNPUBLISHED
from feeds import controls, fanout, trending
from feeds.models import Activity
from feeds.search import recent
from feeds.search import upkeep as search
from reposts import services as repost_services
from reposts.models import Arrival, Repost

PREPARING = timedelta(minutes=1)  # between an upload and its publication, in the past that we tell


@dataclass(frozen=True)
class Event:
    at: datetime
    happen: Callable[[datetime], None]


@dataclass
class Town:
    """The community while it is being made."""

    now: datetime
    users: dict[str, User] = field(default_factory=dict)
    clips: dict[str, Clip] = field(default_factory=dict)
    reposts: dict[tuple[str, str], Repost] = field(default_factory=dict)  # by scene and handle
    comments: dict[tuple[str, int], Comment] = field(default_factory=dict)  # by scene and place in `plan.lines`
    stored: list[str] = field(default_factory=list)  # files to remove if this ends badly

    def ago(self, hours: float) -> datetime:
        return self.now - timedelta(hours=hours)


def seed(*, workers: int, seconds: float, say: studio.Say) -> dict[str, int]:
    """Make the whole community, or nothing of it. Returns how much there is of what.

    `seconds` bounds the time for media: clips that it did not suffice for are uploaded by the pulse, once the site
    is up. `workers` is the number of processes for them, 0 for none beside this one."""
    told = [tale.scene for tale in TALES]
    held = [item.scene for item in UNPUBLISHED]
    # What is in the works comes after the clips that are made whatever the time.
    scenes = [*told[: studio.AT_LEAST], *held, *told[studio.AT_LEAST :]]
    ready = set(studio.prepare(scenes, workers=workers, seconds=seconds, say=say))
    town = Town(now=timezone.now())
    try:
        with bells_held(), transaction.atomic():
            settle(town)
            connect(town)
            protect(town.users["ana"], town.now)
            rename(town)
            notices.set_back_follows()
            for event in sorted(events(town, ready), key=lambda event: event.at):
                before = notices.newest()
                event.happen(event.at)
                notices.set_back(before, event.at)
            less(town)
            trending.refresh()
            work_ahead(town, ready)
            people.retire_dormant()
            deliver_all()
            take_along(town)
            look_for(town)
            notices.arrange(town.now)
            search.rebuild()  # people moved in past every signal, and everybody's followers came after them
    except BaseException:
        for name in town.stored:
            files.delete_folder(name)
        for user in town.users.values():
            avatars.delete_avatar(user.avatar)
        raise
    return {
        "people": User.objects.count(),
        "follows": Follow.objects.accepted().count(),
        "clips": Clip.objects.filter(state="ready").count(),
        "reposts": Repost.objects.filter(undone_at=None).count(),
        "comments": Comment.objects.standing().count(),
        "likes": Like.objects.count(),
    }


@contextmanager
def bells_held() -> Iterator[None]:
    """Ring no worker: a thousand bells would wake them for work that is done here, before they are up."""
    ring = app.send_task
    app.send_task = lambda *args, **kwargs: None  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        app.send_task = ring  # type: ignore[method-assign]


# --- People and edges -------------------------------------------------------------------------------


def settle(town: Town) -> None:
    """Everybody moves in."""
    # One hash for all: it is the same word, and each hash takes a good part of a second by design.
    password = make_password(PASSWORD)
    everybody = (*RESIDENTS, MODERATOR_RESIDENT)
    for number, resident in enumerate(everybody):
        user = User(
            username=resident.handle,
            display_name=resident.name,
            bio=resident.bio,
            birth_date=born(resident, town.now, number),
            is_private=resident.private,
            reposts_tab=resident.reposts_tab,
            password=password,
            date_joined=town.ago(24 * (40 + 5 * (len(everybody) - number))),
            last_seen_at=town.ago(24 * resident.away_days + 0.1 * number),
            is_staff=resident is MODERATOR_RESIDENT,
            is_superuser=resident is MODERATOR_RESIDENT,
        )
        user.avatar = face(number)
        town.users[resident.handle] = user
    User.objects.bulk_create(town.users.values())


def born(resident: Resident, now: datetime, number: int) -> date:
    """A birth date that makes the person `age` years old today, their birthday some time ago."""
    return (now - timedelta(days=365.25 * resident.age + 20 + number * 37 % 300)).date()


def face(number: int) -> str:
    """The name of a stored avatar, drawn for this seed and taken through the door that everybody's picture takes."""
    picture = io.BytesIO()
    portrait(number, avatars.EDGE).save(picture, "PNG", compress_level=1)
    return avatars.store_avatar(picture, size=picture.getbuffer().nbytes)


def connect(town: Town) -> None:
    """Follows, blocks, mutes and the requests that wait."""
    users = town.users
    for number, ((follower, followee), shown) in enumerate(plan.follows().items()):
        edge = people.follow_user(follower=users[follower], followee=users[followee], show_reposts=shown)
        if edge.accepted_at is None:
            people.accept_follow_request(user=users[followee], follower=users[follower])
        at = town.ago(24 * 8 + 17 * number % 700)
        Follow.objects.filter(pk=edge.pk).update(created_at=at, accepted_at=at)
    for who, whom in REQUESTS:
        edge = people.follow_user(follower=users[who], followee=users[whom])
        Follow.objects.filter(pk=edge.pk).update(created_at=town.ago(6))
    for who, whom in BLOCKS:
        block = people.block_user(blocker=users[who], blocked=users[whom])
        Block.objects.filter(pk=block.pk).update(created_at=town.ago(200))
    for who, whom, scope, hours in MUTES:
        until = town.now + timedelta(hours=hours) if hours else None
        mute = people.mute_user(muter=users[who], muted=users[whom], scope=scope, until=until)
        Mute.objects.filter(pk=mute.pk).update(created_at=town.ago(150))
    choose(town)
    everybody = (user for user in users.values() if user.username != MODERATOR_RESIDENT.handle)
    for number, user in enumerate(everybody):
        if number < MODERATOR_RESIDENT.keen:
            people.follow_user(follower=users[MODERATOR_RESIDENT.handle], followee=user)


def rename(town: Town) -> None:
    """Ana had another handle once: /@ana_old/ leads to her."""
    ana = town.users["ana"]
    handles.change_handle(user=ana, handle="ana_old", limited=False)
    handles.change_handle(user=ana, handle="ana", limited=False)
    FormerHandle.objects.filter(user=ana, handle="ana").delete()
    FormerHandle.objects.filter(user=ana).update(
        given_up_at=town.ago(24 * 30), reserved_until=town.now + timedelta(days=60)
    )


def take_along(town: Town) -> None:
    """Ana has an export to look at, with her clips and everything else."""
    export, _created = exports.request_export(user=town.users["ana"])
    exports.make_export(export_id=export.pk)
    export.refresh_from_db()
    town.stored.append(f"exports/{export.key}/export.zip")


def choose(town: Town) -> None:
    """What ana leaves out of her feeds; clips come later, see `less`."""
    ana = town.users["ana"]
    by_person = {
        "reposts_of": controls.hide_reposts_of,
        "clips_by": controls.hide_clips_by,
        "reposts_by": controls.hide_reposts_by,
    }
    for kind, what, days in CONTROLS:
        until = town.now + timedelta(days=days) if days else None
        if kind == "words":
            controls.hide_words(viewer=ana, text=what, until=until)
        else:
            by_person[kind](viewer=ana, person=town.users[what], until=until)


def less(town: Town) -> None:
    """Ana hid one public clip for ever and wants fewer like another."""
    ana = town.users["ana"]
    strangers = Clip.objects.visible_to(ana).exclude(author=ana).exclude(author__follower_edges__follower=ana)
    for number, clip in enumerate(strangers.order_by("pk")[:2]):
        if number:
            controls.fewer_like(viewer=ana, clip_id=clip.pk)
        else:
            controls.hide_clip(viewer=ana, clip_id=clip.pk)


# --- What happened ----------------------------------------------------------------------------------


def events(town: Town, ready: set[str]) -> Iterator[Event]:
    """Everything that happened to the clips that are ready, in any order."""
    for tale in TALES:
        if tale.scene not in ready:
            continue
        yield Event(town.ago(tale.ago), partial(publish, town, tale))
        for step in plan.passes(tale):
            made = town.ago(tale.ago - step.after)
            yield Event(made, partial(pass_on, town, tale, step))
            if step.undone is not None:
                yield Event(made + timedelta(hours=step.undone), partial(take_back, town, tale, step))
            if step.detached:
                yield Event(made + timedelta(hours=1), partial(take_off, town, tale, step))
        for viewer, after, share in plan.watches(tale):
            yield Event(town.ago(tale.ago - after), partial(watch, town, tale, viewer, share))
        for letter in letters_of(tale.scene, tale.ago):
            yield Event(town.ago(tale.ago - letter.after), partial(write, town, letter))
        for who, after in plan.likes(tale):
            yield Event(town.ago(tale.ago - after - 0.01), partial(like, town, tale, who))
        for number, line in enumerate(plan.lines(tale)):
            if plan.may_talk(line.who, tale) and line.after < tale.ago:
                yield Event(town.ago(tale.ago - line.after), partial(say, town, tale, number))


def upload(author: User, tale: Tale, source: Path) -> Clip:
    """What the upload form does with the file that somebody chose."""
    with source.open("rb") as file:
        return clip_services.create_clip(
            author=author,
            video=UploadedFile(file, name=f"{tale.scene}.mp4", content_type="video/mp4", size=source.stat().st_size),
            caption=tale.caption,
            alt_text=tale.alt,
            visibility=tale.visibility,
            allow_reposts=tale.policy,
        )


def publish(town: Town, tale: Tale, at: datetime) -> None:
    clip = upload(town.users[tale.author], tale, studio.source_of(tale.scene))
    town.stored.append(clip.original)
    processing.process_clip(clip_id=clip.pk, convert=studio.converter(tale.scene))
    clip.refresh_from_db()
    town.stored.append(clip.poster)
    if clip.state != "ready":
        raise RuntimeError(f"{tale.scene}: {clip.failure_code} {clip.failure_detail}")
    Clip.objects.filter(pk=clip.pk).update(created_at=at - PREPARING, published_at=at)
    ClipHashtag.objects.filter(clip=clip).update(published_at=at)
    Activity.objects.filter(clip=clip, repost=None).update(created_at=at)
    town.clips[tale.scene] = clip


def pass_on(town: Town, tale: Tale, step: Pass, at: datetime) -> None:
    via = town.reposts[tale.scene, step.via].pk if step.via else None
    repost, _ = repost_services.repost_clip(
        user=town.users[step.who],
        clip_id=town.clips[tale.scene].pk,
        comment=step.comment,
        via_id=via,
        audience=step.audience,
    )
    Repost.objects.filter(pk=repost.pk).update(created_at=at)
    Activity.objects.filter(repost=repost).update(created_at=at)
    town.reposts[tale.scene, step.who] = repost


def take_back(town: Town, tale: Tale, step: Pass, at: datetime) -> None:
    repost = town.reposts[tale.scene, step.who]
    repost_services.undo_repost(user=town.users[step.who], clip_id=repost.clip_id)
    Repost.objects.filter(pk=repost.pk).update(undone_at=at)


def take_off(town: Town, tale: Tale, step: Pass, at: datetime) -> None:
    repost = town.reposts[tale.scene, step.who]
    repost_services.detach_comment(author=town.users[tale.author], repost_id=repost.pk)
    Repost.objects.filter(pk=repost.pk).update(comment_detached_at=at)


def watch(town: Town, tale: Tale, viewer: str, share: float, at: datetime) -> None:
    clip = town.clips[tale.scene]
    source, via = met(town, tale, viewer)
    seen = clip_services.record_watch(
        viewer=town.users[viewer],
        clip=clip,
        ms=int(clip.duration_ms * share),
        source=source,
        via_id=via.pk if via else None,
    )
    plays = 1 + random.Random(f"plays {tale.scene} {viewer}").choice((0, 0, 0, 1, 1, 2, 4))
    Watch.objects.filter(pk=seen.pk).update(
        updated_at=at, watched_at=at if seen.watched_at else None, played_at=at, plays=plays
    )
    Arrival.objects.filter(viewer=town.users[viewer], clip=clip).update(created_at=at)


def met(town: Town, tale: Tale, viewer: str) -> tuple[str, Repost | None]:
    """Where somebody met a clip, and through whose repost: from whom they follow, else by chance."""
    rng = random.Random(f"met {tale.scene} {viewer}")
    edges = plan.follows()
    friends = [
        made
        for (scene, who), made in town.reposts.items()
        if scene == tale.scene and who != viewer and (viewer, who) in edges
    ]
    if friends and ((viewer, tale.author) not in edges or rng.random() < 0.5):
        return "following", rng.choice(friends)
    if (viewer, tale.author) in edges:
        return rng.choice(("following", "following", "profile")), None
    return rng.choice(("for_you", "for_you", "for_you", "search", "link")), None


def work_ahead(town: Town, ready: set[str]) -> None:
    """Captions of what is published; drafts and a scheduled clip that only their author sees."""
    for scene, by_language in CAPTIONS.items():
        if scene not in ready:
            continue
        clip = town.clips[scene]
        for language, lines in by_language.items():
            cues = [Cue(start, min(end, clip.duration_ms), text) for start, end, text in lines]
            tracks.put_track(clip=clip, language=language, cues=[cue for cue in cues if cue.start < cue.end])
    for item in UNPUBLISHED:
        if item.scene not in ready:
            continue
        source = studio.source_of(item.scene)
        with source.open("rb") as file:
            clip = clip_services.create_clip(
                author=town.users[item.author],
                video=UploadedFile(
                    file, name=f"{item.scene}.mp4", content_type="video/mp4", size=source.stat().st_size
                ),
                caption=item.caption,
                alt_text=item.alt,
                publish=Plan.AT if item.days else Plan.DRAFT,
                publish_at=town.now + timedelta(days=item.days) if item.days else None,
            )
        town.stored.append(clip.original)
        processing.process_clip(clip_id=clip.pk, convert=studio.converter(item.scene))
        clip.refresh_from_db()
        town.stored.append(clip.poster)


def like(town: Town, tale: Tale, who: str, at: datetime) -> None:
    clip_likes.like_clip(user=town.users[who], clip_id=town.clips[tale.scene].pk)
    Like.objects.filter(user=town.users[who], clip=town.clips[tale.scene]).update(created_at=at)


def say(town: Town, tale: Tale, number: int, at: datetime) -> None:
    """A line of the conversation under a clip, with what came of it."""
    line = plan.lines(tale)[number]
    clip, user = town.clips[tale.scene], town.users[line.who]
    parent = town.comments[tale.scene, line.under].pk if line.under is not None else None
    comment, _ = talk.post_comment(user=user, clip_id=clip.pk, text=line.text, parent_id=parent)
    if line.pinned:
        talk.pin_comment(user=user, comment_id=comment.pk)
    liking = [who for who in plan.likers_of(tale, number) if plan.may_talk(who, tale)]
    for who in liking[: line.hearts]:
        with suppress(Comment.DoesNotExist):  # hidden from them
            clip_likes.like_comment(user=town.users[who], comment_id=comment.pk)
    if line.deleted:
        talk.delete_comment(user=user, comment_id=comment.pk)
    edited = at + timedelta(minutes=4) if line.edited else None
    Comment.objects.filter(pk=comment.pk).update(created_at=at, edited_at=edited)
    CommentLike.objects.filter(comment=comment).update(created_at=at + timedelta(minutes=20))
    town.comments[tale.scene, number] = comment


def write(town: Town, letter: Letter, at: datetime) -> None:
    """Send a clip, and have it opened and answered a few minutes later."""
    users = town.users
    for made in sending.send_clip(
        sender=users[letter.who], clip_id=town.clips[letter.scene].pk, to=letter.to, text=letter.text
    ):
        if made.send is None:
            raise RuntimeError(f"{letter.who} sends {letter.scene} to {made.username}: {made.outcome}")
        Send.objects.filter(pk=made.send.pk).update(created_at=at)
        if letter.read:
            reader = users[made.username]
            if letter.reaction and made.username == letter.to[0]:
                sending.react(user=reader, send_id=made.send.pk, reaction=letter.reaction)
            sending.mark_read(user=reader, other=users[letter.who])
            Send.objects.filter(pk=made.send.pk).update(read_at=at + timedelta(minutes=9))


def look_for(town: Town) -> None:
    """What some searched for lately."""
    for who, queries in SEARCHES:
        for query in queries:
            recent.remember(user=town.users[who], query=query)


def deliver_all() -> None:
    """Do the workers' fan-out, so that every feed is complete when the site opens."""
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)
