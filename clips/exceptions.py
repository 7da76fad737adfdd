"""Why a clip is refused. `code` is stable: the API sends it; `detail` is what the person reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.exceptions import Refusal


class ClipRefused(Refusal):
    """A refusal about a clip or an upload."""


class UploadRefused(ClipRefused):
    code = "upload_refused"


class NotRetryable(ClipRefused):
    code = "not_retryable"
    detail = _("Only a clip whose processing failed can be tried again.")


class StorageFull(ClipRefused):
    code = "storage_full"
    detail = _("The server has no room for uploads right now. Nothing was saved; try again later.")


class TooManyUploads(ClipRefused):
    code = "too_many_uploads"
    detail = _("You have too many clips in processing. Wait until some of them are ready.")


class TalkRefused(ClipRefused):
    """A refusal about a like or a comment."""


class EmptyComment(TalkRefused):
    code = "comment_empty"
    detail = _("Write something first.")


class LongComment(TalkRefused):
    code = "comment_too_long"
    detail = _("A comment has at most 500 characters.")


class CommentsClosed(TalkRefused):
    code = "comments_closed"
    detail = _("Comments on this clip are closed.")


class CommentsLimited(TalkRefused):
    code = "comments_limited"
    detail = _("Only people whom the author follows may comment on this clip.")


class TooManyComments(TalkRefused):
    code = "too_many_comments"
    detail = _("You wrote many comments just now. Wait a minute.")


class EditTooLate(TalkRefused):
    code = "edit_too_late"
    detail = _("A comment can be changed for 15 minutes after it was written.")


class NotYours(TalkRefused):
    code = "not_yours"
    detail = _("Only the one who wrote it, or the author of the clip, can do that.")


class NotRestorable(TalkRefused):
    code = "not_restorable"
    detail = _("This comment cannot be brought back any more.")


class ReplyNotPinned(TalkRefused):
    code = "reply_not_pinned"
    detail = _("Only a comment can be pinned, not a reply.")


class BadPlace(ClipRefused):
    code = "bad_cursor"
    detail = _("The cursor is not one of this list. Begin again without it.")


class TooManyHeld(ClipRefused):
    code = "too_many_drafts"
    detail = _("You have too many drafts and scheduled clips. Publish or delete some of them first.")


class AlreadyPublished(ClipRefused):
    code = "already_published"
    detail = _("This clip is published already.")


class BadSchedule(ClipRefused):
    """The time of publication is missing, too near, too far, or given for a clip that is not scheduled."""

    code = "bad_schedule"


class CaptionsRefused(ClipRefused):
    """A caption file or an edited track is not acceptable. `problems` are (line, sentence), line 0 for the whole."""

    code = "captions_refused"

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        super().__init__(" ".join(sentence for _line, sentence in problems[:3]))

    @property
    def faults(self) -> list[dict[str, str]]:
        """The problems as the API lists them: `field` is `line 3`, or empty for the whole."""
        return [
            {"field": f"line {line}" if line else "", "code": self.code, "detail": text} for line, text in self.problems
        ]


class TooManyTracks(ClipRefused):
    code = "too_many_tracks"
    detail = _("This clip has captions in as many languages as it can have.")


class NotPrepared(ClipRefused):
    code = "not_prepared"
    detail = _("The video is not prepared yet. Add captions when it is.")


class SendRefused(ClipRefused):
    """A refusal to send a clip to anybody at all."""


class NobodyToSendTo(SendRefused):
    code = "nobody_to_send_to"
    detail = _("Choose somebody to send it to.")


class TooManyRecipients(SendRefused):
    code = "too_many_recipients"
    detail = _("Send it to at most 20 people at once.")


class LongSendText(SendRefused):
    code = "send_text_too_long"
    detail = _("The text has at most 280 characters.")


class TooManySends(SendRefused):
    code = "too_many_sends"
    detail = _("That was a lot. Wait a while before you send more.")
