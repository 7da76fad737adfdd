"""Why a clip is refused. `code` is stable: the API sends it; `detail` is what the person reads."""

from __future__ import annotations

from accounts.exceptions import Refusal


class ClipRefused(Refusal):
    """A refusal about a clip or an upload."""


class UploadRefused(ClipRefused):
    code = "upload_refused"


class NotRetryable(ClipRefused):
    code = "not_retryable"
    detail = "Only a clip whose processing failed can be tried again."


class StorageFull(ClipRefused):
    code = "storage_full"
    detail = "The server has no room for uploads right now. Nothing was saved; try again later."


class TooManyUploads(ClipRefused):
    code = "too_many_uploads"
    detail = "You have too many clips in processing. Wait until some of them are ready."
