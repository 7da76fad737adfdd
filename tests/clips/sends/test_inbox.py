"""The inbox: what each side reads, what is hidden from whom, whom one may choose, by page and by API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from clips.models import Clip, Send
from clips.sends import inbox, sending
from tests.factories import BlockFactory, ClipFactory, FollowFactory, UserFactory, befriend

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HTMX = {"HX-Request": "true"}
JSON = "application/json"


@pytest.fixture
def alice() -> User:
    return UserFactory(username="alice")


@pytest.fixture
def bob(alice) -> User:
    bob = UserFactory(username="bob", display_name="Bob Béla")
    befriend(alice, bob)
    return bob


def sent(sender: User, recipient: User, text: str = "", **clip) -> Send:
    made = sending.send_clip(sender=sender, clip_id=ClipFactory(**clip).pk, to=[recipient.username], text=text)
    assert made[0].send is not None, made[0].outcome
    return made[0].send


class TestReading:
    def test_conversations_by_their_newest_with_what_is_unread(self, alice, bob):
        carl = UserFactory(username="carl")
        befriend(alice, carl)
        sent(bob, alice, "one")
        sent(carl, alice, "two")
        sent(bob, alice, "three")
        page = inbox.inbox_page(alice)
        assert [(row.person.username, row.newest.text, row.unread) for row in page.rows] == [
            ("bob", "three", 2),
            ("carl", "two", 1),
        ]
        assert inbox.unread_count(alice) == 3
        assert [row.unread for row in inbox.inbox_page(bob).rows] == [0]

    def test_a_clip_that_is_gone_shows_nothing_of_itself(self, client, alice, bob):
        send = sent(bob, alice, "look", caption="A secret caption")
        Clip.objects.filter(pk=send.clip_id).update(removed_at=timezone.now())
        client.force_login(alice)
        for path in ("/inbox/", "/inbox/bob/", "/api/v1/inbox", "/api/v1/inbox/bob"):
            text = client.get(path).content.decode()
            assert "look" in text
            assert "secret" not in text
            assert f"/clips/{send.clip_id}/" not in text
        assert client.get("/api/v1/inbox/bob").json()["results"][0]["clip"] is None
        assert "not available" in client.get("/inbox/bob/").content.decode()

    def test_a_block_hides_the_conversation_on_both_sides(self, client, alice, bob):
        sent(bob, alice)
        BlockFactory(blocker=alice, blocked=bob)
        for viewer, other in ((alice, "bob"), (bob, "alice")):
            client.force_login(viewer)
            assert inbox.inbox_page(viewer).rows == []
            assert inbox.unread_count(viewer) == 0
            assert client.get(f"/inbox/{other}/").status_code == 404
            assert client.get(f"/api/v1/inbox/{other}").status_code == 404

    def test_nobody_reads_what_others_sent(self, client, alice, bob):
        sent(bob, alice, "between us")
        client.force_login(UserFactory(username="eve", is_staff=True))
        assert "between us" not in client.get("/inbox/").content.decode()
        assert "between us" not in client.get("/inbox/bob/").content.decode()
        assert client.get("/api/v1/inbox").json()["results"] == []

    @pytest.mark.parametrize("conversations", [1, 12])
    def test_the_inbox_costs_the_same_however_long(self, alice, conversations, django_assert_num_queries):
        for number in range(conversations):
            other = UserFactory(username=f"p{number}")
            befriend(alice, other)
            sent(other, alice)
        with django_assert_num_queries(6):
            assert len(inbox.inbox_page(alice).rows) == conversations

    @pytest.mark.parametrize("sends", [1, 12])
    def test_a_thread_costs_the_same_however_long(self, alice, bob, sends, django_assert_num_queries):
        for _ in range(sends):
            sent(bob, alice)
        with django_assert_num_queries(4):
            assert len(inbox.thread_page(alice, bob).rows) == sends

    def test_pages_neither_double_nor_skip(self, client, alice, bob):
        ids = [sent(bob, alice).pk for _ in range(7)]
        client.force_login(alice)
        path, found = "/api/v1/inbox/bob?limit=3", []
        while path:
            body = client.get(path).json()
            found += [row["id"] for row in body["results"]]
            path = body["next"]
        assert found == ids[::-1]


class TestPages:
    def test_opening_a_thread_reads_it(self, client, alice, bob):
        sent(bob, alice, "hello")
        client.force_login(alice)
        assert "1 new" in client.get("/inbox/").content.decode()
        assert "hello" in client.get("/inbox/bob/").content.decode()
        assert "1 new" not in client.get("/inbox/").content.decode()

    def test_react_and_take_it_back(self, client, alice, bob):
        send = sent(bob, alice)
        client.force_login(alice)
        client.post(f"/inbox/sends/{send.pk}/react/", {"reaction": "fire"})
        assert Send.objects.get().reaction == "fire"
        html = client.post(f"/inbox/sends/{send.pk}/react/", {"reaction": "fire"}, headers=HTMX).content.decode()
        assert Send.objects.get().reaction == ""
        assert "<html" not in html
        assert client.post(f"/inbox/sends/{send.pk}/react/", {"reaction": "x\0"}).status_code == 404
        client.force_login(bob)
        assert client.post(f"/inbox/sends/{send.pk}/react/", {"reaction": "fire"}).status_code == 404

    def test_remove_on_ones_own_side(self, client, alice, bob):
        send = sent(bob, alice)
        client.force_login(alice)
        assert client.post(f"/inbox/sends/{send.pk}/hide/", headers=HTMX).content == b""
        assert inbox.inbox_page(alice).rows == []
        assert len(inbox.inbox_page(bob).rows) == 1
        client.force_login(bob)
        assert client.post("/inbox/alice/hide/").status_code == 302
        assert inbox.inbox_page(bob).rows == []

    @pytest.mark.parametrize("path", ["/inbox/?before=x", "/inbox/bob/?before=%00", "/inbox/nobody/", "/inbox/alice/"])
    def test_what_is_not_there_is_404(self, client, alice, bob, path):
        client.force_login(alice)
        assert client.get(path).status_code == 404

    def test_is_for_people_who_are_signed_in(self, client, alice):
        clip = ClipFactory()
        for path in ("/inbox/", "/inbox/alice/", f"/clips/{clip.pk}/send/"):
            assert client.get(path).status_code == 302


class TestSheet:
    def test_offers_those_who_take_clips_and_sends(self, client, alice, bob):
        UserFactory(username="stranger")
        clip = ClipFactory()
        client.force_login(alice)
        html = client.get(f"/clips/{clip.pk}/share/").content.decode()
        assert 'value="bob"' in html
        assert "stranger" not in html
        html = client.post(f"/clips/{clip.pk}/send/", {"to": ["bob"], "text": "this!"}, headers=HTMX).content.decode()
        assert "Sent to @bob." in html
        assert Send.objects.get().text == "this!"

    def test_says_for_each_who_did_not_get_it(self, client, alice, bob):
        UserFactory(username="stranger")
        client.force_login(alice)
        sent_to = {"to": ["bob", "stranger", "nobody.here"]}
        html = client.post(f"/clips/{ClipFactory().pk}/send/", sent_to, headers=HTMX).content.decode()
        assert "Sent to @bob." in html
        assert "@stranger: They take no clips from you." in html
        assert "@nobody.here: It cannot be sent to them." in html

    def test_a_refusal_keeps_the_text(self, client, alice):
        client.force_login(alice)
        answer = client.post(f"/clips/{ClipFactory().pk}/send/", {"text": "kept words"}, headers=HTMX)
        assert "kept words" in answer.content.decode()
        assert "Choose somebody" in answer.content.decode()

    def test_looking_for_people_keeps_the_chosen(self, client, alice, bob):
        carl = UserFactory(username="carl", display_name="Carl")
        befriend(alice, carl)
        client.force_login(alice)
        path = f"/clips/{ClipFactory().pk}/send/"
        html = client.get(f"{path}?who=bél&to=carl", headers=HTMX).content.decode()
        assert 'value="carl" checked' in html
        assert 'value="bob"' in html
        assert 'value="bob"' not in client.get(f"{path}?who=zzz", headers=HTMX).content.decode()
        for odd in ("%00", "x" * 5_000, "&to=%00", "&to=" + "a" * 5_000):
            assert client.get(f"{path}?who={odd}", headers=HTMX).status_code == 200

    def test_a_hidden_clip_is_404(self, client, alice, bob):
        clip = ClipFactory(author=UserFactory(is_private=True))
        client.force_login(alice)
        assert client.get(f"/clips/{clip.pk}/send/").status_code == 404
        assert client.post(f"/clips/{clip.pk}/send/", {"to": "bob"}).status_code == 404

    def test_whom_one_sends_to_comes_first(self, alice, bob):
        for name in ("x1", "x2"):
            befriend(alice, UserFactory(username=name))
        sent(alice, bob)
        assert inbox.favourites(alice)[0].username == "bob"
        assert {one.username for one in inbox.favourites(alice)} == {"bob", "x1", "x2"}
        User.objects.filter(username="bob").update(sends_from="nobody")
        assert "bob" not in {one.username for one in inbox.favourites(alice)}

    @pytest.mark.parametrize("friends", [1, 15])
    def test_choosing_costs_the_same_however_many(self, alice, friends, django_assert_num_queries):
        for number in range(friends):
            befriend(alice, UserFactory(username=f"p{number}"))
        with django_assert_num_queries(2):
            inbox.favourites(alice)
        with django_assert_num_queries(1):
            inbox.find(alice, "p")


class TestApi:
    def test_send_says_what_came_of_it(self, client, alice, bob):
        client.force_login(alice)
        clip = ClipFactory()
        body = {"to": ["bob", "nobody.here"], "text": "this"}
        key = {"Idempotency-Key": "k1"}
        first = client.post(f"/api/v1/clips/{clip.pk}/send", body, content_type=JSON, headers=key)
        assert first.status_code == 200
        outcomes = [(one["username"], one["outcome"]) for one in first.json()["results"]]
        assert outcomes == [("bob", "sent"), ("nobody.here", "unavailable")]
        again = client.post(f"/api/v1/clips/{clip.pk}/send", body, content_type=JSON, headers=key)
        assert again.json() == first.json()
        assert Send.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 400, "validation_error"),
            ({"to": "bob"}, 400, "validation_error"),
            ({"to": [None]}, 400, "validation_error"),
            ({"to": ["\0"]}, 400, "validation_error"),
            ({"to": []}, 422, "nobody_to_send_to"),
            ({"to": [f"p{n}" for n in range(21)]}, 422, "too_many_recipients"),
            ({"to": ["bob"], "text": "x" * 281}, 422, "send_text_too_long"),
        ],
    )
    def test_what_cannot_be_sent(self, client, alice, bob, body, status, code):
        client.force_login(alice)
        response = client.post(f"/api/v1/clips/{ClipFactory().pk}/send", body, content_type=JSON)
        assert (response.status_code, response.json()["code"]) == (status, code)

    def test_read_react_and_hide(self, client, alice, bob):
        send = sent(bob, alice, "x")
        client.force_login(alice)
        assert client.get("/api/v1/inbox").json()["unread"] == 1
        assert client.get("/api/v1/inbox/bob").json()["results"][0]["read"] is False
        assert client.post("/api/v1/inbox/bob/read", {}, content_type=JSON).json() == {"read": 1}
        path = f"/api/v1/inbox/sends/{send.pk}"
        assert client.put(f"{path}/reaction", {"reaction": "wow"}, content_type=JSON).json()["reaction"] == "wow"
        assert client.put(f"{path}/reaction", {"reaction": "x"}, content_type=JSON).status_code == 400
        assert client.delete(f"{path}/reaction").json()["reaction"] == ""
        for _ in range(2):
            assert client.delete(path).status_code == 204
        assert client.get("/api/v1/inbox").json() == {"next": None, "results": [], "unread": 0}

    def test_the_setting(self, client, alice, bob):
        client.force_login(bob)
        assert client.get("/api/v1/me").json()["sends_from"] == "mutuals"
        client.patch("/api/v1/me", {"sends_from": "nobody"}, content_type=JSON)
        client.force_login(alice)
        body = client.post(f"/api/v1/clips/{ClipFactory().pk}/send", {"to": ["bob"]}, content_type=JSON).json()
        assert body["results"][0]["outcome"] == "not_taken"


def test_followed_people_may_send_when_the_recipient_wants_so(alice):
    carl = UserFactory(username="carl", sends_from="followed")
    FollowFactory(follower=carl, followee=alice)
    assert [one.username for one in inbox.favourites(alice)] == ["carl"]
    assert inbox.favourites(carl) == []
