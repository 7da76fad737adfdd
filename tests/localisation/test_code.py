"""Every string of the code that a person reads goes through gettext."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation

from accounts.exceptions import Refusal
from accounts.text import isolated
from clips.media.limits import FAILURES, REFUSALS, MediaFailed, MediaRefused
from clips.media.words import detail, sentence
from config.api.renderers import dumps
from tests.messages import APPS

from .code import bare_strings, eager_strings, faults_in


def test_the_code_holds_no_bare_strings_for_people():
    faults = faults_in(settings.BASE_DIR, APPS)
    assert faults == [], "Put these through gettext (gettext_lazy at class and module level):\n" + "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        'caption = forms.CharField(label="Caption")',
        'caption = models.CharField("caption", max_length=1)',
        'class A(models.TextChoices):\n    ALL = "all", "Everything"',
        'class A(Refusal):\n    detail = "No."',
        'messages.success(request, f"You follow @{name}.")',
        'raise ValidationError("Too long.", code="long")',
        'raise ClipRefused("That is not possible.")',
        '@admin.display(description="clip")\ndef title(self): ...',
        'class Desk:\n    fieldsets = (("Who and when", {"fields": ()}),)',
        'class Only(Filter):\n    def lookups(self):\n        return [("yes", "Following")]',
        'messages.success(request, "Reposted." if created else _("Saved."))',
    ],
)
def test_a_bare_string_is_found(source):
    assert list(bare_strings(source))


@pytest.mark.parametrize(
    "source",
    [
        'caption = forms.CharField(label=_("Caption"), max_length=3)',
        'class A(models.TextChoices):\n    ALL = "all", _("Everything")',
        'raise ValueError("not a number, says the programmer")',
        'messages.success(request, _("You follow %(handle)s.") % {"handle": name})',
        'logger.info("worker %s is here", name)',
    ],
)
def test_what_is_translated_or_for_programmers_passes(source):
    assert list(bare_strings(source)) == []


@pytest.mark.parametrize(
    "source",
    ['TITLE = _("Title")', 'class A:\n    title = _("Title")', '@action(description=_("Undo"))\ndef undo(): ...'],
)
def test_a_string_that_is_translated_when_the_module_is_loaded_is_found(source):
    assert list(eager_strings(f"from django.utils.translation import gettext as _\n{source}"))
    assert not list(eager_strings(f"from django.utils.translation import gettext_lazy as _\n{source}"))
    assert not list(eager_strings('from django.utils.translation import gettext as _\ndef a():\n    return _("A")'))


def test_help_texts_of_the_api_are_documentation():
    source = 'at = serializers.CharField(help_text="When it was.")'
    assert list(bare_strings(source))
    assert list(bare_strings(source, documented=True)) == []


def test_lazy_strings_leave_as_json():
    assert dumps({"detail": translation.gettext_lazy("January"), "all": [translation.gettext_lazy("May")]}) == (
        b'{"detail":"January","all":["May"]}'
    )


def test_a_refusal_is_said_when_it_is_raised():
    class Spoken(Refusal):
        detail = translation.gettext_lazy("January")  # Django itself knows it in every language

    with translation.override("ar"):
        refusal = Spoken()
    assert refusal.detail == str(refusal) == "يناير"
    assert type(refusal.detail) is str


@pytest.mark.parametrize("known", [MediaRefused, MediaFailed])
def test_what_is_wrong_with_a_video_is_said_as_before(known):
    for code in known.sentences:
        for text in ("", "200 s, at most 180 s", "9 × 9, at least 16 a side", "at most 120", "a photo", "h266"):
            error = known(code, text)
            assert sentence(error) == str(error)
    assert set(MediaRefused.sentences) == set(REFUSALS)
    assert set(MediaFailed.sentences) == set(FAILURES)


def test_the_varying_part_is_translated_as_a_whole(monkeypatch):
    monkeypatch.setattr("clips.media.words.gettext", lambda text: f"<{text}>")
    assert detail("200 s, at most 180 s") == "<200 s, at most 180 s>"
    assert detail("at most 4096 a side, 9,437,184 in all") == "<at most 4096 a side, 9,437,184 in all>"
    assert detail("h266") == "h266"


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "Ana", "Ana"),
        ("en", "سارة", "\u2068سارة\u2069"),
        ("ar", "سارة", "سارة"),
        ("ar", "@ana", "\u2068@ana\u2069"),
        ("ar", "123", "123"),
    ],
)
def test_a_name_that_runs_the_other_way_is_isolated(language, name, shown):
    with translation.override(language):
        assert isolated(name) == shown
