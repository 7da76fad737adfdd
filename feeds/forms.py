"""What the pages of feed controls send."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .controls import WORDS_LENGTH
from .why import FEEDS

MAX_ID = 2**63 - 1
MOST_CARDS = 300  # cards of an open page that are looked at again after a choice
PERIODS = [("", _("For ever")), ("7", _("7 days")), ("30", _("30 days"))]


class Watched:
    """The three answers to "what becomes of watched clips" and the two columns they are kept in."""

    CHOICES = [
        ("keep", _("They stay where they are"), _("A further repost does not bring a watched clip to the top again.")),
        ("raise", _("A repost brings them back"), _("When someone reposts a clip you have watched, it rises again.")),
        ("hide", _("They do not come again"), _("Once you have watched a clip, your feeds leave it out.")),
    ]

    @staticmethod
    def of(user: User) -> str:
        return "hide" if user.hide_watched else "raise" if user.raise_watched else "keep"

    @staticmethod
    def columns(choice: str) -> dict[str, bool]:
        return {"hide_watched": choice == "hide", "raise_watched": choice == "raise"}


class FeedSettingsForm(forms.Form):
    """The settings that hold for every clip."""

    watched = forms.ChoiceField(choices=[choice[:2] for choice in Watched.CHOICES])
    hide_reposted = forms.BooleanField(required=False)
    hide_reposts_of_followed = forms.BooleanField(required=False)

    def changes(self) -> dict[str, bool]:
        """The columns of the person."""
        data = self.cleaned_data
        others = {name: data[name] for name in ("hide_reposted", "hide_reposts_of_followed")}
        return others | Watched.columns(data["watched"])


class WordsForm(forms.Form):
    """Words to hide."""

    text = forms.CharField(
        label=_("Word, phrase or emoji"),
        max_length=4 * WORDS_LENGTH,  # the limit holds for what is left after cleaning
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write a word, a phrase or an emoji.")},
    )
    days = forms.TypedChoiceField(
        label=_("For how long"), choices=PERIODS, coerce=int, empty_value=None, required=False
    )


class ControlForm(forms.Form):
    """A choice from a card or its sheet. Which of the members a kind needs is the view's matter."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("clip", "fewer", "clips_by", "reposts_of", "reposts_by", "unfollow")]
    )
    clip = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    via = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    person = forms.CharField(max_length=30, required=False)
    days = forms.TypedChoiceField(choices=PERIODS, coerce=int, empty_value=None, required=False)


class PageForm(forms.Form):
    """The open page that a choice is made on: which feed, and the clips that are on it."""

    feed = forms.ChoiceField(choices=[(feed, feed) for feed in FEEDS], required=False)
    cards = forms.RegexField(r"^[0-9]{1,18}(,[0-9]{1,18}){0,299}$", required=False, max_length=19 * MOST_CARDS)

    def clip_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["cards"].split(",") if pk]


def until(days: int | None) -> datetime | None:
    """When a choice for so many days ends."""
    return timezone.now() + timedelta(days=days) if days else None
