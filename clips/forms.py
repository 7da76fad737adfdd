"""What an author says about a clip. The rules are in `clips.services`."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms

from .media.limits import MediaLimits
from .models import ALT_TEXT_LENGTH, CAPTION_LENGTH, Audience, Clip, RepostPolicy

ACCEPT = "video/mp4,video/quicktime,video/webm,video/x-matroska,.mp4,.m4v,.mov,.webm,.mkv"
AUDIENCE_HELP = {
    Audience.PUBLIC: "Anyone, also people who are not signed in.",
    Audience.FOLLOWERS: "Only people who follow you, now or later.",
}
POLICY_HELP = {
    RepostPolicy.YES: "People may pass it on to those who follow them.",
    RepostPolicy.WITH_COMMENT: "They have to say something of their own.",
    RepostPolicy.NO: "It stays with you. Reposts made before disappear.",
}


class Choice(NamedTuple):
    """One option of a choice, with what it means."""

    value: str
    label: str
    help: str
    chosen: bool


class ClipTextsForm(forms.Form):
    """Caption, alt text, audience and repost policy: all that can be changed later.

    Texts are not cut at the browser: the limits count what is left after cleaning, which the service does."""

    caption = forms.CharField(
        label="Caption",
        required=False,
        max_length=4 * CAPTION_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": 3, "dir": "auto", "data-counter": "caption-count", "data-limit": CAPTION_LENGTH}
        ),
    )
    alt_text = forms.CharField(
        label="Description for people who cannot see it",
        required=False,
        max_length=4 * ALT_TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "auto", "data-counter": "alt-count", "data-limit": ALT_TEXT_LENGTH}
        ),
        help_text="What is seen, in a sentence or two.",
    )
    visibility = forms.ChoiceField(label="Who can see it", choices=Audience.choices, initial=Audience.PUBLIC)
    allow_reposts = forms.ChoiceField(label="Reposts", choices=RepostPolicy.choices, initial=RepostPolicy.YES)

    @classmethod
    def of(cls, clip: Clip, data: Any = None) -> ClipTextsForm:
        """The form of an existing clip."""
        names = ("caption", "alt_text", "visibility", "allow_reposts")
        return cls(data, initial={name: getattr(clip, name) for name in names})

    def _explained(self, name: str, choices: type[Audience | RepostPolicy], helps: dict[Any, str]) -> list[Choice]:
        chosen = self[name].value()
        return [Choice(one.value, str(one.label), helps[one], one.value == chosen) for one in choices]

    def audiences(self) -> list[Choice]:
        return self._explained("visibility", Audience, dict(AUDIENCE_HELP))

    def policies(self) -> list[Choice]:
        return self._explained("allow_reposts", RepostPolicy, dict(POLICY_HELP))


class UploadForm(ClipTextsForm):
    video = forms.FileField(
        label="Video file",
        allow_empty_file=True,  # the service says why an empty file is refused
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "Choose a video file.",
            "missing": "Choose a video file.",
            "invalid": "The file did not arrive. Choose it again.",
        },
    )
    field_order = ["video", "caption", "alt_text", "visibility", "allow_reposts"]


def limits_text() -> str:
    """One line on what may be uploaded, from the limits themselves."""
    limits = MediaLimits()
    kinds = ", ".join(kind.upper() if kind != "webm" else "WebM" for kind in limits.containers)
    return (
        f"{kinds}; up to {limits.max_bytes // 2**20} MB, {limits.max_duration_seconds / 60:g} minutes, 4K. "
        "Upright looks best."
    )
