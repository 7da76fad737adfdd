"""Uploads become playable files of ours, or are refused with a code; nothing of the upload's own gets through."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from clips.media import jail, pipeline
from clips.media.encode import plan_renditions
from clips.media.limits import DEFAULT_LIMITS, MediaFailed, MediaRefused
from clips.media.pipeline import MediaResult, probe, process
from tests.clips.media import generators
from tests.clips.media.generators import make_clip, quadrants

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared/data/media-tiny"
UPRIGHT = ["red", "green", "blue", "white"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A one-second clip with sound, 64 x 112."""
    return make_clip(tmp_path_factory.mktemp("plain") / "plain.mp4")


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    """Where results go. Whatever happens, no scratch or half-made directory stays beside it."""
    yield tmp_path / "media" / "clip"
    left = list((tmp_path / "media").glob(".*")) if (tmp_path / "media").exists() else []
    assert left == []


def refusal(source: Path, out: Path, **changes: Any) -> str:
    """The code with which `process` refuses `source`; nothing may have been written."""
    with pytest.raises(MediaRefused) as refused:
        process(source, out, limits=replace(DEFAULT_LIMITS, **changes), preset="ultrafast")
    assert not out.exists()
    return refused.value.code


def first_picture(path: Path) -> Image.Image:
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_image()


def sizes(result: MediaResult) -> list[tuple[int, int, int]]:
    return [(r.short_edge, r.width, r.height) for r in result.renditions]


# --- what comes out -----------------------------------------------------------------------------------------------


def test_a_clip_becomes_two_progressive_mp4s_a_poster_and_a_placeholder(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", width=1080, height=1920, seconds=0.6, channels="stereo")
    heard: list[int] = []
    result = process(source, out, on_progress=heard.append, preset="superfast")

    assert sizes(result) == [(720, 720, 1280), (480, 480, 854)]
    assert sorted(path.name for path in out.iterdir()) == ["480.mp4", "720.mp4", "poster.jpg"]
    assert (result.width, result.height, result.has_audio) == (1080, 1920, True)
    assert 550 <= result.duration_ms <= 700
    assert result.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert heard == sorted(set(heard))
    assert heard[-1] == 100
    for rendition in result.renditions:
        data = rendition.path.read_bytes()
        assert rendition.bytes == len(data)
        assert rendition.path.stat().st_mode & 0o777 == 0o644
        assert rendition.path.stat().st_uid == os.geteuid()
        names = generators.boxes(data)
        assert names.index("moov") < names.index("mdat")
        with av.open(str(rendition.path)) as file:
            assert [s.type for s in file.streams] == ["video", "audio"]
            context = file.streams.video[0].codec_context
            assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
            assert (context.width, context.height) == (rendition.width, rendition.height)
            assert {context.colorspace, context.color_primaries, context.color_trc, context.color_range} == {1}
            sound = file.streams.audio[0].codec_context
            assert (sound.name, sound.sample_rate, sound.channels) == ("aac", 48000, 2)
        assert quadrants(first_picture(rendition.path)) == UPRIGHT
    poster = Image.open(result.poster)
    assert (poster.format, poster.size) == ("JPEG", (720, 1280))
    assert quadrants(poster) == UPRIGHT
    assert len(result.placeholder) < 1024
    tiny = Image.open(io.BytesIO(base64.b64decode(result.placeholder.partition("base64,")[2])))
    assert tiny.size == (16, 28)
    assert quadrants(tiny) == UPRIGHT


@pytest.mark.parametrize(
    ("display", "planned"),
    [
        ((1080, 1920), [(720, 1280), (480, 854)]),
        ((1920, 1080), [(1280, 720), (854, 480)]),
        ((720, 1280), [(720, 1280), (480, 854)]),
        ((576, 1024), [(576, 1024), (480, 854)]),
        ((577, 1025), [(576, 1024), (480, 852)]),
        ((481, 481), [(480, 480)]),
        ((480, 853), [(480, 852)]),
        ((321, 243), [(320, 242)]),
        ((16, 16), [(16, 16)]),
        ((2160, 2160), [(720, 720), (480, 480)]),
        ((4096, 64), [(4096, 64)]),
        ((16000, 1000), [(4096, 256)]),
    ],
)
def test_rendition_sizes(display: tuple[int, int], planned: list[tuple[int, int]]) -> None:
    assert plan_renditions(*display) == planned


@pytest.mark.parametrize(
    ("clip", "picture"),
    [
        # the display matrix says by how much the player turns what is stored: 90 is counter-clockwise
        ({"rotation": 90}, ["green", "white", "red", "blue"]),
        ({"rotation": -90}, ["blue", "red", "white", "green"]),
        ({"rotation": 180}, ["white", "blue", "green", "red"]),
        ({"matrix": (-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)}, ["green", "red", "white", "blue"]),
    ],
)
def test_rotation_is_applied(clip: dict[str, Any], picture: list[str], tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", width=96, height=64, seconds=0.5, sound=None, **clip)
    expected = (64, 96) if clip.get("rotation") in (90, -90) else (96, 64)

    seen = probe(source)
    assert (seen.width, seen.height) == expected
    result = process(source, out, preset="ultrafast")
    assert (result.width, result.height) == expected
    assert sizes(result) == [(64, *expected)]
    assert quadrants(first_picture(result.renditions[0].path)) == picture
    assert quadrants(Image.open(result.poster)) == picture
    with av.open(str(result.renditions[0].path)) as file:
        assert next(file.decode(video=0)).rotation == 0  # not applied a second time by the player


def test_stretched_pixels_become_square(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", width=64, height=96, seconds=0.5, sound=None, aspect=Fraction(2))
    result = process(source, out, preset="ultrafast")
    assert (result.width, result.height) == (128, 96)
    with av.open(str(result.renditions[0].path)) as file:
        assert file.streams.video[0].sample_aspect_ratio in (None, 1)


def test_nothing_of_the_makers_metadata_is_left(tmp_path: Path, out: Path) -> None:
    source = make_clip(
        tmp_path / "source.mp4",
        metadata={"title": "MARKER-TITLE", "location": "+48.8584+002.2945/", "artist": "MARKER-ARTIST",
                  "com.apple.quicktime.make": "MARKER-MAKE", "creation_time": "2020-01-02T03:04:05"},
        options={"movflags": "use_metadata_tags"},
    )  # fmt: skip
    assert b"48.8584" in source.read_bytes()
    result = process(source, out, preset="ultrafast")
    for path in out.iterdir():
        data = path.read_bytes()
        assert b"48.8584" not in data
        assert b"MARKER" not in data
    for rendition in result.renditions:
        with av.open(str(rendition.path)) as file:
            assert set(file.metadata) <= {"major_brand", "minor_version", "compatible_brands"}
            assert all(set(s.metadata) <= {"language", "handler_name", "vendor_id"} for s in file.streams)
    assert dict(Image.open(result.poster).getexif()) == {}


@pytest.mark.parametrize(
    ("name", "clip", "codecs"),
    [
        ("a.mov", {}, ("mov", "h264", "aac")),
        ("a.webm", {"codec": "libvpx-vp9", "sound": "libopus"}, ("webm", "vp9", "opus")),
        ("a.mkv", {"codec": "libx265"}, ("mkv", "hevc", "aac")),
        ("silent.webm", {"codec": "libvpx", "sound": None}, ("webm", "vp8", "")),
    ],
)
def test_accepted_kinds(name: str, clip: dict[str, Any], codecs: tuple[str, ...], tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / name, seconds=0.5, **clip)
    seen = probe(source)
    assert (seen.container, seen.video_codec, seen.audio_codec) == codecs
    assert (seen.width, seen.height, seen.bytes) == (64, 112, source.stat().st_size)
    result = process(source, out, preset="ultrafast")
    assert sizes(result) == [(64, 64, 112)]
    assert result.has_audio == bool(codecs[2])
    assert quadrants(Image.open(result.poster)) == UPRIGHT
    with av.open(str(result.renditions[0].path)) as file:
        assert len(file.streams) == (2 if codecs[2] else 1)


def test_a_recording_that_does_not_say_how_long_it_is(tmp_path: Path, out: Path) -> None:
    """What browsers record: WebM written as it comes, without a duration."""
    source = make_clip(tmp_path / "live.webm", codec="libvpx", sound="libopus", options={"live": "1"})
    assert probe(source).duration_ms is None
    assert 950 <= process(source, out, preset="ultrafast").duration_ms <= 1100
    assert refusal(source, out.parent / "other", max_duration_seconds=-1.0) == "too_long"


@pytest.mark.parametrize(("rate", "frames"), [(24, 24), (30, 30), (50, 25), (60, 30), (120, 30)])
def test_frame_rate_is_capped(rate: int, frames: int, tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", rate=rate, sound=None)
    path = process(source, out, preset="ultrafast").renditions[0].path
    with av.open(str(path)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    assert len(times) == frames
    assert times[0] == 0
    assert times[-1] == pytest.approx(1 - 1 / frames, abs=0.01)


def test_key_frames_come_every_two_seconds(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", seconds=7, sound=None)
    path = process(source, out, preset="ultrafast").renditions[0].path
    with av.open(str(path)) as file:
        assert [f.time for f in file.decode(video=0) if f.key_frame] == [0, 2, 4, 6]


def test_sound_keeps_its_place(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", seconds=2)
    with av.open(str(process(source, out, preset="ultrafast").renditions[0].path)) as file:
        heard = [(f.time, f.samples) for f in file.decode(audio=0)]
    assert heard[0][0] == pytest.approx(0, abs=0.03)
    assert sum(samples for _, samples in heard) / 48000 == pytest.approx(2, abs=0.06)


def test_memory_does_not_grow_with_the_clip(tmp_path: Path, out: Path) -> None:
    """200 frames of 1280 x 1280 are 490 MB; the jail here has room for a fraction of that beyond the libraries."""
    source = make_clip(tmp_path / "source.mp4", width=1280, height=1280, rate=100, seconds=2, sound=None)
    limits = replace(DEFAULT_LIMITS, address_space_bytes=800 << 20)
    assert process(source, out, limits=limits, preset="ultrafast").duration_ms == pytest.approx(2_000, abs=50)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clip", "changes", "code"),
    [
        ({}, {"max_bytes": 100}, "too_large"),
        ({"seconds": 2}, {"max_duration_seconds": 1.5}, "too_long"),
        ({"seconds": 0.1, "rate": 30, "sound": None}, {"min_duration_seconds": 0.2}, "too_short"),
        ({"width": 1024, "height": 16}, {"max_side": 1000}, "too_many_pixels"),
        ({"width": 512, "height": 512}, {"max_pixels": 512 * 511}, "too_many_pixels"),
        ({"width": 512, "height": 512, "codec": "mpeg4"}, {"max_pixels": 512 * 511}, "too_many_pixels"),
        ({"width": 64, "height": 8}, {}, "too_small"),
        ({"rate": 10_000, "seconds": 0.2, "sound": None}, {}, "frame_rate_too_high"),
        ({"extra_tracks": 8}, {}, "too_many_streams"),
        ({"codec": "mpeg2video", "rate": 25}, {}, "codec_not_allowed"),
        ({}, {"video_codecs": ("vp9",)}, "codec_not_allowed"),
        ({}, {"audio_codecs": ("opus",)}, "codec_not_allowed"),
        ({}, {"containers": ("webm",)}, "container_not_allowed"),
        ({}, {"output_file_bytes": 1000}, "out_of_resources"),
        ({"seconds": 4, "width": 640, "height": 640, "rate": 60}, {"wall_seconds": 0.3}, "timed_out"),
    ],
)
def test_beyond_a_limit(clip: dict[str, Any], changes: dict[str, Any], code: str, tmp_path: Path, out: Path) -> None:
    assert refusal(make_clip(tmp_path / "source.mp4", **clip), out, **changes) == code


def test_limits_hold_in_probe_too(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", rate=10_000, seconds=0.2, sound=None)
    with pytest.raises(MediaRefused) as refused:
        probe(source)
    assert refused.value.code == "frame_rate_too_high"
    assert str(refused.value) == "The video has too many frames a second: 10000, at most 120."


def test_a_wide_webm_header(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.webm", width=1024, height=1024, codec="libvpx-vp9", sound=None, seconds=0.3)
    assert refusal(source, out, max_pixels=1000 * 1000) == "too_many_pixels"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: b"", "empty"),
        (lambda data: b"hello, this is no video", "unknown_type"),
        (lambda data: os.urandom(5000).replace(b"ftyp", b"ptyf"), "unknown_type"),
        (lambda data: data[:32] + os.urandom(5000), "damaged"),
        (lambda data: data[:1500], "damaged"),
        (lambda data: data[:16], "damaged"),
        (lambda data: generators.claim_size(data, 30_000, 30_000), "too_many_pixels"),
        (lambda data: generators.claim_box_length(data, b"mdat", 20), "damaged"),
        (lambda data: generators.claim_box_length(data, b"mdat", 0x7FFFFFFF), "damaged"),
        (lambda data: generators.claim_box_length(data, b"trak", 20), "no_video"),
    ],
    ids=["empty", "text", "random", "random_body", "no_index", "stub", "30000_pixels", "short_mdat", "long_mdat",
         "short_trak"],
)  # fmt: skip
def test_bad_bytes(spoil: Any, code: str, plain: Path, tmp_path: Path, out: Path) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(spoil(plain.read_bytes()))
    assert refusal(source, out) == code


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: generators.claim_duration(data, 100_000),
        lambda data: generators.claim_box_length(data, b"moov", 0x7FFFFFFF),
    ],
    ids=["movie_header", "length_of_the_last_box"],
)
def test_lies_that_change_nothing_are_not_passed_on(spoil: Any, plain: Path, tmp_path: Path, out: Path) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(spoil(plain.read_bytes()))
    result = process(source, out, preset="ultrafast")
    assert 950 <= result.duration_ms <= 1100
    with av.open(str(result.renditions[0].path)) as file:
        assert file.duration is not None
        assert 0.95 <= file.duration / av.time_base <= 1.1


def test_real_times_count_not_only_declared_ones(tmp_path: Path, out: Path) -> None:
    source = make_clip(tmp_path / "source.mp4", sound=None, options={"use_editlist": "0"})
    source.write_bytes(generators.slow_down(source.read_bytes(), 1000))
    assert refusal(source, out) == "too_long"


def test_sound_without_a_picture(tmp_path: Path, out: Path) -> None:
    assert refusal(generators.make_sound_only(tmp_path / "source.mp4"), out) == "no_video"


@pytest.mark.parametrize(("kept", "code"), [(0.9, ""), (0.2, "damaged")])
def test_a_damaged_tail(kept: float, code: str, tmp_path: Path, out: Path) -> None:
    """A file that breaks off is kept as far as it goes, if that is at least half of what it promised."""
    whole = make_clip(tmp_path / "whole.mp4", seconds=4, sound=None, options={"movflags": "faststart"})
    data = whole.read_bytes()
    start = data.index(b"mdat")
    source = tmp_path / "source.mp4"
    source.write_bytes(data[: start + round((len(data) - start) * kept)])
    if code:
        assert refusal(source, out) == code
    else:
        assert 2000 <= process(source, out, preset="ultrafast").duration_ms <= 4000


def test_a_playlist_beside_someone_elses_clip(plain: Path, tmp_path: Path, out: Path) -> None:
    """libav would open the text as the clips that it names: theirs would come out as the attacker's own."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "private.mp4").write_bytes(plain.read_bytes())
    for text in ("ffconcat version 1.0\nfile private.mp4\n", "#EXTM3U\n#EXTINF:1,\nprivate.mp4\n"):
        evil = uploads / "evil.mp4"
        evil.write_text(text)
        assert refusal(evil, out) == "container_not_allowed"


@pytest.mark.parametrize("demuxer", ["mov", "matroska"])
def test_a_playlist_that_came_past_the_first_look(demuxer: str, plain: Path, tmp_path: Path) -> None:
    """The second door: the demuxer is named, so the text is no list of clips to it."""
    (tmp_path / "private.mp4").write_bytes(plain.read_bytes())
    evil = tmp_path / "evil.mp4"
    evil.write_text("ffconcat version 1.0\nfile private.mp4\n")
    with av.open(str(evil)) as file:  # the hole that this is about: without a name, it is one
        assert len(list(file.decode(video=0))) == 10
    fd = os.open(evil, os.O_RDONLY)
    payload = {"fd": fd, "demuxer": demuxer, "limits": DEFAULT_LIMITS.as_json(), "preset": "ultrafast"}
    try:
        with jail.scratch_dir(tmp_path) as scratch, pytest.raises(MediaRefused) as refused:
            jail.run("clips.media.worker:process", payload, scratch=scratch, source_fd=fd,
                     limits=jail.JailLimits(60, 10, 1 << 30, 1 << 24))  # fmt: skip
    finally:
        os.close(fd)
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("make", ["gone", "directory", "fifo", "link"])
def test_only_plain_files_are_opened(make: str, plain: Path, tmp_path: Path, out: Path) -> None:
    source = tmp_path / "source.mp4"
    if make == "directory":
        source.mkdir()
    elif make == "fifo":
        os.mkfifo(source)
    elif make == "link":
        source.symlink_to(plain)
    with pytest.raises((MediaRefused, MediaFailed)) as ended:
        process(source, out)
    assert ended.value.code == ("missing" if make in ("gone", "link") else "unknown_type")


# --- the disk -----------------------------------------------------------------------------------------------------


def test_again_replaces_and_keeps_strangers(plain: Path, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "original").write_bytes(b"mine")
    (out / "64.mp4").write_bytes(b"old")
    for _ in range(2):
        result = process(plain, out, preset="ultrafast")
    assert result.renditions[0].path.read_bytes()[4:8] == b"ftyp"
    assert sorted(path.name for path in out.iterdir()) == ["64.mp4", "original", "poster.jpg"]


@pytest.mark.parametrize("call", ["replace", "rename", "fsync"])
def test_a_full_disk_leaves_nothing(call: str, plain: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(MediaFailed) as failed:
        process(plain, out, preset="ultrafast")
    assert (failed.value.code, failed.value.retryable) == ("disk_full", True)
    assert not out.exists()


def test_a_cancelled_conversion_leaves_nothing(plain: Path, out: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(percent: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        process(plain, out, on_progress=cancel, preset="ultrafast")
    assert not out.exists()


@pytest.mark.parametrize(
    "lie",
    [{"how": "symlink"}, {"how": "empty"}, {"how": "empty", "name": "../evil.mp4"}, {"how": "empty", "name": "a.sh"}],
)
def test_the_child_is_not_believed(
    lie: dict[str, str], plain: Path, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private.mp4"
    private.write_bytes(b"secret")
    real_run = jail.run

    def run(entry: str, payload: dict[str, Any], **kwargs: Any) -> Any:
        return real_run("tests.clips.media.jail_jobs:leave_links", {"target": str(private), **lie}, **kwargs)

    monkeypatch.setattr(pipeline.jail, "run", run)
    with pytest.raises(MediaFailed) as failed:
        process(plain, out)
    assert failed.value.code == "crashed"
    assert not out.exists()


@pytest.mark.skipif(os.name != "posix", reason="needs the jail")
def test_nothing_is_imported_behind_the_walls(plain: Path, tmp_path: Path) -> None:
    """Without a readable disk a late import fails, where the server's own files are not readable for all."""
    fd = os.open(plain, os.O_RDONLY)
    payload = {"fd": fd, "demuxer": "mov", "limits": DEFAULT_LIMITS.as_json(), "preset": "ultrafast"}
    try:
        with jail.scratch_dir(tmp_path) as scratch:
            answer, _ = jail.run("tests.clips.media.jail_conversion:convert_and_list_modules", payload, scratch=scratch,
                                 source_fd=fd, limits=jail.JailLimits(60, 10, 1 << 30, 1 << 24))  # fmt: skip
    finally:
        os.close(fd)
    assert answer["late"] == []


# --- other projects' test files -----------------------------------------------------------------------------------


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this repository")
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Pillow__images_decompression_bomb.gif", "container_not_allowed"),
        ("Pillow__images_hopper_orientation_6.jpg", "container_not_allowed"),
        ("mp4parse-rust__tests_hevc_white_frame.mp4", "too_short"),
        ("rails__files_rotated_video.mp4", (480, 640, True)),
        ("rails__files_video.webm", (640, 480, True)),
        ("rails__files_video_without_audio_stream.mp4", (640, 480, False)),
        ("small__Mpeg4.mp4", "no_video"),
        ("streamio-ffmpeg__movies_broken.mp4", "damaged"),
        ("web-platform-tests__media_white.mp4", (320, 240, False)),
        ("web-platform-tests__webcodecs_vp9.mp4", (320, 240, False)),
    ],
)
def test_samples(name: str, outcome: Any, out: Path) -> None:
    if isinstance(outcome, str):
        assert refusal(SAMPLES / name, out) == outcome
        return
    result = process(SAMPLES / name, out, preset="ultrafast")
    assert (result.width, result.height, result.has_audio) == outcome
    assert (result.renditions[0].width, result.renditions[0].height) == outcome[:2]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this repository")
def test_every_sample_has_its_row() -> None:
    rows = {row[0] for mark in test_samples.pytestmark if mark.name == "parametrize" for row in mark.args[1]}
    assert rows == {path.name for path in SAMPLES.iterdir() if path.name not in ("SOURCE.txt", "files.tsv")}
