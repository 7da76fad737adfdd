"""Videos, good and bad, made on the spot. Pictures are four plain quadrants, so a turn or a mirror shows."""

from __future__ import annotations

import functools
import math
import struct
from array import array
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw

# top left, top right, bottom left, bottom right
QUADRANTS = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200), "white": (235, 235, 235)}


def picture(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    corners = ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2))
    for (x, y), color in zip(corners, QUADRANTS.values(), strict=True):
        draw.rectangle((x, y, x + width // 2 + 1, y + height // 2 + 1), fill=color)
    return image


def quadrants(image: Image.Image) -> list[str]:
    """The names of the colours at top left, top right, bottom left, bottom right of `image`."""
    width, height = image.size
    found = []
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        seen: Any = image.convert("RGB").getpixel((int(width * x), int(height * y)))
        found.append(min(QUADRANTS, key=lambda name: math.dist(QUADRANTS[name], seen)))
    return found


def make_clip(
    path: Path,
    *,
    width: int = 64,
    height: int = 112,
    seconds: float = 1.0,
    rate: int = 10,
    codec: str = "libx264",
    sound: str | None = "aac",
    channels: str = "mono",
    rotation: int = 0,
    matrix: tuple[int, ...] | None = None,
    aspect: Fraction | None = None,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    extra_tracks: int = 0,
) -> Path:
    """A clip of plain quadrants with a 440 Hz tone; `rotation` in degrees counter-clockwise, as libav counts."""
    preset = {"preset": "ultrafast"} if codec in ("libx264", "libx265") else {}
    if codec == "libx265":
        preset["x265-params"] = "log-level=none"
    frame = av.VideoFrame.from_image(picture(width, height)).reformat(format="yuv420p", dst_colorspace="ITU709")
    with av.open(str(path), "w", options=options or {}) as file:
        file.metadata.update(metadata or {})
        video = file.add_stream(codec, rate=rate, options=preset)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.colorspace = 1
        if aspect:
            video.codec_context.sample_aspect_ratio = aspect
        if rotation:
            video.set_display_rotation(rotation)
        if matrix:
            video.set_display_matrix(matrix)
        tracks = [file.add_stream(sound, rate=48000) for _ in range(1 + extra_tracks)] if sound else []
        for track in tracks:
            track.layout = channels
        for index in range(round(seconds * rate)):
            frame.pts, frame.time_base = index, Fraction(1, rate)
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
        for track in tracks:
            for tone in _tone(seconds, channels):
                file.mux(track.encode(tone))
            file.mux(track.encode(None))
    return path


@functools.cache
def _wave(start: int, width: int) -> bytes:
    """960 samples of 440 Hz, from sample `start` of a second on."""
    samples = array("h")
    for n in range(start, start + 960):
        samples.extend([int(8000 * math.sin(2 * math.pi * 440 * n / 48000))] * width)
    return samples.tobytes()


def _tone(seconds: float, channels: str) -> list[av.AudioFrame]:
    frames = []
    width = 2 if channels == "stereo" else 1
    for start in range(0, int(48000 * seconds), 960):
        frame = av.AudioFrame(format="s16", layout=channels, samples=960)
        frame.planes[0].update(_wave(start % 48000, width))
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        frames.append(frame)
    return frames


def make_sound_only(path: Path) -> Path:
    with av.open(str(path), "w", format="mp4") as file:
        track = file.add_stream("aac", rate=48000)
        track.layout = "mono"
        for tone in _tone(0.5, "mono"):
            file.mux(track.encode(tone))
        file.mux(track.encode(None))
    return path


def claim_size(data: bytes, width: int, height: int) -> bytes:
    """The MP4 with its sample description saying another picture size."""
    at = data.index(b"avc1", data.index(b"stsd"))
    return data[: at + 28] + struct.pack(">HH", width, height) + data[at + 32 :]


def claim_duration(data: bytes, seconds: int) -> bytes:
    """The MP4 with its movie header, which nothing depends on, saying another duration."""
    at = data.index(b"mvhd")
    (scale,) = struct.unpack(">I", data[at + 16 : at + 20])
    return data[: at + 20] + struct.pack(">I", scale * seconds) + data[at + 24 :]


def slow_down(data: bytes, factor: int) -> bytes:
    """The MP4 with each picture lasting `factor` times as long, by its time-to-sample table."""
    at = data.index(b"stts")
    (delta,) = struct.unpack(">I", data[at + 16 : at + 20])
    return data[: at + 16] + struct.pack(">I", delta * factor) + data[at + 20 :]


def claim_box_length(data: bytes, box: bytes, length: int) -> bytes:
    """The MP4 with a false length on its first box of a type."""
    at = data.index(box)
    return data[: at - 4] + struct.pack(">I", length) + data[at:]


def boxes(data: bytes) -> list[str]:
    """The names of the top-level boxes of an MP4, in order."""
    names, at = [], 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8].decode("latin-1"))
        at += length if length >= 8 else len(data)
    return names
