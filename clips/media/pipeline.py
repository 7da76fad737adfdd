"""The door of the package: look at an upload, or turn it into files that may be served."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clips.media import jail
from clips.media.limits import DEFAULT_LIMITS, MediaFailed, MediaLimits, MediaRefused
from clips.media.sniff import HEAD_BYTES, Sniffed, sniff

log = logging.getLogger(__name__)

Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "medium"]
_STAGING_PREFIX = ".media-new-"
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_MAX_PLACEHOLDER = 1024  # characters


@dataclass(frozen=True)
class Probe:
    """What an upload is. `width` and `height` as a viewer sees it; `duration_ms` None when it does not say."""

    container: str
    media_type: str
    bytes: int
    duration_ms: int | None
    width: int
    height: int
    frame_rate: float
    video_codec: str
    audio_codec: str  # "" without sound
    jail: jail.JailReport


@dataclass(frozen=True)
class RenditionFile:
    """A progressive MP4: H.264 High, BT.709, 8 bit; AAC when there is sound. Sizes in pixels, `bytes` on disk."""

    path: Path
    short_edge: int
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class MediaResult:
    """Everything `process` made, renditions largest first. `width`, `height`: the source as a viewer sees it."""

    renditions: list[RenditionFile]
    poster: Path
    placeholder: str  # data URI of a tiny blurred WebP, below 1 kB
    duration_ms: int
    width: int
    height: int
    has_audio: bool
    sha256: str  # of the source
    jail: jail.JailReport


def probe(source: Path, limits: MediaLimits = DEFAULT_LIMITS) -> Probe:
    """Describe `source` after checking every limit that its header can answer; takes some 0.3 s.

    Raises MediaRefused when it cannot become a clip, MediaFailed when the server could not look.
    """
    with _opened(source, limits) as (fd, sniffed, size), jail.scratch_dir(Path(tempfile.gettempdir())) as scratch:
        answer, report = jail.run(
            "clips.media.worker:probe",
            _payload(fd, sniffed, limits),
            scratch=scratch,
            limits=_jail_limits(limits, limits.probe_wall_seconds),
            source_fd=fd,
        )
    try:
        return Probe(
            container=sniffed.container,
            media_type=sniffed.media_type,
            bytes=size,
            duration_ms=None if answer["duration_ms"] is None else int(answer["duration_ms"]),
            width=int(answer["width"]),
            height=int(answer["height"]),
            frame_rate=float(answer["frame_rate"]),
            video_codec=str(answer["video_codec"]),
            audio_codec=str(answer["audio_codec"]),
            jail=report,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MediaFailed("crashed") from error


def process(
    source: Path,
    out_dir: Path,
    *,
    limits: MediaLimits = DEFAULT_LIMITS,
    on_progress: Callable[[int], None] | None = None,
    preset: Preset = "veryfast",
) -> MediaResult:
    """Check `source` and write its renditions and poster into `out_dir`.

    1. Sniff the type and hash the bytes, here. 2. Convert, in the jail, into a scratch directory beside
    `out_dir` (same file system). 3. Check the files that came out, make them ours, move them in together.
    Running it again replaces the files. Nothing appears in `out_dir` unless all of it is complete.
    `preset` is x264's: for the same picture "superfast" takes 2/3 of the CPU time and 1.5 times the bytes of
    "veryfast"; "ultrafast" 2/5 and twice, and it leaves out what makes the High profile.
    `on_progress` gets rising percents, 100 last; an exception from it stops the work and passes through.
    Raises MediaRefused, MediaFailed (`disk_full` among them).
    """
    with _disk_errors():
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        with _opened(source, limits) as (fd, sniffed, _), jail.scratch_dir(out_dir.parent) as scratch:
            digest = _sha256(fd)
            answer, report = jail.run(
                "clips.media.worker:process",
                _payload(fd, sniffed, limits) | {"preset": preset},
                scratch=scratch,
                limits=_jail_limits(limits, limits.wall_seconds),
                source_fd=fd,
                on_progress=on_progress,
            )
            result = _collect(answer, scratch, out_dir, sha256=digest, report=report)
    if on_progress:
        on_progress(100)
    return result


def _payload(fd: int, sniffed: Sniffed, limits: MediaLimits) -> dict[str, Any]:
    return {"fd": fd, "demuxer": sniffed.demuxer, "limits": limits.as_json()}


def _jail_limits(limits: MediaLimits, wall_seconds: float) -> jail.JailLimits:
    return jail.JailLimits(
        wall_seconds=wall_seconds,
        cpu_seconds=limits.cpu_seconds,
        address_space_bytes=limits.address_space_bytes,
        file_bytes=limits.output_file_bytes,
    )


@contextlib.contextmanager
def _opened(source: Path, limits: MediaLimits) -> Iterator[tuple[int, Sniffed, int]]:
    """The upload as (read-only descriptor at its start, type, bytes). Opened once, so it cannot be swapped."""
    try:
        # NONBLOCK: opening a pipe would wait for its writer for ever; files do not care.
        fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise MediaFailed("missing") from error
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise MediaRefused("unknown_type")
        if status.st_size > limits.max_bytes:
            raise MediaRefused("too_large", f"{status.st_size / 1e6:.0f} MB, at most {limits.max_bytes / 1e6:.0f} MB")
        sniffed = sniff(os.pread(fd, HEAD_BYTES, 0), limits)
        yield fd, sniffed, status.st_size
    finally:
        os.close(fd)


def _sha256(fd: int) -> str:
    with os.fdopen(os.dup(fd), "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    os.lseek(fd, 0, os.SEEK_SET)  # the offset is shared
    return digest


def _collect(
    answer: dict[str, Any], scratch: Path, out_dir: Path, *, sha256: str, report: jail.JailReport
) -> MediaResult:
    """Check what the child says it made, and publish it. The child is not trusted: names are ours, files plain."""
    try:
        poster = str(answer["poster"])
        said = [
            (str(item["name"]), int(item["short_edge"]), int(item["width"]), int(item["height"]))
            for item in answer["renditions"]
        ]
        placeholder = str(answer["placeholder"])
        sizes = {name: _take(scratch, name) for name in (*(name for name, *_ in said), poster)}
        if not said or len(placeholder) > _MAX_PLACEHOLDER or not placeholder.startswith("data:image/webp;base64,"):
            raise ValueError("not what a conversion answers")
        result = MediaResult(
            renditions=[RenditionFile(out_dir / name, edge, w, h, sizes[name]) for name, edge, w, h in said],
            poster=out_dir / poster,
            placeholder=placeholder,
            duration_ms=int(answer["duration_ms"]),
            width=int(answer["width"]),
            height=int(answer["height"]),
            has_audio=bool(answer["has_audio"]),
            sha256=sha256,
            jail=report,
        )
    except (KeyError, TypeError, ValueError, FileNotFoundError) as error:
        raise MediaFailed("crashed") from error
    _publish(scratch, list(sizes), out_dir)
    return result


def _take(scratch: Path, name: str) -> int:
    """Make a file of the scratch ours, readable and on disk; returns its bytes. ValueError for anything odd."""
    stem, _, suffix = name.partition(".")
    if not (stem.isalnum() and stem.isascii() and suffix in ("mp4", "jpg")):
        raise ValueError(f"unexpected file {name!r}")
    try:
        fd = os.open(scratch / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ValueError(f"{name} is a link") from error
        raise
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size == 0:
            raise ValueError(f"{name} is not a plain new file")
        if os.geteuid() == 0:
            os.fchown(fd, os.geteuid(), os.getegid())
        os.fchmod(fd, 0o644)
        os.fsync(fd)
        return status.st_size
    finally:
        os.close(fd)


def _publish(scratch: Path, names: list[str], out_dir: Path) -> None:
    """Move `names` from the scratch to `out_dir`: as one directory when it is new, else file by file."""
    staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=out_dir.parent))
    try:
        for name in names:
            os.replace(scratch / name, staging / name)
        staging.chmod(0o755)
        try:
            os.rename(staging, out_dir)  # also replaces an empty directory
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            for name in names:
                os.replace(staging / name, out_dir / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """A full disk is the server's trouble and may pass; say so instead of an OSError."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise MediaFailed("disk_full") from error
        raise
