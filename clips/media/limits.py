"""What an upload may be, and the errors that say why it was not taken.

These numbers are the documented contract with uploaders: the upload form, the API and the docs quote them
from `MediaLimits`, so they are stated once, here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def _(sentence: str) -> str:
    """Marks a sentence for translation. `clips.media.words` says it: the jailed child, which also reads this module,
    has no reader and no Django."""
    return sentence


# A code is a promise to API clients: add codes, never rename one. `{detail}` is the part that varies.
REFUSALS: dict[str, str] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large: {detail}."),
    "unknown_type": _("This is not a video file that we know."),
    "container_not_allowed": _("This kind of file is not accepted ({detail}). Please send MP4, MOV, WebM or MKV."),
    "no_video": _("The file has no video in it."),
    "too_long": _("The video is too long: {detail}."),
    "too_short": _("The video is too short: {detail}."),
    "too_small": _("The picture is too small: {detail}."),
    "too_many_pixels": _("The picture is too large: {detail}."),
    "frame_rate_too_high": _("The video has too many frames a second: {detail}."),
    "too_many_streams": _("The file holds too many tracks: {detail}."),
    "codec_not_allowed": _("The video or sound is encoded in a way that is not accepted: {detail}."),
    "damaged": _("The file is damaged and cannot be read as a video."),
    "timed_out": _("Preparing the video took too long, so it was stopped."),
    "out_of_resources": _("Preparing the video needed more memory, time or disk than one video may use."),
}
FAILURES: dict[str, str] = {
    "disk_full": _("The server has no room left to store the video. Please try again later."),
    "crashed": _("The video could not be prepared: the converter stopped unexpectedly."),
    "missing": _("The uploaded file is no longer there."),
    "internal": _("The video could not be prepared because of a fault on this server."),
}


class MediaError(Exception):
    """Base of both outcomes. `code` is stable, `detail` short and safe to show, `str()` a plain sentence."""

    sentences: dict[str, str] = {}
    retryable = False

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in self.sentences:
            raise ValueError(f"unknown media error code {code!r}")
        self.code = code
        self.detail = detail
        super().__init__(code, detail)

    def __str__(self) -> str:
        return self.sentences[self.code].format(detail=self.detail or "over the limit")


class MediaRefused(MediaError):
    """The file is at fault: trying the same bytes again gives the same answer. Codes: `REFUSALS`."""

    sentences = REFUSALS


class MediaFailed(MediaError):
    """The server is at fault: the same file may well succeed later. Codes: `FAILURES`."""

    sentences = FAILURES
    retryable = True


VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4")
AUDIO_CODECS = (
    "aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3",
    "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_f32le",
)  # fmt: skip


@dataclass(frozen=True)
class MediaLimits:
    """Bounds on one upload and on the work it may cause.

    Everything the container declares is checked before a frame is decoded for conversion, and counted
    again while decoding, because a header may lie.

    Where the numbers come from: 180 s is what short-video sites take; 4096 a side and 4096 x 2304 pixels
    hold UHD (3840 x 2160) and DCI 4K phone video either way up; 120 frames a second is what phones call
    slow motion; 16 px is the smallest side that every encoder we use can code. The resource limits
    leave room above what was measured on a small server: 1.3 s of CPU for each second of 1080 x 1920 at 30
    frames a second, and 0.75 GB of address space for 10-bit UHD HEVC, 0.65 GB for 1080 x 1920.
    """

    max_bytes: int = 200 * 1024 * 1024
    min_duration_seconds: float = 0.1
    max_duration_seconds: float = 180.0
    min_side: int = 16
    max_side: int = 4096
    max_pixels: int = 4096 * 2304  # a frame
    max_frame_rate: int = 120  # frames a second
    max_streams: int = 8  # tracks of any kind, those we drop included
    max_audio_channels: int = 8
    max_audio_rate: int = 192_000  # Hz
    containers: tuple[str, ...] = ("mp4", "mov", "webm", "mkv")
    video_codecs: tuple[str, ...] = VIDEO_CODECS
    audio_codecs: tuple[str, ...] = AUDIO_CODECS

    probe_wall_seconds: float = 30.0
    wall_seconds: float = 900.0  # keep below the broker's visibility timeout
    cpu_seconds: int = 900  # of all threads together
    address_space_bytes: int = 2 * 1024**3
    output_file_bytes: int = 256 * 1024 * 1024  # each file written

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON-ready values; `from_json` reads them back."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in vars(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> MediaLimits:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**values)


DEFAULT_LIMITS = MediaLimits()
