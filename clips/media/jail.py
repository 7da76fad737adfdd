"""Run one piece of work in a child process that can hurt nobody.

The parent's side. The child (`lockdown`) gets: a scratch directory of its own as the only place it may
write, the upload as an already open read-only descriptor instead of a path, an empty environment, limits on
memory, CPU, file size and open files, no network and no other processes. The parent adds a wall clock, kills
the whole process group, removes the scratch, and believes nothing that comes back without checking it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any, Literal, cast

from clips.media.limits import FAILURES, REFUSALS, MediaFailed, MediaRefused

log = logging.getLogger(__name__)

SCRATCH_PREFIX = ".media-jail-"
_ROOT = Path(__file__).resolve().parents[2]
# Appended, not prepended: nothing in the project may shadow the standard library.
_BOOT = "import sys; sys.path.append(sys.argv[1]); from clips.media.lockdown import main; main()"
_NOBODY = 65534  # the uid and gid that Linux keeps for nobody
_MAX_LINE = 64 * 1024
_MAX_TALK = 1024 * 1024  # bytes that a child may say in all
_EXIT_SECONDS = 10.0
_STDERR_TAIL = 2000

Ending = Literal["closed", "deadline", "flood"]


@dataclass(frozen=True)
class JailLimits:
    """Bounds on the child. Seconds, bytes, counts; `cpu_seconds` sums all threads."""

    wall_seconds: float
    cpu_seconds: int
    address_space_bytes: int
    file_bytes: int
    open_files: int = 64


@dataclass(frozen=True)
class JailReport:
    """Which walls stood. On Linux all but `netns` and `uid_dropped` (only root can) should; macOS has rlimits only."""

    rlimits: bool = False
    no_network: bool = False
    seccomp: str = ""
    landlock: int = 0  # version in force, 0: none
    netns: bool = False
    uid_dropped: bool = False
    threads_at_entry: int = 0

    @property
    def missing(self) -> list[str]:
        """Names of the walls that did not stand and should on a current Linux."""
        return [name for name in ("rlimits", "no_network", "seccomp", "landlock") if not getattr(self, name)]


@contextlib.contextmanager
def scratch_dir(parent: Path) -> Iterator[Path]:
    """A private (0700) directory under `parent`, gone afterwards whatever happens."""
    path = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep_scratch(parent: Path, *, max_age_seconds: float = 3600) -> int:
    """Remove what killed workers left under `parent`; returns how many. Safe beside running jobs younger than that."""
    removed = 0
    for path in parent.glob(f"{SCRATCH_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > max_age_seconds:
                shutil.rmtree(path, ignore_errors=True)
                removed += 1
    return removed


def run(
    entry: str,
    payload: dict[str, Any],
    *,
    scratch: Path,
    limits: JailLimits,
    source_fd: int | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[dict[str, Any], JailReport]:
    """Call `entry` ("module:function", given `payload` and an emit function) in a jailed child.

    The child's current directory is `scratch`; `source_fd`, if any, is open in it under the same number.
    `on_progress` gets percents, each higher than the last; what it raises stops the work.
    Returns the function's JSON answer, unchecked, and the walls that stood.
    Raises MediaRefused or MediaFailed as the child says; `timed_out` when the wall clock ends,
    `out_of_resources` when a limit or the system's OOM killer ended it, MediaFailed `crashed` for any other death.
    """
    uid = _NOBODY if os.geteuid() == 0 else None
    if uid is not None:
        os.chown(scratch, uid, uid)
    orders = {
        "entry": entry,
        "payload": payload,
        "limits": {field.name: getattr(limits, field.name) for field in fields(limits)},
        "uid": uid,
        "gid": uid,
    }
    deadline = time.monotonic() + limits.wall_seconds
    # Not in the scratch, where the child could replace it.
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=scratch,
        env={"LANG": "C.UTF-8", "TMPDIR": ".", "HOME": "."},
        pass_fds=() if source_fd is None else (source_fd,),
        start_new_session=True,
    )
    try:
        conversation = _Conversation(on_progress)
        try:
            with contextlib.suppress(BrokenPipeError), cast(IO[bytes], child.stdin) as stdin:
                stdin.write(json.dumps(orders).encode() + b"\n")
            ending = conversation.listen(child, deadline)
            if ending == "closed":
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=_EXIT_SECONDS)
        finally:
            _kill(child)
        return _outcome(conversation, child.returncode, ending, errors)
    finally:
        errors.close()


class _Conversation:
    """What the child said: JSON lines, bounded in length and in all."""

    def __init__(self, on_progress: Callable[[int], None] | None) -> None:
        self.on_progress = on_progress
        self.final: dict[str, Any] | None = None
        self.report = JailReport()
        self._percent = -1

    def listen(self, child: subprocess.Popen[bytes], deadline: float) -> Ending:
        """Read until the child closes its pipe, the deadline comes, or it has said too much."""
        stdout = cast(IO[bytes], child.stdout)
        rest, total = b"", 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    return "deadline"
                if not selector.select(timeout=left):
                    continue
                block = os.read(stdout.fileno(), _MAX_LINE)
                total += len(block)
                if not block:
                    return "closed"
                *lines, rest = (rest + block).split(b"\n")
                if total > _MAX_TALK or len(rest) > _MAX_LINE:
                    return "flood"
                for line in lines:
                    self._hear(line)

    def _hear(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        if "progress" in message:
            percent = message["progress"]
            if isinstance(percent, int) and self._percent < percent <= 100:
                self._percent = percent
                if self.on_progress:
                    self.on_progress(percent)
        elif isinstance(message.get("jail"), dict):
            known = {field.name for field in fields(JailReport)}
            self.report = JailReport(**{k: v for k, v in message["jail"].items() if k in known})
        elif self.final is None:
            self.final = message


def _outcome(
    conversation: _Conversation, returncode: int, ending: Ending, errors: Any
) -> tuple[dict[str, Any], JailReport]:
    final, report = conversation.final, conversation.report
    if final is not None:
        if report.missing:
            log.warning("media jail without %s on this system", ", ".join(report.missing))
        if isinstance(final.get("result"), dict):
            return final["result"], report
        _log_stderr(errors, returncode)
        for kind, codes, error in (("refused", REFUSALS, MediaRefused), ("failed", FAILURES, MediaFailed)):
            said = final.get(kind)
            if isinstance(said, dict) and said.get("code") in codes:
                raise error(said["code"], str(said.get("detail", ""))[:200])
        raise MediaFailed("crashed")
    _log_stderr(errors, returncode)
    if ending == "deadline":
        raise MediaRefused("timed_out")
    if ending == "flood":
        raise MediaFailed("crashed")
    # Killed by nobody here: the CPU limit (SIGXCPU, then SIGKILL), or the system ran out of memory.
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ):
        raise MediaRefused("out_of_resources")
    raise MediaFailed("crashed")


def _log_stderr(errors: Any, returncode: int) -> None:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _STDERR_TAIL))
    text = errors.read().decode("utf-8", "replace").strip()
    log.info("media jail ended with status %s: %s", returncode, text or "no message")


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it may have started, and wait for it."""
    # Before the wait, so that the number cannot have been given to another process.
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
