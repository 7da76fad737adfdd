"""Every write on sent clips. Safe to repeat and to race: a sender's sends happen one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.text import clean_line

from ..exceptions import LongSendText, NobodyToSendTo, TooManyRecipients, TooManySends
from ..models import SEND_TEXT_LENGTH, Clip, Conversation, Send, SendReaction
from ..signals import clip_sent

AT_ONCE = 20  # people one clip goes to in one request
AN_HOUR = 200  # people reached by one sender
SAME_AGAIN = timedelta(minutes=10)  # the same clip and words to the same person so soon: sent twice by mistake


class Outcome(StrEnum):
    """What came of sending to one person.

    `unavailable` does not tell an unknown handle from a hidden account or a block, whoever it stands between."""

    SENT = "sent"
    ALREADY_SENT = "already_sent"
    NOT_TAKEN = "not_taken"
    NOT_FOR_THEM = "not_for_them"
    UNAVAILABLE = "unavailable"


REASONS = {
    Outcome.SENT: gettext_lazy("Sent."),
    Outcome.ALREADY_SENT: gettext_lazy("You sent them this just now."),
    Outcome.NOT_TAKEN: gettext_lazy("They take no clips from you. By default, only mutuals can send."),
    Outcome.NOT_FOR_THEM: gettext_lazy("This clip is for followers of its author only, and they are not among them."),
    Outcome.UNAVAILABLE: gettext_lazy("It cannot be sent to them."),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome for one of the handles that were asked for, and the row when there is one."""

    username: str
    outcome: Outcome
    send: Send | None = None

    @property
    def detail(self) -> str:
        return str(REASONS[self.outcome])


def send_clip(*, sender: User, clip_id: int, to: Iterable[str], text: str = "") -> list[Delivery]:
    """Send a clip to the people with these handles, each once. Whoever cannot get it is passed over and told of.

    Raises: Clip.DoesNotExist when it is hidden from `sender`; SendRefused: nobody named or too many, the text too
    long, or too much sent lately (then nothing is sent at all)."""
    clip = Clip.objects.visible_to(sender).select_related("author").get(pk=clip_id)
    handles = list(dict.fromkeys(handle.strip().removeprefix("@").lower() for handle in to))
    handles = [handle for handle in handles if handle]
    if not handles:
        raise NobodyToSendTo
    if len(handles) > AT_ONCE:
        raise TooManyRecipients
    text = clean_line(text)
    if len(text) > SEND_TEXT_LENGTH:
        raise LongSendText
    with transaction.atomic():
        # One sender's sends wait for each other: what was sent before is then counted and seen.
        User.objects.select_for_update(no_key=True).filter(pk=sender.pk).values_list("pk").first()
        outcomes = _outcomes(sender, clip, handles, text)
        people = [person for person, outcome in outcomes.values() if person and outcome == Outcome.SENT]
        lately = Send.objects.filter(sender=sender, created_at__gt=timezone.now() - timedelta(hours=1)).count()
        if people and lately + len(people) > AN_HOUR:
            raise TooManySends
        made = {person.username: _deliver(sender, person, clip, text) for person in people}
    return [Delivery(handle, outcomes[handle][1], made.get(handle)) for handle in handles]


def _outcomes(sender: User, clip: Clip, handles: list[str], text: str) -> dict[str, tuple[User | None, Outcome]]:
    """Per handle the person and what may be done: 4 queries however many."""
    known = [handle for handle in handles if handle.isascii() and handle.isprintable()]
    rows = User.objects.visible_to(sender).filter(username__in=known).exclude(pk=sender.pk)
    shown = {one.username: one for one in rows}
    ids = [one.pk for one in shown.values()]
    taking = set(User.objects.taking_sends_of(sender).filter(pk__in=ids).values_list("pk", flat=True))
    seeing = _who_sees(clip, [one for one in shown.values() if one.pk in taking])
    again = set(
        Send.objects.filter(
            sender=sender, recipient__in=ids, clip=clip, text=text, created_at__gt=timezone.now() - SAME_AGAIN
        ).values_list("recipient", flat=True)
    )
    for_all = clip.visibility == "public" and not clip.author.is_private

    def outcome(person: User | None) -> Outcome:
        if person is None:
            return Outcome.UNAVAILABLE
        if person.pk not in taking:
            return Outcome.NOT_TAKEN
        if person.pk not in seeing:
            # A clip for everybody is hidden from a person by a block alone, which nobody is told of.
            return Outcome.UNAVAILABLE if for_all else Outcome.NOT_FOR_THEM
        return Outcome.ALREADY_SENT if person.pk in again else Outcome.SENT

    return {handle: (shown.get(handle), outcome(shown.get(handle))) for handle in handles}


def _who_sees(clip: Clip, people: list[User]) -> set[int]:
    """Those of `people` who may see `clip`: the one rule, asked for each of them in one query (at most AT_ONCE)."""
    if not people:
        return set()
    rows = [
        Clip.objects.visible_to(person).filter(pk=clip.pk).annotate(who=Value(person.pk)).values_list("who", flat=True)
        for person in people
    ]
    return set(rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0])


def _deliver(sender: User, recipient: User, clip: Clip, text: str) -> Send:
    send = Send.objects.create(sender=sender, recipient=recipient, clip=clip, text=text)
    # In the order of ids, so that two people who send to each other at the same moment do not wait for each other.
    for owner, other in sorted(((sender, recipient), (recipient, sender)), key=lambda pair: pair[0].pk):
        Conversation.objects.bulk_create(
            [Conversation(owner=owner, other=other, newest_id=send.pk)], ignore_conflicts=True
        )
        Conversation.objects.filter(owner=owner, other=other).update(newest_id=Greatest("newest_id", send.pk))
    clip_sent.send(Send, send=send)
    return send


def mark_read(*, user: User, other: User, up_to: int | None = None) -> int:
    """What `other` sent `user` is read, all of it or up to an id. Returns how many were not before."""
    rows = Send.objects.filter(sender=other, recipient=user, read_at=None)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return rows.update(read_at=timezone.now())


def react(*, user: User, send_id: int, reaction: str) -> Send:
    """Answer what one was sent with one of `SendReaction`; empty takes it back. Reading it is part of that.

    Raises: Send.DoesNotExist for what `user` did not get, or hid; ValueError for no reaction of ours."""
    if reaction and reaction not in SendReaction.values:
        raise ValueError(reaction)
    now = timezone.now()
    with transaction.atomic():
        send = Send.objects.received_by(user).select_for_update(of=("self",), no_key=True).get(pk=send_id)
        if send.reaction != reaction:
            send.reaction, send.reacted_at = reaction, now if reaction else None
        send.read_at = send.read_at or now
        send.save(update_fields=["reaction", "reacted_at", "read_at"])
    return send


@transaction.atomic
def hide(*, user: User, send_id: int) -> None:
    """Take one out of one's own side. The other side keeps it; nothing happens for what is not one's own."""
    send = Send.objects.filter(pk=send_id).select_related("sender", "recipient").first()
    if send is None or user.pk not in (send.sender_id, send.recipient_id):
        return
    if send.sender_id == user.pk:
        Send.objects.filter(pk=send_id).update(hidden_for_sender=True)
        settle(user, send.recipient)
    else:
        Send.objects.filter(pk=send_id).update(hidden_for_recipient=True)
        settle(user, send.sender)


@transaction.atomic
def hide_conversation(*, user: User, other: User) -> None:
    """Take everything with `other` out of one's own side. What comes later begins it anew."""
    Send.objects.filter(sender=user, recipient=other).update(hidden_for_sender=True)
    Send.objects.filter(sender=other, recipient=user).update(hidden_for_recipient=True)
    settle(user, other)


def settle(user: User, other: User) -> None:
    """Set the conversation's newest from the rows, locked against a send that comes meanwhile."""
    mine = Conversation.objects.select_for_update(no_key=True).filter(owner=user, other=other)
    if mine.first() is None:
        return
    newest = Send.objects.kept_between(user, other).aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        Conversation.objects.filter(owner=user, other=other).delete()
    else:
        Conversation.objects.filter(owner=user, other=other).update(newest_id=newest)


def summary(deliveries: list[Delivery]) -> str:
    """What came of it, as a sentence or two for the sender."""
    done = [one for one in deliveries if one.outcome in (Outcome.SENT, Outcome.ALREADY_SENT)]
    failed = [one for one in deliveries if one not in done]
    parts = []
    if done:
        parts.append(_("Sent to {people}.").format(people=_named(done)))
    parts += [f"@{one.username}: {one.detail}" for one in failed]
    return " ".join(parts)


def _named(deliveries: list[Delivery]) -> str:
    names = [f"@{one.username}" for one in deliveries]
    if len(names) <= 3:
        return ", ".join(names)
    return _("{names} and {n} more").format(names=", ".join(names[:2]), n=len(names) - 2)
