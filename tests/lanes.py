"""`make test`: the whole suite, lane by lane, and a summary of what ran, what did not and why.

`python -m tests.lanes [lane ...]` runs some of them. The exit status is 1 if any test failed. Lanes that mostly wait
(for brokers to come up, leases to run out, sweeps to come round) run beside the browser's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tests.conftest import chromium

QUICK = "not browser and not chaos and not services"
WORKERS = os.environ.get("TEST_WORKERS", "2")


@dataclass(frozen=True)
class Lane:
    name: str
    command: Sequence[str]
    skip: str = ""  # why it cannot run here
    waits: bool = False  # leaves the processors to others most of the time


def pytest(*arguments: str, module: str = "pytest") -> list[str]:
    return [sys.executable, "-m", module, "-q", *arguments]


def lanes() -> list[Lane]:
    """All lanes, in the order in which they fail soonest."""
    browser = chromium()
    rabbitmq = os.environ.get("TEST_AMQP_URL") or shutil.which("rabbitmq-server", path=search_path())
    return [
        Lane("quick", pytest("-n", WORKERS, "-m", QUICK)),
        Lane("postgres", pytest("-n", WORKERS, "-m", f"postgres and {QUICK}", module="tests.postgres_lane")),
        Lane("services", pytest("-m", "services"), "" if rabbitmq else "no RabbitMQ; `make test-deps`", waits=True),
        Lane("chaos", pytest("-m", "chaos"), waits=True),
        Lane("browser", pytest("-m", "browser"), "" if browser else "no Chromium; `make test-deps`"),
    ]


def search_path() -> str:
    """PATH and the directories of system daemons."""
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def run(lane: Lane, *, show: bool = True) -> tuple[str, bool, str]:
    """Run one lane. Returns what to say about it, whether it failed, and its output unless that was shown."""
    if lane.skip:
        return f"SKIPPED  {lane.skip}", False, ""
    started = time.monotonic()
    last, kept = "", []
    with subprocess.Popen(
        lane.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if show:
                print(line, end="", flush=True)
            else:
                kept.append(line)
            last = line.strip() or last
    if process.returncode == 5:  # pytest: nothing was collected
        return "FAILED   it has no tests", True, "".join(kept)
    verdict = "passed" if process.returncode == 0 else "FAILED"
    said = f"{verdict:<8} {last.strip('= ')} [{time.monotonic() - started:.0f} s]"
    return said, process.returncode != 0, "".join(kept)


def main(names: list[str]) -> int:
    chosen = [lane for lane in lanes() if not names or lane.name in names]
    unknown = set(names) - {lane.name for lane in chosen}
    if unknown:
        print(f"no such lane: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    busy = [lane for lane in chosen if not lane.waits]
    waiting = [lane for lane in chosen if lane.waits]
    results: dict[str, tuple[str, bool, str]] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:  # one of them at a time
        under_way: dict[str, Future[tuple[str, bool, str]]] = {}
        for number, lane in enumerate(busy, 1):
            if number == len(busy):
                under_way = {lane.name: beside.submit(run, lane, show=False) for lane in waiting}
            print(f"\n=== {lane.name}", flush=True)
            results[lane.name] = run(lane)
        if not busy:
            under_way = {lane.name: beside.submit(run, lane, show=False) for lane in waiting}
        for name, future in under_way.items():
            results[name] = future.result()
            print(f"\n=== {name}\n{results[name][2]}", end="", flush=True)
    print("\n=== summary")
    for lane in chosen:
        print(f"{lane.name:<9} {results[lane.name][0]}")
    return int(any(failed for _, failed, _ in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
