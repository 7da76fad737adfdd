"""`make test`: the whole suite, lane by lane, and a summary of what ran, what did not and why.

`python -m tests.lanes [lane ...]` runs some of them. The exit status is 1 if any test failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.conftest import chromium

QUICK = "not browser and not chaos and not services"
WORKERS = os.environ.get("TEST_WORKERS", "2")


@dataclass(frozen=True)
class Lane:
    name: str
    command: Sequence[str]
    skip: str = ""  # why it cannot run here


def pytest(*arguments: str, module: str = "pytest") -> list[str]:
    return [sys.executable, "-m", module, "-q", *arguments]


def lanes() -> list[Lane]:
    """All lanes, in the order in which they fail soonest."""
    browser = chromium()
    rabbitmq = os.environ.get("TEST_AMQP_URL") or shutil.which("rabbitmq-server", path=search_path())
    return [
        Lane("quick", pytest("-n", WORKERS, "-m", QUICK)),
        Lane("postgres", pytest("-n", WORKERS, "-m", f"postgres and {QUICK}", module="tests.postgres_lane")),
        Lane("services", pytest("-m", "services"), "" if rabbitmq else "no RabbitMQ; `make test-deps`"),
        Lane("browser", pytest("-m", "browser"), "" if browser else "no Chromium; `make test-deps`"),
        Lane("chaos", pytest("-m", "chaos")),
    ]


def search_path() -> str:
    """PATH and the directories of system daemons."""
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def run(lane: Lane) -> tuple[str, bool]:
    """Run one lane, showing its output. Returns what to say about it and whether it failed."""
    if lane.skip:
        return f"SKIPPED  {lane.skip}", False
    started = time.monotonic()
    last = ""
    with subprocess.Popen(lane.command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    if process.returncode == 5:  # pytest: nothing was collected
        return "FAILED   it has no tests", True
    verdict = "passed" if process.returncode == 0 else "FAILED"
    return f"{verdict:<8} {last.strip('= ')} [{time.monotonic() - started:.0f} s]", process.returncode != 0


def main(names: list[str]) -> int:
    chosen = [lane for lane in lanes() if not names or lane.name in names]
    unknown = set(names) - {lane.name for lane in chosen}
    if unknown:
        print(f"no such lane: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    results = []
    for lane in chosen:
        print(f"\n=== {lane.name}", flush=True)
        results.append((lane.name, *run(lane)))
    print("\n=== summary")
    for name, text, _ in results:
        print(f"{name:<9} {text}")
    return int(any(failed for _, _, failed in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
