"""Every write on reposts. `repost_clip` and `undo_repost` are safe to repeat and to race."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Follow, User
from clips.models import Clip, RepostPolicy
from clips.text import clean_text

from .exceptions import CommentRequired, CommentTooLong, NotTheAuthor, OwnClip, RepostsSwitchedOff
from .models import COMMENT_LENGTH, Repost, RepostAudience
from .signals import repost_undone, reposted


@dataclass(frozen=True)
class AudienceSize:
    """How many people a repost reaches now: those of the audience who may see the clip."""

    followers: int
    mutuals: int


def check_repostable(*, user: User, clip: Clip, comment: str) -> None:
    """Raises a RepostRefused that says why `user` cannot repost `clip` with this comment."""
    if clip.author_id == user.pk:
        raise OwnClip
    if clip.allow_reposts == RepostPolicy.NO:
        raise RepostsSwitchedOff
    if clip.allow_reposts == RepostPolicy.WITH_COMMENT and not comment:
        raise CommentRequired
    if len(comment) > COMMENT_LENGTH:
        raise CommentTooLong


def _parent(*, user: User, clip: Clip, via_id: int | None) -> Repost | None:
    """The repost that brought the clip to `user`: only one that they may see, of the same clip, not their own.

    An unknown or hidden `via` is dropped rather than refused: the repost itself is what the person wants."""
    if via_id is None:
        return None
    return Repost.objects.visible_to(user).filter(clip=clip).exclude(user=user).filter(pk=via_id).first()


def repost_clip(
    *,
    user: User,
    clip_id: int,
    comment: str | None = None,
    via_id: int | None = None,
    audience: str | None = None,
) -> tuple[Repost, bool]:
    """Pass a clip on, or change comment and audience of the live repost. Returns (repost, created).

    `comment` None keeps what is there (empty for a new repost), text replaces it; the same goes for
    `audience` (new: followers). `via` is fixed by the first call.
    Raises: Clip.DoesNotExist when the clip is hidden from `user`; RepostRefused.
    """
    clip = Clip.objects.visible_to(user).get(pk=clip_id)
    text = clean_text(comment) if comment is not None else None
    parent = _parent(user=user, clip=clip, via_id=via_id)
    try:
        with transaction.atomic():
            return _write(user=user, clip=clip, text=text, parent=parent, audience=audience)
    except IntegrityError:
        # Another request of the same person won the race for the partial unique index: update its row.
        with transaction.atomic():
            return _write(user=user, clip=clip, text=text, parent=parent, audience=audience)


def _write(
    *, user: User, clip: Clip, text: str | None, parent: Repost | None, audience: str | None
) -> tuple[Repost, bool]:
    live = Repost.objects.select_for_update().filter(user=user, clip=clip, undone_at=None).first()
    comment = text if text is not None else (live.comment if live else "")
    check_repostable(user=user, clip=clip, comment=comment)
    if live is not None:
        changed = []
        if comment != live.comment:
            live.comment, live.comment_detached_at = comment, None
            changed += ["comment", "comment_detached_at"]
        if audience is not None and audience != live.audience:
            live.audience = RepostAudience(audience)
            changed.append("audience")
        if changed:
            live.save(update_fields=changed)
        return live, False
    repost = Repost.objects.create(
        user=user,
        clip=clip,
        via=parent,
        depth=parent.depth + 1 if parent else 0,
        comment=comment,
        audience=RepostAudience(audience or RepostAudience.FOLLOWERS),
    )
    recount_reposts(clip_id=clip.pk)
    reposted.send(Repost, repost=repost)
    return repost, True


@transaction.atomic
def undo_repost(*, user: User, clip_id: int) -> bool:
    """Take one's live repost of a clip back. False when there is none (again: no error).

    Works on clips one can no longer see: whoever passed something on may always take it back."""
    live = Repost.objects.select_for_update().filter(user=user, clip_id=clip_id, undone_at=None).first()
    if live is None:
        return False
    # Conditional, so that of two racing calls exactly one announces it (SQLite has no row locks).
    moved = Repost.objects.filter(pk=live.pk, undone_at=None).update(undone_at=timezone.now())
    if not moved:
        return False
    live.refresh_from_db(fields=["undone_at"])
    recount_reposts(clip_id=clip_id)
    repost_undone.send(Repost, repost=live)
    return True


def detach_comment(*, author: User, repost_id: int) -> Repost:
    """The clip's author takes a repost's comment off their clip; the repost itself stays.

    Raises: Repost.DoesNotExist when `author` may not see it; NotTheAuthor. Repeating it changes nothing."""
    # Where comments are required, the first call takes the repost out of everybody's sight.
    done = Repost.objects.filter(pk=repost_id, clip__author=author, comment_detached_at__isnull=False).first()
    if done is not None:
        return done
    repost = Repost.objects.visible_to(author).select_related("clip").get(pk=repost_id)
    if repost.clip.author_id != author.pk:
        raise NotTheAuthor
    repost.comment_detached_at = timezone.now()
    repost.save(update_fields=["comment_detached_at"])
    return repost


def recount_reposts(*, clip_id: int) -> None:
    """Set the clip's `repost_count` to the number of live rows: recounted, so it cannot drift.

    The clip's row is locked first: of two racing transactions the second then counts the first one's row.
    `no_key`: whoever only refers to the clip, by a foreign key, need not wait.
    Runs inside the caller's transaction."""
    Clip.objects.select_for_update(no_key=True).filter(pk=clip_id).values_list("pk").first()
    count = Repost.objects.filter(clip_id=clip_id, undone_at=None).count()
    Clip.objects.filter(pk=clip_id).update(repost_count=count)


def audience_sizes(*, user: User, clip: Clip) -> AudienceSize:
    """How many people a repost of `clip` by `user` would reach, per audience, as of now.

    Counts accepted followers who may see the clip: for a followers-only clip or a private author only those
    who follow the author too. Dormant people count (they see it on return); blocks with the author do not."""
    rows = Follow.objects.accepted().filter(followee=user, follower__is_active=True)
    rows = rows.exclude(follower=clip.author_id).exclude(
        Q(follower__blocks_made__blocked=clip.author_id) | Q(follower__blocks_received__blocker=clip.author_id)
    )
    if clip.visibility != "public" or clip.author.is_private:
        rows = rows.filter(follower__in=Follow.objects.accepted().filter(followee=clip.author_id).values("follower"))
    mutuals = Follow.objects.accepted().filter(follower=user).values("followee")
    return AudienceSize(followers=rows.count(), mutuals=rows.filter(follower__in=mutuals).count())
