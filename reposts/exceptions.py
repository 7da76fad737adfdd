"""Why a repost is refused. `code` is stable: the API sends it; `detail` is what the person reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.exceptions import Refusal


class RepostRefused(Refusal):
    code = "not_repostable"
    detail = _("This clip cannot be reposted.")


class RepostsSwitchedOff(RepostRefused):
    code = "reposts_off"
    detail = _("The author does not allow reposts of this clip.")


class OwnClip(RepostRefused):
    code = "own_clip"
    detail = _("This is your own clip: your followers have it already.")


class CommentRequired(RepostRefused):
    code = "comment_required"
    detail = _("The author allows reposts of this clip only with a comment. Write one to repost.")


class CommentTooLong(RepostRefused):
    code = "comment_too_long"
    detail = _("A repost comment has at most 280 characters.")


class NotTheAuthor(RepostRefused):
    code = "not_the_author"
    detail = _("Only the author of the clip can take a comment off it.")
