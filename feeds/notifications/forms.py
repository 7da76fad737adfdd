"""The form of the notification settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Digest, Kind, NotificationSettings


class SettingsForm(forms.Form):
    """A box for each kind, ticked when it is wanted, and how often to write."""

    on = forms.MultipleChoiceField(label=_("Tell me when"), choices=Kind.choices, required=False)
    digest = forms.ChoiceField(label=_("E-mail"), choices=Digest.choices)

    def __init__(self, data: Any = None, *, chosen: NotificationSettings) -> None:
        wanted = [kind.value for kind in Kind if kind not in chosen.off]
        super().__init__(data, initial={"on": wanted, "digest": chosen.digest})

    def off(self) -> list[Kind]:
        """The kinds that are not ticked."""
        return [kind for kind in Kind if kind not in self.cleaned_data["on"]]
