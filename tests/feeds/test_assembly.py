"""Pages: one card a clip, at its place, with all its reasons; and what they cost."""

import pytest
from django.utils import timezone

from accounts.models import Follow, User
from clips.models import Clip
from clips.services import record_watch
from feeds import assembly, fanout
from feeds.assembly import MAX_ROUNDS, NEW_CARDS_CAP, following_page, new_cards
from feeds.cursor import Cursor
from feeds.log import newest_id
from feeds.models import Activity, FeedEntry
from reposts.models import Repost
from reposts.services import detach_comment, repost_clip, undo_repost
from tests.factories import ClipFactory, FollowFactory, UserFactory, publish, publish_repost

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(username="alice")


@pytest.fixture
def bob(alice):
    bob = UserFactory(username="bob")
    FollowFactory(follower=bob, followee=alice)
    return bob


def friend_of(viewer, **user):
    friend = UserFactory(**user)
    FollowFactory(follower=viewer, followee=friend)
    return friend


def published(author):
    clip = ClipFactory(author=author)
    publish(clip)
    return clip


def clips(page):
    return [card.clip_id for card in page.cards]


def run():
    while (chunks := fanout.plan()) is not None:
        for chunk_id in chunks:
            fanout.deliver(chunk_id=chunk_id)


def test_an_empty_feed_ends_at_once(bob):
    page = following_page(bob)
    assert (page.cards, page.next, page.as_of) == ([], None, 0)


def test_a_card_has_all_reasons_newest_first(alice, bob):
    clip = published(alice)
    chloe, dana = friend_of(bob, username="chloe"), friend_of(bob, username="dana")
    repost, _ = repost_clip(user=chloe, clip_id=clip.pk, comment="look")
    detached, _ = repost_clip(user=dana, clip_id=clip.pk, comment="ugly")
    detach_comment(author=alice, repost_id=detached.pk)
    (card,) = following_page(bob).cards
    assert [(r.kind, r.user.username, r.comment, r.repost_id) for r in card.reasons] == [
        ("repost", "dana", "", detached.pk),
        ("repost", "chloe", "look", repost.pk),
        ("publish", "alice", "", None),
    ]
    assert card.place == newest_id()
    assert all(reason.at.tzinfo for reason in card.reasons)


def test_a_repost_raises_a_card_and_undoing_it_puts_it_back(alice, bob):
    old, new = published(alice), published(alice)
    chloe = friend_of(bob)
    repost_clip(user=chloe, clip_id=old.pk)
    assert clips(following_page(bob)) == [old.pk, new.pk]
    undo_repost(user=chloe, clip_id=old.pk)
    assert clips(following_page(bob)) == [new.pk, old.pk]


@pytest.mark.parametrize("raised", [False, True])
def test_a_watched_clip_is_raised_only_on_wish(alice, bob, raised):
    bob.raise_watched = raised
    old, new = published(alice), published(alice)
    record_watch(viewer=bob, clip=old, ms=9_000)
    repost_clip(user=friend_of(bob), clip_id=old.pk)
    page = following_page(bob)
    assert clips(page) == ([old.pk, new.pk] if raised else [new.pk, old.pk])
    assert [len(card.reasons) for card in page.cards if card.clip_id == old.pk] == [2]


def test_what_was_watched_elsewhere_comes_in_where_it_first_reached_the_feed(bob):
    clip = published(UserFactory())
    record_watch(viewer=bob, clip=clip, ms=9_000)
    repost_clip(user=friend_of(bob), clip_id=clip.pk)
    between = published(friend_of(bob))
    repost_clip(user=friend_of(bob), clip_id=clip.pk)
    assert clips(following_page(bob)) == [between.pk, clip.pk]


def test_watching_a_clip_that_was_raised_meanwhile_does_not_lose_it(alice, bob):
    low, high = published(alice), published(alice)
    first = following_page(bob, limit=1)
    repost_clip(user=friend_of(bob), clip_id=low.pk)
    record_watch(viewer=bob, clip=low, ms=9_000)
    second = following_page(bob, cursor=first.next, limit=1)
    assert (clips(first), clips(second), second.next) == ([high.pk], [low.pk], None)


def test_pages_follow_one_another_while_more_arrives(alice, bob):
    first_seven = [published(alice).pk for _ in range(7)][::-1]
    run()
    page = following_page(bob, limit=3)
    served = clips(page)
    while page.next:
        published(alice)
        repost_clip(user=friend_of(bob), clip_id=served[0])
        run()
        page = following_page(bob, cursor=Cursor.decode(page.next.encode()), limit=3)
        served += clips(page)
    assert served == first_seven


def test_a_card_that_sank_below_the_cursor_does_not_come_twice(alice, bob):
    clip, other = published(alice), published(alice)
    chloe = friend_of(bob)
    repost_clip(user=chloe, clip_id=clip.pk)
    first = following_page(bob, limit=1)
    undo_repost(user=chloe, clip_id=clip.pk)
    second = following_page(bob, cursor=first.next, limit=5)
    assert (clips(first), clips(second)) == ([clip.pk], [other.pk])


def test_a_filtered_page_is_refilled(alice, bob):
    keep = [published(alice).pk for _ in range(3)][::-1]
    for _ in range(120):
        publish(ClipFactory(author=alice, removed_at=timezone.now()))
    keep = [published(alice).pk, *keep]
    run()
    page = following_page(bob, limit=4)
    assert (clips(page), page.next) == (keep, None)


def test_a_desert_is_crossed_in_pages_that_may_be_empty(alice, bob, monkeypatch):
    monkeypatch.setattr("feeds.assembly._BATCHES", (48,))
    monkeypatch.setattr("feeds.assembly._PULLED", {48: assembly._pulled(48)})
    monkeypatch.setattr("feeds.assembly._LOGGED", {48: assembly._logged(48)})
    monkeypatch.setattr("feeds.assembly.MAX_SCAN", 48)
    monkeypatch.setattr("feeds.assembly.MAX_ROUNDS", 2)
    assert MAX_ROUNDS > 2
    oasis = published(alice).pk
    for clip in Clip.objects.bulk_create(Clip(author=alice, original="x", caption="gone") for _ in range(300)):
        Activity.objects.create(kind="publish", actor=alice, clip=clip)
    page = following_page(bob, limit=2)
    pages = [page]
    while page.next:
        page = following_page(bob, cursor=page.next, limit=2)
        pages.append(page)
    assert [clips(page) for page in pages if page.cards] == [[oasis]]
    assert len(pages) >= 3


def test_push_pull_rebuilt_and_log_give_the_same_page(alice, bob, settings):
    chloe = friend_of(bob)
    for _ in range(6):
        repost_clip(user=chloe, clip_id=published(alice).pk)
    expected = following_page(bob, limit=20).cards
    assert len(expected) == 6
    run()
    assert FeedEntry.objects.filter(viewer_id=bob.pk).count() == 12
    assert following_page(bob, limit=20).cards == expected
    settings.FEED_LENGTH = 3
    FeedEntry.objects.all().delete()
    bob.feed_state.delete()
    assert following_page(bob, limit=20).cards == expected
    assert FeedEntry.objects.count() == 3


# --- the pill


def test_the_pill_counts_cards_and_names_people(alice, bob):
    old = published(alice)
    since = newest_id()
    assert new_cards(bob, since=since).count == 0
    published(alice)
    chloe, stranger = friend_of(bob, username="chloe"), UserFactory()
    repost_clip(user=chloe, clip_id=old.pk)
    repost_clip(user=stranger, clip_id=old.pk)
    published(stranger)
    pill = new_cards(bob, since=since)
    assert (pill.count, {person.username for person in pill.people}) == (2, {"alice", "chloe"})
    assert new_cards(bob, since=pill.as_of).count == 0


def test_a_watched_clip_is_not_announced_again(alice, bob):
    clip = published(alice)
    record_watch(viewer=bob, clip=clip, ms=9_000)
    since = newest_id()
    repost_clip(user=friend_of(bob), clip_id=clip.pk)
    assert new_cards(bob, since=since).count == 0


def test_the_pill_stops_counting(alice, bob):
    for _ in range(NEW_CARDS_CAP + 5):
        published(alice)
    assert new_cards(bob, since=0).count == NEW_CARDS_CAP + 1


# --- what it costs


def crowd(viewer, *, followees, reposters, cards):
    """Followees who each published, and `cards` clips that each of `reposters` of them reposted."""
    users = User.objects.bulk_create(User(username=f"crowd{number}", password="!") for number in range(followees))
    now = timezone.now()
    Follow.objects.bulk_create(Follow(follower=viewer, followee=user, accepted_at=now) for user in users)
    for number in range(cards):
        clip = published(users[number % followees])
        for user in users[:reposters]:
            if user.pk != clip.author_id:
                publish_repost(Repost.objects.create(user=user, clip=clip))
    run()


SIZES = [(1, 0, 3), (20, 4, 20), (200, 1, 20), (200, 4, 20)]


@pytest.mark.parametrize(("followees", "reposters", "cards"), SIZES)
def test_a_page_costs_four_queries(bob, followees, reposters, cards, django_assert_num_queries):
    """State, pull leg, store, reasons; the first page of a session also asks where the log ends."""
    crowd(bob, followees=followees, reposters=reposters, cards=cards)
    following_page(bob)
    with django_assert_num_queries(5):
        page = following_page(bob, limit=2)
    with django_assert_num_queries(4):
        assert following_page(bob, cursor=page.next, limit=8).cards


def test_a_page_of_cards_with_dozens_of_reasons_costs_the_same(bob, django_assert_num_queries):
    crowd(bob, followees=200, reposters=20, cards=20)
    page = following_page(bob, limit=2)
    with django_assert_num_queries(4):
        assert len(following_page(bob, cursor=page.next, limit=8).cards) == 8


@pytest.mark.parametrize(("followees", "reposters", "cards"), [*SIZES, (200, 20, 20)])
def test_the_pill_costs_two_queries(bob, followees, reposters, cards, django_assert_num_queries):
    crowd(bob, followees=followees, reposters=reposters, cards=cards)
    newest = newest_id()
    with django_assert_num_queries(2):
        assert new_cards(bob, since=0).count
    with django_assert_num_queries(1):
        assert not new_cards(bob, since=newest).count
