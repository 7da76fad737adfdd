"""What the jailed child does: look at an upload, or turn it into our own files.

Entries for `jail.run`. The payload is {"fd", "demuxer", "limits"}, for `process` also "preset"; files are
written to the current directory, the scratch. What is raised is MediaRefused, MediaFailed or classified by `lockdown`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.error
import av.subtitles.stream
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from PIL import Image, JpegImagePlugin, WebPImagePlugin

from clips.media.encode import (
    CLOCK,
    ENCODER_THREADS,
    MAX_FRAME_RATE,
    Picture,
    Rendition,
    Sound,
    plan_renditions,
    write_poster,
)
from clips.media.limits import MediaLimits, MediaRefused
from clips.media.lockdown import Emit
from clips.media.source import Source, check_duration, check_picture, display_size, open_source, upright

POSTER_NAME = "poster.jpg"
# Both libraries load parts of themselves at first use, and the jail has no disk to load them from.
_LOADED_EARLY = (av.subtitles.stream, JpegImagePlugin, WebPImagePlugin)
Image.preinit()
# A picture, whatever the file says, is at least this much of the declared duration, or the file is refused.
_MIN_READABLE = 0.5
# Frames closer together than this are one too many when a source is above MAX_FRAME_RATE: 60 and 120
# become 30, 50 becomes 25, and the timer jitter of phones (some 3 ms) does not matter.
_MIN_GAP_SECONDS = 0.9 / MAX_FRAME_RATE


def probe(payload: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Check the limits, decode one frame, and describe the clip as a viewer would see it."""
    limits = MediaLimits.from_json(payload["limits"])
    source = open_source(payload["fd"], payload["demuxer"], limits)
    frame = next((f for f in _frames(source) if isinstance(f, VideoFrame)), None)
    if frame is None:
        raise MediaRefused("damaged")
    check_picture(frame.width, frame.height, limits)
    width, height = display_size(frame, source.video.sample_aspect_ratio, upright(frame))
    return {
        "duration_ms": None if source.duration is None else round(source.duration * 1000),
        "width": width,
        "height": height,
        "frame_rate": float(source.frame_rate),
        "video_codec": source.video.codec_context.codec.canonical_name,
        "audio_codec": source.audio.codec_context.codec.canonical_name if source.audio else "",
    }


def process(payload: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Check the limits, then write the renditions and the poster; see `_Conversion`."""
    limits = MediaLimits.from_json(payload["limits"])
    source = open_source(payload["fd"], payload["demuxer"], limits)
    return _Conversion(source, limits, emit, payload["preset"]).run()


def _frames(source: Source) -> Iterator[VideoFrame | AudioFrame]:
    """Decoded frames of both tracks in file order. Damaged packets are skipped; a file that breaks off ends."""
    streams = [source.video] + ([source.audio] if source.audio else [])
    source.video.codec_context.thread_count = ENCODER_THREADS
    source.video.codec_context.thread_type = "AUTO"
    packets = source.container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except MemoryError:
            raise
        except av.error.FFmpegError:
            return
        try:
            yield from (f for f in packet.decode() if isinstance(f, VideoFrame | AudioFrame))
        except MemoryError:
            raise
        except av.error.FFmpegError:
            continue


class _Conversion:
    """Decode once, write every rendition in the same pass. Times are seconds from the first picture."""

    def __init__(self, source: Source, limits: MediaLimits, emit: Emit, preset: str) -> None:
        self.source, self.limits, self.emit, self.preset = source, limits, emit, preset
        self.thins_out = source.frame_rate > MAX_FRAME_RATE + 1
        self.rate = min(source.frame_rate, Fraction(MAX_FRAME_RATE)).limit_denominator(1001)
        self.frame_seconds = 1 / max(float(self.rate), 1.0)
        self.channels = 0 if source.audio is None else min(source.audio.codec_context.channels, 2)
        self.size = (0, 0)
        self.sizes: list[tuple[int, int]] = []
        self.rotation = 0  # degrees, as the display matrix of the last frame said
        self.turn: tuple[tuple[str, str], ...] = ()  # what undoes it
        self.picture: Picture | None = None
        self.sound: Sound | None = None
        self.renditions: list[Rendition] = []
        self.origin: float | None = None  # the first picture's time in the source
        self.decoded = 0
        self.last = -1.0  # the last picture kept
        self.heard = 0.0  # end of the last sound
        self.waiting: list[AudioFrame] = []  # sound that came before the first picture
        self.poster: VideoFrame | None = None
        self.poster_time = -1.0
        self.poster_wanted = max(0.5, 0.1 * (source.duration or 0))  # past the fade-in, if there is one
        self.percent = 0

    def run(self) -> dict[str, Any]:
        for frame in _frames(self.source):
            if isinstance(frame, VideoFrame):
                self._see(frame)
            else:
                self._hear(frame)
        if self.picture is None:
            raise MediaRefused("damaged")
        self._write_pictures(self.picture.finish())
        if self.poster is None:
            raise MediaRefused("damaged")
        if self.sound:
            self._write_sound(self.sound.render(None))
        seen = self.last + self.frame_seconds
        declared = self.source.duration
        if declared is not None and seen < declared * _MIN_READABLE and self.heard < declared * _MIN_READABLE:
            raise MediaRefused("damaged")
        check_duration(min(seen, self.limits.max_duration_seconds), self.limits)
        files = [rendition.finish() for rendition in self.renditions]
        placeholder = write_poster(self.poster, POSTER_NAME)
        return {
            "renditions": files,
            "poster": POSTER_NAME,
            "placeholder": placeholder,
            "duration_ms": round(max(seen, self.heard) * 1000),
            "width": self.size[0],
            "height": self.size[1],
            "has_audio": self.sound is not None,
        }

    def _see(self, frame: VideoFrame) -> None:
        self.decoded += 1
        time = frame.time if frame.pts is not None else None
        if self.origin is None:
            self.origin = time or 0.0
        seconds = self.last + self.frame_seconds if time is None else time - self.origin
        # The declared values were fine; these are the real ones.
        if seconds > self.limits.max_duration_seconds + 1:
            check_duration(seconds, self.limits)
        if self.decoded > self.limits.max_frame_rate * (max(self.last, 0.0) + 2):
            raise MediaRefused("frame_rate_too_high", f"at most {self.limits.max_frame_rate}")
        if self.last >= 0 and seconds < self.last + (_MIN_GAP_SECONDS if self.thins_out else 1 / CLOCK):
            return
        self.last = max(seconds, 0.0)
        # A frame whose side data was read keeps itself alive until the garbage collector comes by (hundreds of
        # megabytes at 1080p), so look again only when the angle, which costs nothing to read, has changed.
        if self.picture is None or frame.rotation != self.rotation:
            self.rotation, self.turn = frame.rotation, upright(frame)
        picture, turn = self.picture, self.turn
        if picture is None or not picture.takes(frame, turn):
            check_picture(frame.width, frame.height, self.limits)
            picture = self._fit(frame, turn)
        self._write_pictures(picture.render(frame, round(self.last * CLOCK)))
        self._say()

    def _fit(self, frame: VideoFrame, turn: tuple[tuple[str, str], ...]) -> Picture:
        """Get ready for pictures like `frame`. The first one decides the size of everything."""
        if self.picture is not None:
            self._write_pictures(self.picture.finish())
        else:
            self.size = display_size(frame, self.source.video.sample_aspect_ratio, turn)
            self.sizes = plan_renditions(*self.size)
            self.renditions = [Rendition(size, self.rate, self.channels, self.preset) for size in self.sizes]
        self.picture = Picture(frame, self.sizes[0], turn)
        for sound in self.waiting:
            self._hear(sound)
        self.waiting.clear()
        return self.picture

    def _write_pictures(self, frames: list[VideoFrame]) -> None:
        for frame in frames:
            seconds = (frame.pts or 0) / CLOCK
            if self.poster is None or self.poster_time < self.poster_wanted <= seconds:
                self.poster, self.poster_time = frame, seconds
            for rendition in self.renditions:
                rendition.add_picture(frame)

    def _hear(self, frame: AudioFrame) -> None:
        if self.origin is None:
            self.waiting.append(frame)
            return
        time = frame.time if frame.pts is not None else None
        seconds = self.heard if time is None else time - self.origin
        # Sound before the first picture, or (a broken timestamp) far behind the end, is left out:
        # the gap before it would be filled with silence.
        if seconds < -0.01 or seconds > self.limits.max_duration_seconds + 1:
            return
        if self.sound is None:
            self.sound = Sound(frame, self.channels)
        self.heard = max(self.heard, seconds + frame.samples / frame.sample_rate)
        self._write_sound(self.sound.render(frame, max(seconds, 0.0)))

    def _write_sound(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            for rendition in self.renditions:
                rendition.add_sound(frame)

    def _say(self) -> None:
        """Progress, at most once a percent; 99 until the files are closed. Silent when no duration is known."""
        if self.source.duration:
            percent = min(99, int(100 * self.last / self.source.duration))
            if percent > self.percent:
                self.percent = percent
                self.emit({"progress": percent})
