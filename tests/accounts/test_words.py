"""Folded words: what a hidden phrase is found in, in any script."""

from __future__ import annotations

import pytest

from accounts.words import fold
from clips.models import Clip
from clips.services import update_clip
from reposts.services import repost_clip
from tests.factories import ClipFactory, UserFactory


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éclairs, for ALL!", " éclairs for all "),
        ("e\u0301clairs", " éclairs "),
        ("ＣＡＴ", " cat "),
        ("STRASSE Straße", " strasse strasse "),
        ("don't", " don t "),
        ("snake_case #cats", " snake_case cats "),
        ("हिन्दी में", " हिन्दी में "),
        ("مرحبا، يا عالم", " مرحبا يا عالم "),
        ("می‌خواهم", " میخواهم "),
        ("Привет, МИР", " привет мир "),
        ("我的猫", " 我 的 猫 "),
        ("ﾈｺとcat", " ネ コ と cat "),
        ("แมว", " แ ม ว "),
        ("고양이 카페", " 고양이 카페 "),
        ("so 🎄🎄 ❤️", " so 🎄 🎄 ❤ "),
        ("👍🏽", " 👍 🏽 "),
        ("… — !?", ""),
        ("", ""),
    ],
)
def test_words_are_folded_alike_however_they_are_typed(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("cat", "A CAT, at last", True),
        ("cat", "concatenate", False),
        ("at last", "A cat at last", True),
        ("at last", "last at", False),
        ("好可", "你好可爱", True),
        ("🎄", "tree🎄tree", True),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrase, text, found):
    assert (fold(phrase) in fold(text)) is found


@pytest.mark.django_db
def test_the_folded_text_follows_its_source_however_that_is_saved():
    clip = ClipFactory(caption="One CAT")
    assert Clip.objects.get(pk=clip.pk).caption_words == " one cat "
    update_clip(clip=clip, caption="Two Dogs")
    assert Clip.objects.get(pk=clip.pk).caption_words == " two dogs "
    update_clip(clip=clip, visibility="followers")
    assert Clip.objects.get(pk=clip.pk).caption_words == " two dogs "
    (made,) = Clip.objects.bulk_create([Clip(author=clip.author, caption="In BULK")])
    assert Clip.objects.get(pk=made.pk).caption_words == " in bulk "


@pytest.mark.django_db
def test_a_comment_that_is_changed_is_folded_again():
    clip, user = ClipFactory(), UserFactory()
    repost, _ = repost_clip(user=user, clip_id=clip.pk, comment="So GOOD")
    repost.refresh_from_db()
    assert repost.comment_words == " so good "
    repost, _ = repost_clip(user=user, clip_id=clip.pk, comment="Meh")
    repost.refresh_from_db()
    assert repost.comment_words == " meh "
