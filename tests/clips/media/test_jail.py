"""The jail holds: no network, no processes, no other files, bounded memory, time and disk; nothing is left."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clips.media import jail, seccomp
from clips.media.limits import MediaFailed, MediaRefused

JOBS = "tests.clips.media.jail_jobs"
LIMITS = jail.JailLimits(wall_seconds=60, cpu_seconds=10, address_space_bytes=1 << 30, file_bytes=4 << 20)

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp and Landlock")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    with jail.scratch_dir(tmp_path) as path:
        yield path


def run(job: str, scratch: Path, payload: dict[str, Any] | None = None, **limits: Any) -> dict[str, Any]:
    answer, _ = jail.run(f"{JOBS}:{job}", payload or {}, scratch=scratch, limits=replace(LIMITS, **limits))
    return answer


@linux_only
def test_all_walls_stand_on_linux(scratch: Path) -> None:
    _, report = jail.run(f"{JOBS}:look_around", {}, scratch=scratch, limits=LIMITS)
    assert report.no_network
    assert report.seccomp == "installed"
    assert report.threads_at_entry == 1  # Landlock binds a single thread
    assert report.uid_dropped == (os.geteuid() == 0)
    if not report.landlock:
        pytest.skip("this kernel has no Landlock")
    assert report.missing == []


def test_the_child_inherits_nothing(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    seen = run("look_around", scratch)
    assert "SECRET_KEY" not in seen["environment"]
    assert set(seen["environment"]) <= {"LANG", "TMPDIR", "HOME", "LC_CTYPE"}
    assert seen["files"] == []
    assert seen["core"] == 0
    if os.geteuid() == 0:
        assert seen["uid"] != 0


@linux_only
def test_no_network(scratch: Path) -> None:
    assert run("reach_out", scratch) == {"inet": "EPERM", "inet6": "EPERM", "unix": "EPERM", "pair": "EPERM"}


@linux_only
def test_no_processes_but_threads(scratch: Path) -> None:
    told = run("start_processes", scratch)
    assert told == {"exec": "EPERM", "fork": "EPERM", "spawn": "EPERM", "threads": [1]}


@linux_only
def test_other_processes_and_its_own_limits_are_out_of_reach(scratch: Path) -> None:
    told = run("touch_others", scratch, {"parent": os.getpid()})
    assert told == {"signal": "EPERM", "ptrace": "EPERM", "raise_limit": "EPERM", "read_limit": LIMITS.open_files}


@linux_only
@pytest.mark.parametrize("drop_user", [True, False])
def test_only_the_scratch_and_the_given_file(
    tmp_path: Path, scratch: Path, drop_user: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not drop_user:  # as where the server does not run as root: Landlock alone
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    other = tmp_path / "someone_elses.mp4"
    other.write_bytes(b"secret")
    other.chmod(0o666)
    given = tmp_path / "given.mp4"
    given.write_bytes(b"given")
    fd = os.open(given, os.O_RDONLY)
    try:
        told, report = jail.run(
            f"{JOBS}:open_paths", {"other": str(other), "fd": fd}, scratch=scratch, limits=LIMITS, source_fd=fd
        )
    finally:
        os.close(fd)
    if not report.landlock:
        pytest.skip("this kernel has no Landlock")
    assert told == {
        "read": "EACCES", "list": "EACCES", "write": "EACCES", "passwd": "EACCES",
        "own": "done", "given": "given", "write_given": "EBADF", "reopen_given": "EACCES",
    }  # fmt: skip
    assert given.read_bytes() == b"given"


@pytest.mark.parametrize(
    ("job", "limits", "code"),
    [
        ("eat_memory", {"address_space_bytes": 300 << 20}, "out_of_resources"),
        ("burn_cpu", {"cpu_seconds": 1}, "out_of_resources"),
        ("fill_disk", {"file_bytes": 2 << 20}, "out_of_resources"),
        ("sleep", {"wall_seconds": 1}, "timed_out"),
        ("flood", {}, "crashed"),
    ],
)
def test_limits_end_the_work(job: str, limits: dict[str, int], code: str, scratch: Path) -> None:
    if job == "eat_memory" and sys.platform != "linux":
        pytest.skip("the address space is not limited here")
    started = time.monotonic()
    with pytest.raises((MediaRefused, MediaFailed)) as ended:
        run(job, scratch, **limits)
    assert ended.value.code == code
    assert time.monotonic() - started < 40  # on a busy machine; the wall clock of the others is 60
    assert children() == set()


@pytest.mark.parametrize(
    ("job", "payload", "code"),
    [
        ("die", {"signal": signal.SIGSEGV}, "crashed"),
        ("abort", {}, "crashed"),
        ("leave", {}, "crashed"),
        ("die", {"signal": signal.SIGXCPU}, "out_of_resources"),
        ("meet_full_disk", {}, "disk_full"),
        ("lie", {"bytes": "not json\n[1, 2]\n"}, "crashed"),
        ("lie", {"bytes": '{"refused": {"code": "made_up"}}\n'}, "crashed"),
        ("lie", {"bytes": '{"result": 7}\n'}, "crashed"),
        ("lie", {"bytes": "x" * 70_000}, "crashed"),
        ("no_such_job", {}, "internal"),
    ],
)
def test_any_death_has_a_code(job: str, payload: dict[str, Any], code: str, scratch: Path) -> None:
    with pytest.raises((MediaRefused, MediaFailed)) as ended:
        run(job, scratch, payload)
    assert ended.value.code == code


def test_progress_only_rises_and_prints_do_not_disturb(scratch: Path) -> None:
    heard: list[int] = []
    answer, _ = jail.run(f"{JOBS}:count_up", {}, scratch=scratch, limits=LIMITS, on_progress=heard.append)
    assert answer == {"done": True}
    assert heard == [5, 50, 90]


def test_an_error_in_the_callback_stops_the_child(scratch: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(percent: int) -> None:
        raise Cancelled

    started = time.monotonic()
    with pytest.raises(Cancelled):
        jail.run(f"{JOBS}:sleep", {}, scratch=scratch, limits=LIMITS, on_progress=cancel)
    assert time.monotonic() - started < 40  # the child would sleep for 60
    assert children() == set()


def test_scratch_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with jail.scratch_dir(tmp_path) as scratch:
        assert scratch.stat().st_mode & 0o777 == 0o700
        with pytest.raises(MediaRefused):
            run("fill_disk", scratch)
        assert (scratch / "big").exists()
    assert list(tmp_path.iterdir()) == []


def test_sweep_removes_only_old_scratch(tmp_path: Path) -> None:
    old, young, other = (
        tmp_path / f"{jail.SCRATCH_PREFIX}old",
        tmp_path / f"{jail.SCRATCH_PREFIX}new",
        tmp_path / "clip",
    )
    for path in (old, young, other):
        path.mkdir()
        (path / "480.mp4").write_bytes(b"x")
    os.utime(old, (1, 1))
    os.utime(other, (1, 1))
    assert jail.sweep_scratch(tmp_path) == 1
    assert sorted(tmp_path.iterdir()) == sorted([young, other])


def children() -> set[str]:
    """Command lines of this process's living children that run the jail."""
    out = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    return {line for line in out.splitlines() if "clips.media.lockdown" in line}


# --- the filter itself, run by a small interpreter, so that both machines are tested on either --------------------


def decide(program: bytes, *, arch: int, number: int, args: tuple[int, ...] = ()) -> str:
    """What the kernel would do: "allow", "kill" or the errno's name."""
    padded = [*args, *[0] * (6 - len(args))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    accumulator = at = 0
    while True:
        code, jump_true, jump_false, k = struct.unpack_from("HBBI", program, at * 8)
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif code == 0x06:
            return {0x7FFF0000: "allow", 0x80000000: "kill", 0x00050001: "EPERM", 0x00050026: "ENOSYS"}[k]
        else:
            holds = {0x15: accumulator == k, 0x35: accumulator >= k, 0x45: bool(accumulator & k)}[code]
            at += jump_true if holds else jump_false


PID = 4321
# call: (number on x86_64, on aarch64)
READ, OPENAT, MMAP, FUTEX = (0, 63), (257, 56), (9, 222), (202, 98)
SOCKET, CONNECT, EXECVE, PTRACE = (41, 198), (42, 203), (59, 221), (101, 117)
CLONE, CLONE3, TGKILL, PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
THREAD_FLAGS = 0x3D0F00


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_the_filter_on_both_machines(machine: str, column: int) -> None:
    program = seccomp.build_filter(machine, PID)
    arch = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]

    def ask(call: tuple[int, int], *args: int) -> str:
        return decide(program, arch=arch, number=call[column], args=args)

    assert {ask(call) for call in (READ, OPENAT, MMAP, FUTEX)} == {"allow"}
    assert {ask(call) for call in (SOCKET, CONNECT, EXECVE, PTRACE)} == {"EPERM"}
    assert ask(CLONE, THREAD_FLAGS) == "allow"
    assert ask(CLONE, signal.SIGCHLD) == "EPERM"
    assert ask(CLONE3) == "ENOSYS"
    assert ask(TGKILL, PID) == "allow"
    assert ask(TGKILL, PID + 1) == "EPERM"
    assert ask(PRLIMIT, 0, 7, 0) == "allow"
    assert ask(PRLIMIT, 0, 7, 0x7F0000001000) == "EPERM"
    assert ask(PRLIMIT, 0, 7, 0x100000000) == "EPERM"
    assert decide(program, arch=0x40000003, number=0) == "kill"
    if machine == "x86_64":
        assert decide(program, arch=arch, number=0x40000000 | 41) == "EPERM"
