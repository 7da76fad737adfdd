"""Avatars: whatever picture a person gives us becomes a square WebP of our own making, without metadata."""

from __future__ import annotations

import io
import re
import secrets
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

EDGE = 256  # pixels; twice the largest place where an avatar is shown
MAX_BYTES = 10 * 2**20  # phone photos are 2 to 8 MB
MAX_PIXELS = 36_000_000  # decoded RGBA of that size is 144 MB, the most that one request may take
MAX_SIDE = 16_000  # pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # few decoders, few holes
_NAME = re.compile(r"^avatars/([0-9a-f]{32})\.webp$")
# What Pillow's decoders are known to raise for broken files.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, struct.error, zlib.error,
           OverflowError, MemoryError, Image.DecompressionBombError)  # fmt: skip


class AvatarRefused(Exception):
    """The picture cannot be used; `detail` says why. `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def make_avatar(picture: BinaryIO, *, size: int) -> bytes:
    """A square WebP of EDGE pixels from the middle of `picture` (`size` bytes long), upright, metadata gone.

    Raises: AvatarRefused. Type and dimensions are read from the header before a pixel is decoded."""
    if size > MAX_BYTES:
        raise AvatarRefused(
            "too_large", _("The picture is larger than %(megabytes)d MB.") % {"megabytes": MAX_BYTES // 2**20}
        )
    try:
        picture.seek(0)
        image: Image.Image = Image.open(picture, formats=FORMATS)
    except _BROKEN as error:
        raise AvatarRefused(
            "not_an_image", _("This is not a picture that we can read. Use a JPEG, PNG, WebP or GIF file.")
        ) from error
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise AvatarRefused(
            "too_many_pixels",
            _("The picture is %(width)d × %(height)d pixels: too large to handle. Use one below 36 megapixels.")
            % {"width": width, "height": height},
        )
    try:
        image.draft("RGB", (2 * EDGE, 2 * EDGE))  # JPEG decodes at a fraction of its size
        image.load()
        image = ImageOps.exif_transpose(image)
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        square = ImageOps.fit(image, (EDGE, EDGE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        square.save(out, "WEBP", quality=85, method=4, exif=b"", xmp=b"", icc_profile=b"")
    except _BROKEN as error:
        raise AvatarRefused("damaged", _("The picture is damaged and cannot be read.")) from error
    return out.getvalue()


def store_avatar(picture: BinaryIO, *, size: int) -> str:
    """Make an avatar and keep it; returns its name below MEDIA_ROOT. Raises: AvatarRefused."""
    content = make_avatar(picture, size=size)
    name = f"avatars/{secrets.token_hex(16)}.webp"
    target = Path(settings.MEDIA_ROOT) / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise AvatarRefused(
            "storage_full", _("The server has no room for pictures right now. Try again later.")
        ) from error
    return name


def avatar_path(key: str) -> Path | None:
    """Where the avatar with this key lies, or None for a key that cannot be ours."""
    if not _NAME.match(f"avatars/{key}.webp"):
        return None
    return Path(settings.MEDIA_ROOT) / "avatars" / f"{key}.webp"


def avatar_url(name: str) -> str:
    """The address of a stored avatar; empty for people without one."""
    match = _NAME.match(name)
    return reverse("accounts:avatar", args=[match[1]]) if match else ""


def delete_avatar(name: str) -> None:
    """Remove a stored avatar; no error when there is none."""
    match = _NAME.match(name)
    if match:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
