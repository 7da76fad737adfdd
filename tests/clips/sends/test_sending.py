"""Sending a clip: to whom, what comes of it for each person, and that doing it twice does it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from clips.exceptions import LongSendText, NobodyToSendTo, TooManyRecipients, TooManySends
from clips.models import Clip, Conversation, Send
from clips.sends import sending
from clips.sends.sending import Outcome, send_clip
from clips.signals import clip_sent
from tests.factories import BlockFactory, ClipFactory, FollowFactory, UserFactory, befriend

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def alice() -> User:
    return UserFactory(username="alice")


@pytest.fixture
def bob(alice) -> User:
    bob = UserFactory(username="bob")
    befriend(alice, bob)
    return bob


@pytest.fixture
def clip() -> Clip:
    return ClipFactory(author=UserFactory(username="author"))


def outcomes(sender: User, clip: Clip, *to: str, text: str = "") -> dict[str, Outcome]:
    return {one.username: one.outcome for one in send_clip(sender=sender, clip_id=clip.pk, to=to, text=text)}


def test_a_mutual_gets_it_with_the_text(alice, bob, clip):
    assert outcomes(alice, clip, "bob", text="  look\nat this ") == {"bob": Outcome.SENT}
    send = Send.objects.get()
    assert (send.sender, send.recipient, send.clip, send.text, send.read_at) == (alice, bob, clip, "look at this", None)
    assert set(Conversation.objects.values_list("owner", "other", "newest_id")) == {
        (alice.pk, bob.pk, send.pk),
        (bob.pk, alice.pk, send.pk),
    }


@pytest.mark.parametrize(
    ("setting", "recipient_follows", "sender_follows", "outcome"),
    [
        ("mutuals", True, True, Outcome.SENT),
        ("mutuals", True, False, Outcome.NOT_TAKEN),
        ("mutuals", False, True, Outcome.NOT_TAKEN),
        ("mutuals", False, False, Outcome.NOT_TAKEN),
        ("followed", True, False, Outcome.SENT),
        ("followed", True, True, Outcome.SENT),
        ("followed", False, True, Outcome.NOT_TAKEN),
        ("nobody", True, True, Outcome.NOT_TAKEN),
    ],
)
def test_the_recipients_setting_decides(alice, clip, setting, recipient_follows, sender_follows, outcome):
    carl = UserFactory(username="carl", sends_from=setting)
    if recipient_follows:
        FollowFactory(follower=carl, followee=alice)
    if sender_follows:
        FollowFactory(follower=alice, followee=carl)
    assert outcomes(alice, clip, "carl") == {"carl": outcome}
    assert Send.objects.count() == (outcome == Outcome.SENT)


def test_a_request_is_no_follow(alice, clip):
    carl = UserFactory(username="carl", sends_from="followed")
    FollowFactory(follower=carl, followee=alice, accepted_at=None)
    assert outcomes(alice, clip, "carl") == {"carl": Outcome.NOT_TAKEN}


def test_who_takes_nothing_sends_nothing(alice, bob, clip):
    alice.sends_from = "nobody"
    alice.save()
    assert outcomes(alice, clip, "bob") == {"bob": Outcome.NOT_TAKEN}


@pytest.mark.parametrize("by_sender", [True, False])
def test_a_block_looks_like_nobody_there(alice, bob, clip, by_sender):
    BlockFactory(blocker=alice, blocked=bob) if by_sender else BlockFactory(blocker=bob, blocked=alice)
    UserFactory(username="asleep", is_active=False)
    assert set(outcomes(alice, clip, "bob", "asleep", "no.such", "alice", "\0", "Ünï").values()) == {
        Outcome.UNAVAILABLE
    }


def test_a_block_between_recipient_and_author_is_not_told(alice, bob, clip):
    BlockFactory(blocker=clip.author, blocked=bob)
    assert outcomes(alice, clip, "bob") == {"bob": Outcome.UNAVAILABLE}


def test_a_clip_for_followers_goes_to_followers(alice, bob):
    clip = ClipFactory(visibility="followers")
    FollowFactory(follower=alice, followee=clip.author)
    assert outcomes(alice, clip, "bob") == {"bob": Outcome.NOT_FOR_THEM}
    FollowFactory(follower=bob, followee=clip.author)
    assert outcomes(alice, clip, "bob") == {"bob": Outcome.SENT}


def test_each_person_has_an_outcome_of_their_own(alice, bob, clip):
    UserFactory(username="stranger")
    assert outcomes(alice, clip, "@Bob", "bob", "stranger", "nobody.here") == {
        "bob": Outcome.SENT,
        "stranger": Outcome.NOT_TAKEN,
        "nobody.here": Outcome.UNAVAILABLE,
    }


def test_the_same_again_at_once_is_the_same(alice, bob, clip):
    outcomes(alice, clip, "bob", text="x")
    assert outcomes(alice, clip, "bob", text="x") == {"bob": Outcome.ALREADY_SENT}
    assert outcomes(alice, clip, "bob", text="y") == {"bob": Outcome.SENT}
    Send.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert outcomes(alice, clip, "bob", text="x") == {"bob": Outcome.SENT}


def test_what_cannot_be_sent_at_all(alice, bob, clip):
    with pytest.raises(NobodyToSendTo):
        send_clip(sender=alice, clip_id=clip.pk, to=["", " @ "])
    with pytest.raises(TooManyRecipients):
        send_clip(sender=alice, clip_id=clip.pk, to=[f"p{number}" for number in range(sending.AT_ONCE + 1)])
    with pytest.raises(LongSendText):
        send_clip(sender=alice, clip_id=clip.pk, to=["bob"], text="x" * 281)
    Clip.objects.filter(pk=clip.pk).update(removed_at=timezone.now())
    with pytest.raises(Clip.DoesNotExist):
        send_clip(sender=alice, clip_id=clip.pk, to=["bob"])
    assert not Send.objects.exists()


def test_too_much_in_an_hour_sends_nothing(alice, bob, clip):
    Send.objects.bulk_create(
        Send(sender=alice, recipient=bob, clip=clip, text=str(number)) for number in range(sending.AN_HOUR)
    )
    with pytest.raises(TooManySends):
        send_clip(sender=alice, clip_id=clip.pk, to=["bob"])
    assert Send.objects.count() == sending.AN_HOUR


def test_it_is_announced_in_the_transaction(alice, bob, clip):
    heard: list[Send] = []
    clip_sent.connect(listener := (lambda sender, *, send, **kwargs: heard.append(send)), weak=False)
    try:
        outcomes(alice, clip, "bob", "nobody.here")
    finally:
        clip_sent.disconnect(listener)
    assert heard == [Send.objects.get()]


@pytest.mark.parametrize("people", [1, 8])
def test_asking_costs_the_same_however_many(alice, clip, people, django_assert_num_queries):
    for number in range(people):
        UserFactory(username=f"p{number}")  # takes nothing of alice: only the questions count
    with django_assert_num_queries(8):
        outcomes(alice, clip, *(f"p{number}" for number in range(people)))


class TestOnesOwnSide:
    @pytest.fixture
    def send(self, alice, bob, clip) -> Send:
        outcomes(alice, clip, "bob", text="x")
        return Send.objects.get()

    def test_reading(self, alice, bob, send):
        assert sending.mark_read(user=bob, other=alice) == 1
        assert sending.mark_read(user=bob, other=alice) == 0
        assert sending.mark_read(user=alice, other=bob) == 0

    def test_a_reaction_reads_and_is_taken_back(self, bob, send):
        assert sending.react(user=bob, send_id=send.pk, reaction="fire").read_at is not None
        sending.react(user=bob, send_id=send.pk, reaction="")
        send.refresh_from_db()
        assert (send.reaction, send.reacted_at) == ("", None)

    def test_only_the_recipient_reacts_and_only_so(self, alice, bob, send):
        with pytest.raises(Send.DoesNotExist):
            sending.react(user=alice, send_id=send.pk, reaction="fire")
        with pytest.raises(ValueError, match="poop"):
            sending.react(user=bob, send_id=send.pk, reaction="poop")
        BlockFactory(blocker=send.sender, blocked=bob)
        with pytest.raises(Send.DoesNotExist):
            sending.react(user=bob, send_id=send.pk, reaction="fire")

    def test_hiding_is_for_oneself_alone(self, alice, bob, send, clip):
        outcomes(alice, clip, "bob", text="second")
        second = Send.objects.latest("pk")
        sending.hide(user=bob, send_id=second.pk)
        assert list(Send.objects.kept_between(bob, alice)) == [send]
        assert Send.objects.kept_between(alice, bob).count() == 2
        assert Conversation.objects.get(owner=bob).newest_id == send.pk
        assert Conversation.objects.get(owner=alice).newest_id == second.pk
        sending.hide(user=UserFactory(), send_id=send.pk)  # nothing of theirs
        sending.hide(user=bob, send_id=send.pk)
        sending.hide(user=bob, send_id=send.pk)
        assert not Conversation.objects.filter(owner=bob).exists()

    def test_a_hidden_conversation_begins_anew(self, alice, bob, send, clip):
        sending.hide_conversation(user=alice, other=bob)
        assert not Conversation.objects.filter(owner=alice).exists()
        assert Send.objects.kept_between(bob, alice).count() == 1
        outcomes(alice, clip, "bob", text="again")
        assert Send.objects.kept_between(alice, bob).count() == 1
