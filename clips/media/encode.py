"""From decoded frames to our own files: scaling, H.264 and AAC, MP4, poster and placeholder. Inside the jail."""

from __future__ import annotations

import base64
import io
from fractions import Fraction
from typing import TypedDict

import av
import av.container
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from PIL import Image, ImageFilter

SHORT_EDGES = (720, 480)  # pixels; what phones show, and what a slow line carries
MAX_FRAME_RATE = 30  # half of a 60 frames a second clip's bytes and time buys nothing on a phone screen
GOP_SECONDS = 2
CRF = "24"
ENCODER_THREADS = 2
# bits a second at 720 x 1280, scaled with the area: a noisy clip must not become a huge file
MAX_BIT_RATE = 3_000_000
AUDIO_RATE = 48_000  # Hz
CLOCK = 90_000  # ticks a second; divides by all common frame rates
POSTER_QUALITY = 82
PLACEHOLDER_EDGE = 16  # pixels
MIN_SIDE = 16
MAX_SIDE = 4096
_BT709 = 1  # in ISO 23091-2 matrix, primaries and transfer alike
_LIMITED_RANGE = 1
_UNSPECIFIED = 2
_BT601 = 6
_HDR_TRANSFERS = (16, 18)  # PQ and HLG
_RGB_MATRIX = 0


class RenditionInfo(TypedDict):
    name: str
    short_edge: int
    width: int
    height: int


def plan_renditions(width: int, height: int) -> list[tuple[int, int]]:
    """Sizes to make for a picture that displays as `width` x `height`, largest first, all even.

    720 and 480 on the short edge, never larger than the source: between them the source's own size takes
    720's place, below 480 it is the only one.
    """
    short = min(width, height)
    edges = sorted({min(edge, short) for edge in SHORT_EDGES}, reverse=True)
    sizes: list[tuple[int, int]] = []
    for edge in edges:
        # Very long pictures are also held by their long side.
        scale = min(edge / short, MAX_SIDE / max(width, height))
        size = (min(_even(width * scale), _even_below(width)), min(_even(height * scale), _even_below(height)))
        if size not in sizes:
            sizes.append(size)
    return sizes


def _even_below(value: int) -> int:
    return max(MIN_SIDE, value // 2 * 2)


def _even(value: float) -> int:
    return max(MIN_SIDE, round(value / 2) * 2)


class Picture:
    """Turns frames of one size into upright, square-pixel, 8-bit BT.709 frames of the largest rendition's size."""

    def __init__(self, first: VideoFrame, size: tuple[int, int], turn: tuple[tuple[str, str], ...]) -> None:
        self._key = (first.width, first.height, first.format.name, turn)
        width, height = size
        if any(name == "transpose" for name, _ in turn):
            width, height = height, width  # scaling first leaves fewer pixels to turn
        self._matrix = _matrix_of(first)
        self._range = first.color_range
        self._graph = Graph()
        self._graph.threads = ENCODER_THREADS
        source = self._graph.add(
            "buffer",
            video_size=f"{first.width}x{first.height}",
            pix_fmt=first.format.name,
            time_base=f"1/{CLOCK}",
            pixel_aspect="1/1",
            colorspace=str(self._matrix),
            range=str(self._range),
        )
        chain = [source]
        if first.interlaced_frame:
            chain.append(self._graph.add("yadif", "deint=interlaced"))
        target = "out_color_matrix=bt709:out_range=tv"
        if first.color_trc in _HDR_TRANSFERS:
            target += ":out_primaries=bt709:out_transfer=bt709"
        chain.append(self._graph.add("scale", f"{width}:{height}:flags=bicubic:{target}"))
        chain.append(self._graph.add("format", "yuv420p"))
        chain += [self._graph.add(name, argument or None) for name, argument in turn]
        chain.append(self._graph.add("setsar", "1"))
        chain.append(self._graph.add("buffersink"))
        self._graph.link_nodes(*chain).configure()

    def takes(self, frame: VideoFrame, turn: tuple[tuple[str, str], ...]) -> bool:
        """False when `frame` is of another size, format or orientation than this was made for."""
        return (frame.width, frame.height, frame.format.name, turn) == self._key

    def render(self, frame: VideoFrame, ticks: int) -> list[VideoFrame]:
        """The finished frames that `frame`, shown at `ticks`, completes."""
        frame.pts = ticks
        frame.time_base = Fraction(1, CLOCK)
        frame.colorspace = self._matrix
        frame.color_range = self._range
        self._graph.vpush(frame)
        return self._pull()

    def finish(self) -> list[VideoFrame]:
        """Frames still inside (the deinterlacer keeps one)."""
        self._graph.vpush(None)
        return self._pull()

    def _pull(self) -> list[VideoFrame]:
        done: list[VideoFrame] = []
        while True:
            try:
                done.append(self._graph.vpull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return done


def _matrix_of(frame: VideoFrame) -> int:
    """The frame's YUV matrix; when it does not say, the guess that players make by size."""
    if frame.colorspace != _UNSPECIFIED:
        return frame.colorspace
    if frame.format.is_rgb:
        return _RGB_MATRIX
    return _BT709 if min(frame.width, frame.height) >= 720 else _BT601


class Rendition:
    """One progressive MP4 on its way to disk."""

    def __init__(self, size: tuple[int, int], rate: Fraction, channels: int, preset: str) -> None:
        self.width, self.height = size
        self.name = f"{min(size)}.mp4"
        # bitexact: no encoder names or dates in the file
        self.file = av.open(self.name, "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"})
        bit_rate = max(300_000, round(MAX_BIT_RATE * self.width * self.height / (720 * 1280)))
        options = {"preset": preset, "crf": CRF, "profile": "high", "flags": "+bitexact",
                   "maxrate": str(bit_rate), "bufsize": str(2 * bit_rate)}  # fmt: skip
        self.video = self.file.add_stream("libx264", rate=rate, options=options)
        self.video.width, self.video.height, self.video.pix_fmt = self.width, self.height, "yuv420p"
        context = self.video.codec_context
        context.time_base = Fraction(1, CLOCK)
        context.gop_size = max(1, round(rate * GOP_SECONDS))
        context.thread_count = ENCODER_THREADS
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        self.audio: AudioStream | None = None
        if channels:
            self.audio = self.file.add_stream("aac", rate=AUDIO_RATE, options={"flags": "+bitexact"})
            self.audio.layout = "mono" if channels == 1 else "stereo"
            self.audio.bit_rate = 96_000 if channels == 1 else 128_000
        self._scaler = VideoReformatter()

    def add_picture(self, frame: VideoFrame) -> None:
        """Take a frame from `Picture`; scales it when this is not the largest rendition."""
        if (frame.width, frame.height) != (self.width, self.height):
            ticks = frame.pts
            frame = self._scaler.reformat(frame, self.width, self.height, interpolation="BICUBIC")
            frame.pts, frame.time_base = ticks, Fraction(1, CLOCK)
        frame.pict_type = 0  # the source's key frames are not ours
        self.file.mux(self.video.encode(frame))

    def add_sound(self, frame: AudioFrame) -> None:
        if self.audio is not None:
            self.file.mux(self.audio.encode(frame))

    def finish(self) -> RenditionInfo:
        self.file.mux(self.video.encode(None))
        if self.audio is not None:
            self.file.mux(self.audio.encode(None))
        self.file.close()
        return {
            "name": self.name,
            "short_edge": min(self.width, self.height),
            "width": self.width,
            "height": self.height,
        }


class Sound:
    """Turns a track's frames into 48 kHz mono or stereo that starts at zero and has no gaps."""

    def __init__(self, first: AudioFrame, channels: int) -> None:
        self._key = (first.sample_rate, first.format.name, first.layout.name)
        self._graph = Graph()
        self._clock = Fraction(1, first.sample_rate)
        source = self._graph.add_abuffer(
            sample_rate=first.sample_rate, format=first.format.name, layout=first.layout.name, time_base=self._clock
        )
        layout = "mono" if channels == 1 else "stereo"
        self._graph.link_nodes(
            source,
            self._graph.add("aresample", f"{AUDIO_RATE}:async=1000:first_pts=0"),
            self._graph.add("aformat", f"sample_fmts=fltp:channel_layouts={layout}"),
            self._graph.add("abuffersink"),
        ).configure()
        self._graph.set_audio_frame_size(1024)

    def render(self, frame: AudioFrame | None, seconds: float = 0.0) -> list[AudioFrame]:
        """Sound that `frame`, heard at `seconds`, completes; None flushes."""
        if frame is not None:
            if (frame.sample_rate, frame.format.name, frame.layout.name) != self._key:
                return []  # a change of format in mid-track: silence, rather than noise
            frame.pts, frame.time_base = round(seconds / self._clock), self._clock
        self._graph.push(frame)
        done: list[AudioFrame] = []
        while True:
            try:
                pulled = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return done
            if isinstance(pulled, AudioFrame):  # always: the sink is one for sound
                done.append(pulled)


def write_poster(frame: VideoFrame, path: str) -> str:
    """Write `frame` as a JPEG and return a tiny blurred version of it as a data URI of less than 1 kB."""
    rgb = frame.reformat(format="rgb24", src_colorspace=_BT709, src_color_range=_LIMITED_RANGE, dst_color_range=2)
    image = rgb.to_image()
    image.save(path, "JPEG", quality=POSTER_QUALITY, optimize=True)
    scale = PLACEHOLDER_EDGE / min(image.size)
    size = (min(64, max(1, round(image.width * scale))), min(64, max(1, round(image.height * scale))))
    tiny = image.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1))
    buffer = io.BytesIO()
    tiny.save(buffer, "WEBP", quality=40, method=4)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
