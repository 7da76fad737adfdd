"""A small foreground supervisor: starts the processes of a site, restarts those that die, stops all of them.

It is for the demo and for a site on one machine. Where systemd, Docker or Kubernetes is at hand, those do it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

FIRST_DELAY = 0.5  # seconds before the first restart; doubled by each death in a row
LONGEST_DELAY = 30.0  # seconds
READY_WITHIN = 60.0  # seconds
STEADY = 30.0  # seconds of life after which a death counts as the first one again
GRACE = 15.0  # seconds to end after SIGTERM, then SIGKILL
TICK = 0.1  # seconds between two looks at the children

Say = Callable[[str, str], None]


class ServiceFailed(RuntimeError):
    """A process that the others need did not come up."""


@dataclass
class Service:
    """One process. `ready` says whether those that are started after it can use it now."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None


@dataclass
class Child:
    service: Service
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    deaths: int = 0  # in a row
    restart_at: float | None = None


def print_line(name: str, line: str) -> None:
    """One line of output, with the name of its process in front."""
    sys.stdout.write(f"{name:<8}| {line}\n")
    sys.stdout.flush()


def tied_to_us(command: Sequence[str], *, send: str = "TERM") -> list[str]:
    """`command`, which the kernel sends a signal if we are killed with -9 (needs util-linux's setpriv)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", send, "--", *command] if setpriv else list(command)


class Supervisor:
    """Runs services in the order they are added, and stops first those that no other one needs."""

    def __init__(self, say: Say = print_line) -> None:
        self.say = say
        self.children: list[Child] = []
        self.stopping = threading.Event()

    def add(self, service: Service) -> None:
        """Start `service` and wait until it is ready. Raises ServiceFailed if it never is."""
        child = Child(service)
        self.children.append(child)
        process = self._start(child)
        deadline = time.monotonic() + READY_WITHIN
        while service.ready and not service.ready():
            if (code := process.poll()) is not None:
                raise ServiceFailed(f"{service.name} {describe(code)} while it was starting")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"{service.name} is not ready after {READY_WITHIN:g} s")
            time.sleep(TICK / 2)

    def watch(self) -> None:
        """Restart what dies, until `stop_soon` is called (SIGINT and SIGTERM do)."""
        while not self.stopping.wait(TICK):
            for child in self.children:
                self._look_after(child)

    def stop_soon(self, signum: int = 0, frame: FrameType | None = None) -> None:
        self.stopping.set()

    def stop(self) -> None:
        """End every process. Those that nobody waits for go first and together, so that one busy worker takes no
        time from the others; then those that the others need, the last started first. Safe to call twice."""
        self.stopping.set()
        leaves = [child for child in reversed(self.children) if child.service.ready is None]
        self._end(leaves)
        for child in reversed(self.children):
            if child.service.ready is not None:
                self._end([child])

    def _end(self, children: Sequence[Child]) -> None:
        """SIGTERM to all of them, SIGKILL to what is left of them after `GRACE`."""
        living = [(child, child.process) for child in children if child.process and child.process.poll() is None]
        for _, process in living:
            self._signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child, process in living:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(child.service.name, "does not stop, killed")
            self._signal(process, signal.SIGKILL)  # also what the process left behind in its group
            process.wait()

    def _start(self, child: Child) -> subprocess.Popen[str]:
        # A session of its own: Ctrl-C in the terminal reaches only us, and we stop the others in order.
        process = subprocess.Popen(
            tied_to_us(child.service.command),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.service.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        assert process.stdout is not None
        threading.Thread(target=self._pump, args=(child.service.name, process.stdout), daemon=True).start()
        child.process, child.started_at, child.restart_at = process, time.monotonic(), None
        return process

    def _pump(self, name: str, output: IO[str]) -> None:
        for line in output:
            self.say(name, line.rstrip())

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                self._start(child)
            return
        code = child.process.poll() if child.process else 0
        if code is None:
            return
        child.deaths = 1 if now - child.started_at > STEADY else child.deaths + 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (child.deaths - 1))
        child.restart_at = now + delay
        self.say(child.service.name, f"{describe(code)}; started again in {delay:g} s")

    @staticmethod
    def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
        """Send SIGTERM to the process, which ends its own children; SIGKILL to its whole group."""
        try:
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        except ProcessLookupError:
            pass


def describe(code: int) -> str:
    """What an exit status means, in words."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
