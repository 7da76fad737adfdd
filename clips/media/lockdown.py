"""The child's side of the jail: give up every right the work does not need, then do the work.

Runs before a byte of the upload is read, in a process that has just started and has a single thread.
Each wall is tried on its own and reported, because kernels differ: see `JailReport` in `jail`.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import struct
import sys
import sysconfig
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from clips.media import seccomp
from clips.media.limits import MediaError, MediaFailed, MediaRefused

_PR_SET_PDEATHSIG = 1
_CLONE_NEWNET = 0x40000000
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same on every machine
_READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
_READ_EXECUTE = _READ | 1 << 0
# Rights that each Landlock version knows beyond the first: REFER, TRUNCATE, IOCTL_DEV.
_LANDLOCK_SINCE = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}

Emit = Callable[[dict[str, Any]], None]


def main() -> None:
    """Entry of the child: reads one JSON line of orders from stdin, answers in JSON lines on stdout.

    Orders: {"entry": "module:function", "payload": {...}, "limits": {...}, "uid": int | null, "gid": ...}.
    Answers: {"jail": {...}}, any number of {"progress": percent}, then one of {"result": {...}},
    {"refused": {"code", "detail"}}, {"failed": {"code", "detail"}}.
    """
    orders = json.loads(sys.stdin.buffer.readline())
    # Nothing that a library prints may be mistaken for an answer: keep the pipe, point stdout at stderr.
    pipe: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def emit(message: dict[str, Any]) -> None:
        pipe.write(json.dumps(message).encode() + b"\n")
        pipe.flush()

    module_name, function_name = orders["entry"].split(":")
    try:
        # All code is loaded before the walls go up; after that the disk holds nothing for this process.
        work: Callable[[dict[str, Any], Emit], dict[str, Any]]
        work = getattr(importlib.import_module(module_name), function_name)
        emit({"jail": confine(orders["limits"], orders.get("uid"), orders.get("gid"))})
        emit({"result": work(orders["payload"], emit)})
    except MediaRefused as error:
        emit({"refused": {"code": error.code, "detail": error.detail}})
    except MediaFailed as error:
        emit({"failed": {"code": error.code, "detail": error.detail}})
    except Exception as error:
        traceback.print_exc()
        outcome = classify(error)
        kind = "refused" if isinstance(outcome, MediaRefused) else "failed"
        emit({kind: {"code": outcome.code, "detail": outcome.detail}})


def classify(error: BaseException) -> MediaError:
    """What an exception from inside the jail means for the upload."""
    number = getattr(error, "errno", None)
    if number == 28 or number == 122:  # ENOSPC, EDQUOT
        return MediaFailed("disk_full")
    if isinstance(error, MemoryError) or number in (12, 24, 27):  # ENOMEM, EMFILE, EFBIG
        return MediaRefused("out_of_resources")
    return MediaFailed("internal", type(error).__name__)


def confine(limits: dict[str, int], uid: int | None, gid: int | None) -> dict[str, Any]:
    """Put up the walls and say which of them stand. Order matters: each step may cost the right to the next."""
    report: dict[str, Any] = {"rlimits": True, "threads_at_entry": _thread_count()}
    _set_rlimits(limits)
    os.nice(5)  # people browsing the same machine come first
    if sys.platform != "linux":
        return report | {"no_network": False, "seccomp": "", "landlock": 0, "netns": False, "uid_dropped": False}
    libc = ctypes.CDLL(None, use_errno=True)
    report["netns"] = libc.unshare(_CLONE_NEWNET) == 0  # only root may; seccomp closes sockets for everyone
    landlock = _open_landlock(libc)
    if uid is not None and gid is not None:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    report["uid_dropped"] = uid is not None
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a killed worker leaves no converter behind
    if libc.prctl(seccomp.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs refused")
    report["landlock"] = _enter_landlock(libc, landlock)
    try:
        seccomp.install()
        report["seccomp"] = "installed"
    except (OSError, KeyError) as error:
        report["seccomp"] = ""
        sys.stderr.write(f"no seccomp filter: {error!r}\n")
    report["no_network"] = bool(report["seccomp"] or report["netns"])
    return report


def _set_rlimits(limits: dict[str, int]) -> None:
    def lower(which: int, soft: int, hard: int) -> None:
        ceiling = resource.getrlimit(which)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(which, (soft, hard))

    lower(resource.RLIMIT_CORE, 0, 0)
    lower(resource.RLIMIT_CPU, limits["cpu_seconds"], limits["cpu_seconds"] + 2)
    lower(resource.RLIMIT_FSIZE, limits["file_bytes"], limits["file_bytes"])
    lower(resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"])
    # On Linux this counts every thread of the user on the whole machine, so it cannot be tight;
    # there the seccomp filter refuses processes. Elsewhere only processes count, and this refuses them.
    processes = 4096 if sys.platform == "linux" else 1
    lower(resource.RLIMIT_NPROC, processes, processes)
    try:
        lower(resource.RLIMIT_AS, limits["address_space_bytes"], limits["address_space_bytes"])
    except (ValueError, OSError):  # macOS does not enforce it and may refuse to set it
        if sys.platform == "linux":
            raise


def _thread_count() -> int:
    """Threads of this process; 0 where the system does not tell. Landlock binds only the calling one."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0


def _open_landlock(libc: ctypes.CDLL) -> tuple[int, int]:
    """A ruleset: all of the scratch directory (the current one), and reading Python's own files. (fd, version)."""
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if version < 1:
        return -1, 0
    rights = (1 << 13) - 1
    for since, bit in _LANDLOCK_SINCE.items():
        rights |= bit if version >= since else 0
    attribute = struct.pack("Q", rights)
    ruleset = libc.syscall(_LANDLOCK_CREATE, attribute, ctypes.c_size_t(len(attribute)), ctypes.c_uint(0))
    if ruleset < 0:
        return -1, 0
    paths = sysconfig.get_paths()
    readable = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], "/usr/lib", "/lib64"}
    for path, granted in [(".", rights & ~1), *((one, _READ_EXECUTE) for one in sorted(readable))]:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rule = struct.pack("=Qi", granted, fd)  # struct landlock_path_beneath_attr, packed
        libc.syscall(_LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint(0))
        os.close(fd)
    return ruleset, version


def _enter_landlock(libc: ctypes.CDLL, landlock: tuple[int, int]) -> int:
    """Enter the ruleset; answers the Landlock version, 0 where there is none."""
    ruleset, version = landlock
    if ruleset < 0:
        return 0
    entered = libc.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0
    os.close(ruleset)
    return version if entered else 0
