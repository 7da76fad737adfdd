"""Keeping the rows for hashtags and mentions in step with the texts. Runs inside the transaction of the caller."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User

from ..models import Clip, ClipHashtag, Comment, Hashtag, Mention
from ..signals import mentioned, tagged
from .text import hashtags, mentions

HASHTAGS = 30  # kept of one caption; more are words like any other
MENTIONS = 20  # people noted of one text; more would be a way to ring everybody's bell


def keep_caption(clip: Clip) -> None:
    """Hashtags and mentions of a published clip, as its caption is now. A clip that is not published has none yet:
    whoever is mentioned could not see it."""
    if clip.published_at is None:
        return
    _keep_hashtags(clip, clip.published_at)
    _keep_mentions(clip, None, clip.author, clip.caption)


def keep_comment(comment: Comment) -> None:
    """Mentions of a comment, as its text is now."""
    _keep_mentions(comment.clip, comment, comment.author, comment.text)


def _keep_hashtags(clip: Clip, published_at: datetime) -> None:
    names = hashtags(clip.caption, limit=HASHTAGS)
    if names:
        Hashtag.objects.bulk_create([Hashtag(name=name) for name in names], ignore_conflicts=True)
    wanted = set(Hashtag.objects.filter(name__in=names).values_list("pk", flat=True)) if names else set()
    rows = ClipHashtag.objects.filter(clip=clip)
    kept = dict(rows.values_list("hashtag", "published_at"))
    rows.exclude(hashtag__in=wanted).delete()
    ClipHashtag.objects.bulk_create(
        [ClipHashtag(hashtag_id=pk, clip=clip, published_at=published_at) for pk in sorted(wanted - set(kept))],
        ignore_conflicts=True,
    )
    if added := sorted(wanted - set(kept)):
        tagged.send(ClipHashtag, clip=clip, hashtag_ids=added)


def _keep_mentions(clip: Clip, comment: Comment | None, writer: User, text: str) -> None:
    handles = mentions(text, limit=MENTIONS)
    people = {one.pk: one for one in User.objects.visible_to(writer).filter(username__in=handles)} if handles else {}
    people.pop(writer.pk, None)
    rows = Mention.objects.filter(clip=clip, comment=comment)
    kept = set(rows.values_list("user", flat=True))
    if kept - set(people):
        rows.exclude(user__in=people).delete()
    for pk, person in people.items():
        if pk in kept:
            continue
        mention, created = Mention.objects.get_or_create(user=person, clip=clip, comment=comment)
        if created:
            mentioned.send(Mention, mention=mention)
