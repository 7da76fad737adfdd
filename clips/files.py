"""Where the bytes of clips lie below MEDIA_ROOT, and how they come and go.

    originals/<clip key>/source      private, never served
    clips/<clip key>/720.mp4 …       renditions and poster, served only through `clips.media_views`

A clip key is random, so that paths say nothing about ids and a deleted clip's folder is never reused.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from .exceptions import StorageFull

RESERVE_BYTES = 64 * 2**20  # refuse uploads before the disk is full to the last block: the database needs room


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)


def new_key() -> str:
    return secrets.token_hex(16)


def absolute(name: str) -> Path:
    """Absolute path of a stored name. Raises ValueError when the name would leave MEDIA_ROOT."""
    root = media_root().resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"not below MEDIA_ROOT: {name!r}")
    return path


def store_original(chunks: Iterable[bytes], *, size: int) -> str:
    """Write an upload to a new private place and return its name. `size` is in bytes, as announced.

    Raises: StorageFull. Nothing is left behind when writing fails."""
    key = new_key()
    name = f"originals/{key}/source"
    target = absolute(name)
    try:
        media_root().mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(media_root()).free < size + RESERVE_BYTES:
            raise StorageFull
        target.parent.mkdir(mode=0o700, parents=True)
        with target.open("xb") as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        shutil.rmtree(target.parent, ignore_errors=True)
        raise StorageFull from error
    except BaseException:  # the upload itself broke off
        shutil.rmtree(target.parent, ignore_errors=True)
        raise
    return name


def erase_scratch(*, older_than: timedelta) -> int:
    """Remove what killed workers left among the renditions: scratch folders and empty ones. Returns how many."""
    gone = 0
    horizon = time.time() - older_than.total_seconds()
    for folder in (media_root() / "clips").glob("*"):
        with contextlib.suppress(OSError):  # somebody else was quicker, or it is not empty
            if folder.stat().st_mtime > horizon:
                continue
            if folder.name.startswith("."):  # keys are hexadecimal
                shutil.rmtree(folder)
            else:
                folder.rmdir()
            gone += 1
    return gone


def delete_folder(name: str) -> None:
    """Remove the folder that holds the stored file `name`; no error when it is gone already."""
    if name:
        shutil.rmtree(absolute(name).parent, ignore_errors=True)
