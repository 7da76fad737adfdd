"""Pictures that people send become small squares of ours, or a sentence why not."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from accounts import avatars


def picture(size=(600, 400), form="JPEG", mode="RGB", **save):
    out = io.BytesIO()
    image = Image.new(mode, size, (200, 30, 30) if mode == "RGB" else None)
    image.paste((30, 30, 200) if mode == "RGB" else 0, (0, 0, size[0] // 2, size[1]))
    image.save(out, form, **save)
    return out.getvalue()


def make(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(avatars.make_avatar(io.BytesIO(content), size=len(content))))


def refusal(content: bytes) -> str:
    with pytest.raises(avatars.AvatarRefused) as caught:
        avatars.make_avatar(io.BytesIO(content), size=len(content))
    assert caught.value.detail
    return caught.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(600, 400), (40, 900), (1, 1)])
def test_any_shape_becomes_a_square_webp(form, size):
    made = make(picture(size, form))
    assert (made.format, made.size) == ("WEBP", (256, 256))


def test_rotation_is_applied_and_metadata_goes():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn: what is left in the file is on top when shown
    exif[0x010E] = "at my home"
    exif[0x8825] = {1: "N"}
    content = picture((400, 400), exif=exif)
    assert b"at my home" in content
    out = avatars.make_avatar(io.BytesIO(content), size=len(content))
    made = Image.open(io.BytesIO(out)).convert("RGB")
    top, bottom = made.getpixel((128, 20)), made.getpixel((128, 236))
    assert top[2] > 150 > top[0]
    assert bottom[0] > 150 > bottom[2]
    assert b"at my home" not in out
    assert not Image.open(io.BytesIO(out)).getexif()


def test_transparency_stays():
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    assert make(out.getvalue()).mode == "RGBA"


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be huge in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(30_000, 30_000), (100_000, 100), (6_001, 6_000)])
def test_bombs_are_refused_by_their_header(size):
    assert refusal(png_header(*size)) in {"too_many_pixels", "not_an_image"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\0" * 5000,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"P6 9 9 255 " + b"\0" * 243,
    ],
)
def test_what_is_no_picture_is_refused(content):
    assert refusal(content) == "not_an_image"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_cut_off_pictures_are_refused(form):
    whole = picture((300, 300), form)
    for keep in (len(whole) // 3, len(whole) // 2):
        assert refusal(whole[:keep]) in {"damaged", "not_an_image"}


def test_large_files_are_refused_unread():
    with pytest.raises(avatars.AvatarRefused) as caught:
        avatars.make_avatar(io.BytesIO(b""), size=avatars.MAX_BYTES + 1)
    assert caught.value.code == "too_large"


def test_stored_below_media_root_and_deleted(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = picture()
    name = avatars.store_avatar(io.BytesIO(content), size=len(content))
    assert (tmp_path / name).read_bytes()[:4] == b"RIFF"
    assert avatars.avatar_url(name) == f"/media/{name}"
    avatars.delete_avatar(name)
    assert not (tmp_path / name).exists()
    avatars.delete_avatar(name)


@pytest.mark.parametrize("name", ["", "../secret", "avatars/../../x.webp", "originals/x/source", "avatars/zz.webp"])
def test_names_that_are_not_ours_have_no_address(name):
    assert avatars.avatar_url(name) == ""
    avatars.delete_avatar(name)
