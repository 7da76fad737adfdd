"""What misbehaving code would try, as entries for `jail.run`. Each answers what it was told."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Job = dict[str, Any]


def _told(attempt: Callable[[], object]) -> str:
    """The name of the error that `attempt` met, or "done"."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    except ValueError:  # how `resource` reports that the kernel said EPERM
        return "EPERM"
    return "done"


def look_around(payload: Job, emit: Any) -> Job:
    return {
        "environment": dict(os.environ),
        "files": os.listdir("."),
        "uid": os.getuid(),
        "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd")) if payload.get("fds") else [],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
    }


def reach_out(payload: Job, emit: Any) -> Job:
    return {
        "inet": _told(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "inet6": _told(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)),
        "unix": _told(lambda: socket.socket(socket.AF_UNIX)),
        "pair": _told(socket.socketpair),
    }


def start_processes(payload: Job, emit: Any) -> Job:
    threads: list[int] = []
    thread = threading.Thread(target=lambda: threads.append(1))
    thread.start()
    thread.join()
    return {
        "exec": _told(lambda: os.execv("/bin/true", ["true"])),
        "fork": _told(os.fork),
        "spawn": _told(lambda: os.posix_spawn("/bin/true", ["true"], {})),
        "threads": threads,
    }


def touch_others(payload: Job, emit: Any) -> Job:
    libc = ctypes.CDLL(None, use_errno=True)

    def ptrace() -> None:
        if libc.ptrace(16, ctypes.c_int(payload["parent"]), None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")

    return {
        "signal": _told(lambda: os.kill(payload["parent"], 0)),
        "ptrace": _told(ptrace),
        "raise_limit": _told(lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60))),
        "read_limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }


def open_paths(payload: Job, emit: Any) -> Job:
    return {
        "read": _told(lambda: Path(payload["other"]).read_bytes()),
        "list": _told(lambda: os.listdir(Path(payload["other"]).parent)),
        "write": _told(lambda: Path(payload["other"]).with_name("new").write_bytes(b"x")),
        "passwd": _told(lambda: Path("/etc/passwd").read_bytes()),
        "own": _told(lambda: Path("own").write_bytes(b"x")),
        "given": os.pread(payload["fd"], 5, 0).decode(),
        "write_given": _told(lambda: os.write(payload["fd"], b"x")),
        "reopen_given": _told(lambda: os.open(f"/proc/self/fd/{payload['fd']}", os.O_RDWR)),
    }


def eat_memory(payload: Job, emit: Any) -> Job:
    hoard = []
    while True:
        hoard.append(bytearray(16 * 1024 * 1024))


def burn_cpu(payload: Job, emit: Any) -> Job:
    while True:
        pass


def sleep(payload: Job, emit: Any) -> Job:
    emit({"progress": 10})
    time.sleep(60)
    return {}


def fill_disk(payload: Job, emit: Any) -> Job:
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1024 * 1024))


def meet_full_disk(payload: Job, emit: Any) -> Job:
    raise OSError(errno.ENOSPC, "No space left on device")


def die(payload: Job, emit: Any) -> Job:
    signal.raise_signal(payload["signal"])
    return {}


def abort(payload: Job, emit: Any) -> Job:
    os.abort()


def leave(payload: Job, emit: Any) -> Job:
    os._exit(0)


def lie(payload: Job, emit: Any) -> Job:
    """Answer whatever the payload says, past the rules of the conversation."""
    os.write(_pipe(emit), payload["bytes"].encode())
    os._exit(0)


def flood(payload: Job, emit: Any) -> Job:
    while True:
        emit({"progress": 1, "padding": "x" * 30_000})


def count_up(payload: Job, emit: Any) -> Job:
    print("a library that prints to stdout")
    for percent in (5, 50, 40, 50, 90, 400):
        emit({"progress": percent})
    emit({"progress": "soon"})
    return {"done": True}


def leave_links(payload: Job, emit: Any) -> Job:
    """A conversion that says its files are made, and left a link in their place."""
    os.symlink(payload["target"], "480.mp4") if payload["how"] == "symlink" else Path("480.mp4").write_bytes(b"")
    Path("poster.jpg").write_bytes(b"x")
    return {
        "renditions": [{"name": payload.get("name", "480.mp4"), "short_edge": 480, "width": 480, "height": 480}],
        "poster": "poster.jpg",
        "placeholder": "data:image/webp;base64,AAAA",
        "duration_ms": 1,
        "width": 1,
        "height": 1,
        "has_audio": False,
    }


def _pipe(emit: Any) -> int:
    """The descriptor of the conversation, out of the emit function's closure."""
    return next(cell.cell_contents.fileno() for cell in emit.__closure__ if hasattr(cell.cell_contents, "fileno"))
