"""What an author says about a clip. The rules are in `clips.services`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from .media.limits import MediaLimits
from .models import ALT_TEXT_LENGTH, CAPTION_LENGTH, Audience, Clip, CommentPolicy, RepostPolicy
from .plan_form import PlanMixin

ACCEPT = "video/mp4,video/quicktime,video/webm,video/x-matroska,.mp4,.m4v,.mov,.webm,.mkv"
AUDIENCE_HELP = {
    Audience.PUBLIC: lazy("Anyone, also people who are not signed in."),
    Audience.FOLLOWERS: lazy("Only people who follow you, now or later."),
}
POLICY_HELP = {
    RepostPolicy.YES: lazy("People may pass it on to those who follow them."),
    RepostPolicy.WITH_COMMENT: lazy("They have to say something of their own."),
    RepostPolicy.NO: lazy("It stays with you. Reposts made before disappear."),
}

TALK_HELP = {
    CommentPolicy.EVERYONE: lazy("Whoever sees the clip and is signed in."),
    CommentPolicy.FOLLOWING: lazy("And yourself."),
    CommentPolicy.NOBODY: lazy("What was said before stays."),
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
        label=lazy("Caption"),
        required=False,
        max_length=4 * CAPTION_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": 3, "dir": "auto", "data-counter": "caption-count", "data-limit": CAPTION_LENGTH}
        ),
    )
    alt_text = forms.CharField(
        label=lazy("Describe the picture (alt text)"),
        required=False,
        max_length=4 * ALT_TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "auto", "data-counter": "alt-count", "data-limit": ALT_TEXT_LENGTH}
        ),
        help_text=lazy(
            "What is seen, in a sentence or two. People who are blind hear it instead of the picture, and it helps "
            "everyone else to find the clip."
        ),
    )
    visibility = forms.ChoiceField(label=lazy("Who can see it"), choices=Audience.choices, initial=Audience.PUBLIC)
    allow_reposts = forms.ChoiceField(label=lazy("Reposts"), choices=RepostPolicy.choices, initial=RepostPolicy.YES)
    allow_comments = forms.ChoiceField(
        label=lazy("Who can comment"), choices=CommentPolicy.choices, initial=CommentPolicy.EVERYONE, required=False
    )

    @classmethod
    def of(cls, clip: Clip, data: Any = None) -> ClipTextsForm:
        """The form of an existing clip."""
        names = ("caption", "alt_text", "visibility", "allow_reposts", "allow_comments")
        return cls(data, initial={name: getattr(clip, name) for name in names})

    def clean_allow_comments(self) -> str:
        """What was chosen; a form without the field changes nothing."""
        return self.cleaned_data["allow_comments"] or self.get_initial_for_field(
            self.fields["allow_comments"], "allow_comments"
        )

    def _explained(
        self, name: str, choices: type[Audience | RepostPolicy | CommentPolicy], helps: Mapping[Any, Any]
    ) -> list[Choice]:
        chosen = self[name].value()
        return [Choice(one.value, str(one.label), str(helps[one]), one.value == chosen) for one in choices]

    def audiences(self) -> list[Choice]:
        return self._explained("visibility", Audience, AUDIENCE_HELP)

    def policies(self) -> list[Choice]:
        return self._explained("allow_reposts", RepostPolicy, POLICY_HELP)

    def talk_policies(self) -> list[Choice]:
        return self._explained("allow_comments", CommentPolicy, TALK_HELP)


class HeldForm(PlanMixin, ClipTextsForm):
    """A clip that is not published yet: its texts, and when it is to go out."""

    @classmethod
    def of_held(cls, clip: Clip, data: Any = None) -> HeldForm:
        names = ("caption", "alt_text", "visibility", "allow_reposts", "allow_comments")
        form = cls(data, initial={name: getattr(clip, name) for name in names})
        form.set_plan(clip)
        return form


class UploadForm(PlanMixin, ClipTextsForm):
    video = forms.FileField(
        label=lazy("Video file"),
        allow_empty_file=True,  # the service says why an empty file is refused
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": lazy("Choose a video file."),
            "missing": lazy("Choose a video file."),
            "invalid": lazy("The file did not arrive. Choose it again."),
        },
    )
    upload_key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # set by js/bulk.js
    field_order = [
        "video",
        "caption",
        "alt_text",
        "visibility",
        "allow_reposts",
        "allow_comments",
        "publish",
        "publish_at",
    ]


def limits_text() -> str:
    """One line on what may be uploaded, from the limits themselves."""
    limits = MediaLimits()
    kinds = ", ".join(kind.upper() if kind != "webm" else "WebM" for kind in limits.containers)
    return _("%(kinds)s; up to %(megabytes)s MB, %(minutes)s minutes, 4K. Upright looks best.") % {
        "kinds": kinds,
        "megabytes": limits.max_bytes // 2**20,
        "minutes": f"{limits.max_duration_seconds / 60:g}",
    }
