"""Opening an upload with libav, inside the jail: one named demuxer, and every declared number checked first."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import av
import av.container
import av.error
import av.logging
import av.stream
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from clips.media.limits import MediaLimits, MediaRefused

# libav names decoders, not formats, in its white list.
_DECODERS = {"av1": ("libdav1d", "av1"), "mp3": ("mp3float", "mp3")}
_READ_BYTES = 256 * 1024
# filters that undo a display matrix, by the signs of its a, b, c, d (ISO 14496-12, 8.3.2)
_UPRIGHT: dict[tuple[int, int, int, int], tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
}


@dataclass
class Source:
    """An opened upload whose declared values are within the limits. `duration` in seconds; None: not declared."""

    container: av.container.InputContainer
    video: VideoStream
    audio: AudioStream | None
    duration: float | None
    frame_rate: Fraction
    size_bytes: int


def open_source(fd: int, demuxer: str, limits: MediaLimits) -> Source:
    """Open descriptor `fd` with `demuxer` ("mov" or "matroska") and check what the file says about itself.

    libav learns pixel formats by trying a few packets while it opens; `max_pixels` and the codec white list
    bind it there too. Nothing else may be opened: no references, playlists or side files.
    Raises MediaRefused.
    """
    file = os.fdopen(fd, "rb", buffering=0, closefd=False)
    size = os.fstat(fd).st_size
    codecs = (*limits.video_codecs, *limits.audio_codecs)
    decoders = [name for codec in codecs for name in _DECODERS.get(codec, (codec,))]
    options = {"max_pixels": str(limits.max_pixels), "codec_whitelist": ",".join(decoders)}
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as lines:
        try:
            container = av.open(
                file,
                "r",
                format=demuxer,
                options=options,
                io_open=_open_nothing,
                buffer_size=_READ_BYTES,
                metadata_errors="ignore",
            )
        except (MemoryError, PermissionError):
            raise
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise MediaRefused("too_many_pixels" if _speaks_of_size(lines) else "damaged") from error
    av.logging.set_level(None)
    return _check(container, size, limits, oversized=_speaks_of_size(lines))


def _open_nothing(url: str, flags: int, options: dict[str, str]) -> Any:
    raise PermissionError("this file may not name other files")


def _speaks_of_size(lines: list[tuple[int, str, str]]) -> bool:
    return any("Picture size" in line for _, _, line in lines)


def _check(container: av.container.InputContainer, size: int, limits: MediaLimits, *, oversized: bool) -> Source:
    streams = list(container.streams)
    if len(streams) > limits.max_streams:
        raise MediaRefused("too_many_streams", f"{len(streams)}, at most {limits.max_streams}")
    cover = av.stream.Disposition.attached_pic
    video = next((s for s in container.streams.video if not s.disposition & cover), None)
    if video is None:
        raise MediaRefused("no_video")
    codec = _codec_name(video)
    if codec not in limits.video_codecs:
        raise MediaRefused("codec_not_allowed", codec)
    if oversized:
        raise MediaRefused("too_many_pixels", f"at most {limits.max_side} a side, {limits.max_pixels:,} in all")
    width, height = video.codec_context.width, video.codec_context.height
    check_picture(width, height, limits)
    duration = _duration(container)
    check_duration(duration, limits)
    # base_rate is libav's guess at a common tick and is absurd for phones' variable rates: last choice.
    rate = video.average_rate or video.guessed_rate or video.base_rate or Fraction(30)
    if rate > limits.max_frame_rate:
        raise MediaRefused("frame_rate_too_high", f"{float(rate):.0f}, at most {limits.max_frame_rate}")
    return Source(container, video, _pick_audio(container, limits), duration, rate if rate > 0 else Fraction(30), size)


def check_picture(width: int, height: int, limits: MediaLimits) -> None:
    """Refuse frames outside the limits; also called for each new size that turns up while decoding."""
    if width <= 0 or height <= 0:
        raise MediaRefused("damaged")
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        raise MediaRefused("too_many_pixels", f"{width} × {height}, at most {limits.max_side} a side")
    if min(width, height) < limits.min_side:
        raise MediaRefused("too_small", f"{width} × {height}, at least {limits.min_side} a side")


def check_duration(seconds: float | None, limits: MediaLimits) -> None:
    """Refuse durations outside the limits; None (a live recording says none) is counted while decoding."""
    if seconds is None:
        return
    if seconds > limits.max_duration_seconds:
        raise MediaRefused("too_long", f"{seconds:.0f} s, at most {limits.max_duration_seconds:.0f} s")
    if seconds < limits.min_duration_seconds:
        raise MediaRefused("too_short", f"{seconds:.2f} s, at least {limits.min_duration_seconds} s")


def _duration(container: av.container.InputContainer) -> float | None:
    """The longest duration that the container or a track we would read declares, in seconds."""
    said = [container.duration / av.time_base] if container.duration else []
    said += [
        float(stream.duration * stream.time_base)
        for stream in (*container.streams.video, *container.streams.audio)
        if stream.duration and stream.time_base
    ]
    return max(said) if said else None


def _pick_audio(container: av.container.InputContainer, limits: MediaLimits) -> AudioStream | None:
    """The first track in a codec we take: phones add a second one in codecs of their own."""
    tracks = list(container.streams.audio)
    for track in tracks:
        context = track.codec_context
        if context is None or _codec_name(track) not in limits.audio_codecs:
            continue
        channels_fit = 0 < context.channels <= limits.max_audio_channels
        if channels_fit and 0 < context.sample_rate <= limits.max_audio_rate:
            return track
    if tracks:
        raise MediaRefused("codec_not_allowed", _codec_name(tracks[0]))
    return None


def _codec_name(stream: VideoStream | AudioStream) -> str:
    """The format's own name ("av1"), whichever decoder would read it ("libdav1d")."""
    return stream.codec_context.codec.canonical_name if stream.codec_context else "unknown"


def upright(frame: VideoFrame) -> tuple[tuple[str, str], ...]:
    """The filters, (name, argument), that turn `frame` the way its display matrix asks; () when upright."""
    side_data = cast(Mapping[str, Any], frame.side_data)
    if "DISPLAYMATRIX" not in side_data:
        return ()
    a, b, _, c, d, *_ = struct.unpack_from("=9i", bytes(side_data["DISPLAYMATRIX"]))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        b = c = 0
    else:
        a = d = 0
    return _UPRIGHT.get((_sign(a), _sign(b), _sign(c), _sign(d)), ())


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def display_size(frame: VideoFrame, aspect: Fraction | None, turn: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    """(width, height) in square pixels as a viewer sees it, after sample aspect ratio and rotation."""
    width, height = frame.width, frame.height
    # Stretches beyond 4 are broken headers, not anamorphic video.
    if aspect and Fraction(1, 4) <= aspect <= 4:
        width = max(1, round(width * aspect))
    if any(name == "transpose" for name, _ in turn):
        width, height = height, width
    return width, height
