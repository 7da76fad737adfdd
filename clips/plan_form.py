"""When a clip is to go out, as a part of forms. The rules are in `clips.publication`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Clip, Plan

LOCAL = "%Y-%m-%dT%H:%M"  # what <input type="datetime-local"> sends and wants
PLANS = {
    Plan.NOW: (_("Now"), _("As soon as the video is prepared.")),
    Plan.DRAFT: (_("Keep as a draft"), _("Only you see it. Publish it whenever you like.")),
    Plan.AT: (_("At a time"), _("5 minutes to 60 days ahead. You can change it until then.")),
}


class PlanChoice(NamedTuple):
    """One option, with what it means."""

    value: str
    label: str
    help: str
    chosen: bool


class PlanMixin(forms.Form):
    """`publish`, and `publish_at` in the zone in which the person sees times: see `accounts.languages`."""

    publish = forms.ChoiceField(label=_("When to publish"), choices=Plan.choices, initial=Plan.NOW, required=False)
    publish_at = forms.CharField(
        label=_("Date and time"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "datetime-local", "data-plan-time": True}),
    )

    @staticmethod
    def zone_name() -> str:
        """The zone of the times in this form, as people know it, such as `Europe/Lisbon`."""
        return timezone.get_current_timezone_name().replace("_", " ")

    def plans(self) -> list[PlanChoice]:
        chosen = self["publish"].value() or Plan.NOW
        return [
            PlanChoice(plan.value, str(label), str(meaning), plan.value == chosen)
            for plan, (label, meaning) in PLANS.items()
        ]

    def set_plan(self, clip: Clip) -> None:
        """Begin with the clip's plan."""
        self.initial["publish"] = clip.plan
        if clip.publish_at:
            self.initial["publish_at"] = timezone.localtime(clip.publish_at).strftime(LOCAL)

    def clean_publish(self) -> str:
        return self.cleaned_data["publish"] or Plan.NOW

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("publish_at", "")
        data["publish_at"] = None
        if data.get("publish") == Plan.AT and text:
            data["publish_at"] = self._moment(text)
        return data

    def _moment(self, text: str) -> datetime | None:
        try:
            naive = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.add_error("publish_at", _("This is not a date and time."))
            return None
        here = timezone.get_current_timezone()
        try:
            at = naive.replace(tzinfo=here).astimezone(UTC)
        except OverflowError:
            self.add_error("publish_at", _("This is not a date and time."))
            return None
        if at.astimezone(here).replace(tzinfo=None) != naive:
            # The hour that is skipped when summer time begins.
            self.add_error("publish_at", _("There is no such time on that day: the clocks are put forward."))
            return None
        return at
