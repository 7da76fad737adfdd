"""What a request to repost may say."""

from __future__ import annotations

from django import forms

from .models import RepostAudience


class RepostForm(forms.Form):
    """All optional: an empty form is the one tap. The rules (length, policy) are the service's."""

    comment = forms.CharField(required=False)
    audience = forms.ChoiceField(choices=RepostAudience, required=False)
    via = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def asked(self) -> dict[str, object]:
        """Arguments for `repost_clip`: what the form did not send stays as it is."""
        data = self.cleaned_data
        return {
            "comment": data["comment"] if "comment" in self.data else None,
            "audience": data["audience"] or None,
            "via_id": data["via"],
        }
