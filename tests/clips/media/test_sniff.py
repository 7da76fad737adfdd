"""What a file may be is decided by its first bytes, before the media library sees it."""

from __future__ import annotations

import pytest

from clips.media.limits import DEFAULT_LIMITS, FAILURES, REFUSALS, MediaFailed, MediaLimits, MediaRefused
from clips.media.sniff import sniff

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01"


def ftyp(brand: bytes) -> bytes:
    return b"\0\0\0\x14ftyp" + brand + b"\0\0\0\0" + brand


@pytest.mark.parametrize(
    ("head", "container", "demuxer"),
    [
        (ftyp(b"isom"), "mp4", "mov"),
        (ftyp(b"mp42"), "mp4", "mov"),
        (ftyp(b"qt  "), "mov", "mov"),
        (b"\0\0\0\x6cmoov", "mov", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov", "mov"),
        (EBML + b"\x42\x82\x84webm", "webm", "matroska"),
        (EBML + b"\x42\x82\x88matroska", "mkv", "matroska"),
    ],
)
def test_videos_get_one_demuxer(head: bytes, container: str, demuxer: str) -> None:
    sniffed = sniff(head, DEFAULT_LIMITS)
    assert (sniffed.container, sniffed.demuxer) == (container, demuxer)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty"),
        (b"ffconcat version 1.0\nfile 'private.mp4'\n", "container_not_allowed"),
        (b"#EXTM3U\n#EXTINF:10,\nprivate.mp4\n", "container_not_allowed"),
        (b"GIF89a", "container_not_allowed"),
        (b"\xff\xd8\xff\xe0", "container_not_allowed"),
        (b"\x89PNG\r\n\x1a\n", "container_not_allowed"),
        (b"RIFF\0\0\0\0AVI ", "container_not_allowed"),
        (ftyp(b"heic"), "container_not_allowed"),
        (ftyp(b"avif"), "container_not_allowed"),
        (b"\xef\xbb\xbfffconcat version 1.0", "unknown_type"),
        (b" ffconcat version 1.0", "unknown_type"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1", "unknown_type"),
        (b"hello, world", "unknown_type"),
        (b"\0", "unknown_type"),
        (b"\0" * 64, "unknown_type"),
        (EBML, "unknown_type"),
        (EBML + b"\x42\x82", "unknown_type"),
        (EBML + b"\x42\x82\x84evil", "unknown_type"),
    ],
)
def test_everything_else_is_refused(head: bytes, code: str) -> None:
    with pytest.raises(MediaRefused) as refused:
        sniff(head, DEFAULT_LIMITS)
    assert refused.value.code == code


def test_a_server_may_take_fewer_kinds() -> None:
    with pytest.raises(MediaRefused, match="mkv"):
        sniff(EBML + b"\x42\x82\x88matroska", MediaLimits(containers=("mp4",)))


@pytest.mark.parametrize(("error", "codes"), [(MediaRefused, REFUSALS), (MediaFailed, FAILURES)])
def test_every_code_has_a_sentence(error: type[MediaRefused | MediaFailed], codes: dict[str, str]) -> None:
    for code in codes:
        sentence = str(error(code, "12 s, at most 10 s"))
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "{" not in str(error(code))


def test_an_unknown_code_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="disk_full"):
        MediaRefused("disk_full")


def test_limits_survive_the_way_into_the_jail() -> None:
    limits = MediaLimits(max_side=1000, containers=("mp4",))
    assert MediaLimits.from_json(limits.as_json()) == limits
