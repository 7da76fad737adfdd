"""Where the bytes of an upload go while they arrive: to disk, but no further than an upload may be long."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .files import RESERVE_BYTES
from .media.limits import MediaLimits

NO_ROOM = "no_room"  # the mark on a file that `clips.services.check_upload` reads


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Like Django's, but a file that is too long, or for which there is no room, takes no room.

    What arrives is then read to its end and dropped, so that the answer reaches the sender (browsers that are
    cut off while they send show no page). The file ends up empty with its true `size`, by which it is refused;
    when it was room that lacked, `no_room` says so.
    """

    content_bytes = 0
    dropping = False
    no_room = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803
        self.content_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        free = shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free
        self.no_room = self.dropping = free < self.content_bytes + RESERVE_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.dropping:
            return
        if start + len(raw_data) > MediaLimits().max_bytes:
            self._drop()
            return
        try:
            self.file.write(raw_data)
        except OSError:
            self.no_room = True
            self._drop()

    def _drop(self) -> None:
        self.dropping = True
        self.file.seek(0)
        self.file.truncate()

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        self.file.size = file_size
        setattr(self.file, NO_ROOM, self.no_room)
        return self.file
