"""What a file is by its first bytes, decided before any parser of the media library sees it.

Letting libav guess is a hole: a text file that begins `ffconcat version 1.0` is "opened" as the list of
clips it names, and other people's uploads that lie beside it end up in the attacker's video. HLS, DASH, SDP and image
sequences have the same power. So we name the demuxer ourselves, from magic bytes, and there are only two.
"""

from __future__ import annotations

from dataclasses import dataclass

from clips.media.limits import MediaLimits, MediaRefused

HEAD_BYTES = 4096  # how much of the file `sniff` wants to see

# First boxes that ISO 14496-12 and QuickTime files begin with.
_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
# ftyp brands that are ISO BMFF yet still pictures, or a camera's raw photo.
_IMAGE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis",
                 b"jp2 ", b"jpx ", b"crx "}  # fmt: skip
_EBML = b"\x1a\x45\xdf\xa3"
_DOCTYPE = b"\x42\x82"

# Types we can name, so that the refusal helps. Order matters only for readability.
_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"ffconcat", "a playlist"),
    (b"#EXTM3U", "a playlist"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"RIFF", "AVI, WAV or WebP"),
    (b"OggS", "Ogg"),
    (b"FLV\x01", "FLV"),
    (b"ID3", "MP3"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x00\x00\x01\xba", "MPEG program stream"),
    (b"0&\xb2u", "Windows Media"),
)


@dataclass(frozen=True)
class Sniffed:
    """`container` is our name (mp4, mov, webm, mkv), `demuxer` the only libav demuxer that may open it."""

    container: str
    demuxer: str
    media_type: str


_TYPES = {
    "mp4": Sniffed("mp4", "mov", "video/mp4"),
    "mov": Sniffed("mov", "mov", "video/quicktime"),
    "webm": Sniffed("webm", "matroska", "video/webm"),
    "mkv": Sniffed("mkv", "matroska", "video/x-matroska"),
}


def sniff(head: bytes, limits: MediaLimits) -> Sniffed:
    """Name the type of a file from its first `HEAD_BYTES` bytes.

    Raises MediaRefused: `empty`, `container_not_allowed` (a type we know but do not take), `unknown_type`.
    """
    if not head:
        raise MediaRefused("empty")
    container = _bmff(head) or _matroska(head)
    if container is None:
        for magic, name in _KNOWN:
            if head.startswith(magic):
                raise MediaRefused("container_not_allowed", name)
        raise MediaRefused("unknown_type")
    if container not in limits.containers:
        raise MediaRefused("container_not_allowed", container)
    return _TYPES[container]


def _bmff(head: bytes) -> str | None:
    """mp4 or mov when `head` starts with a plausible first box, else None."""
    if len(head) < 8 or head[4:8] not in _FIRST_BOXES:
        return None
    if head[4:8] != b"ftyp":
        return "mov"  # QuickTime files older than `ftyp`
    brand = head[8:12]
    if brand in _IMAGE_BRANDS:
        raise MediaRefused("container_not_allowed", "a photo")
    return "mov" if brand == b"qt  " else "mp4"


def _matroska(head: bytes) -> str | None:
    """webm or mkv by the DocType in the EBML header, else None."""
    if not head.startswith(_EBML):
        return None
    at = head.find(_DOCTYPE, 4, 64)
    if at < 0:
        return None
    # An EBML element: id, then a length whose first byte has its top bit set for lengths below 127.
    length = head[at + 2] & 0x7F if len(head) > at + 2 else 0
    doctype = head[at + 3 : at + 3 + length].rstrip(b"\0")
    return {b"webm": "webm", b"matroska": "mkv"}.get(doctype)
