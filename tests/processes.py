"""Real processes for tests that kill them: Celery workers and the clock on the test database, and RabbitMQ."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.supervisor import tied_to_us

ROOT = Path(__file__).resolve().parent.parent
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # not the one on PATH: that changes the user and the directory


def eventually(condition: Callable[[], object], *, seconds: float) -> None:
    """Wait until `condition` holds. Fails the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {seconds:g} s")
        time.sleep(0.02)


def database_url() -> str:
    """The test database as another process reaches it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    at = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}{at}/{database['NAME']}"


@contextlib.contextmanager
def celery(*arguments: str, broker: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`celery -A config ...` on the test database, in a session of its own; killed at the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            tied_to_us([sys.executable, "-m", "celery", "-A", "config", *arguments]),
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "ENV_FILE": os.devnull,
                "DEMO": "1",
                "VAR_DIR": str(log.parent),
                "MEDIA_ROOT": str(settings.MEDIA_ROOT),
                "DATABASE_URL": database_url(),
                "CELERY_BROKER_URL": broker,
                "CACHE_URL": "redis://127.0.0.1:1/0",  # nothing in a worker may need the cache
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill_all(process)


def worker(*, broker: str, log: Path, queues: str = "feeds,default", **environment: str):  # type: ignore[no-untyped-def]
    """A worker with one child, as the demo runs it."""
    arguments = ["worker", "-Q", queues, "-c", "1", "--without-gossip", "--without-mingle", "-n", f"{queues}@%h"]
    return celery(*arguments, broker=broker, log=log, **environment)


def beat(*, broker: str, log: Path):  # type: ignore[no-untyped-def]
    return celery("beat", "--pidfile", "", broker=broker, log=log)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process and everything it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def rabbitmq() -> Iterator[str]:
    """A RabbitMQ node of our own on free ports, or the one of TEST_AMQP_URL; the value is its URL."""
    if given := os.environ.get("TEST_AMQP_URL"):
        yield given
        return
    if not os.access(RABBITMQ, os.X_OK):
        pytest.skip("no RabbitMQ here: see `make test-deps`, or give TEST_AMQP_URL")
    home = Path(tempfile.mkdtemp(prefix="rp-mq-"))
    port, epmd, distribution = free_ports(3)
    (home / "plugins").write_text("[].\n")
    environment = {
        "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin",
        "HOME": str(home),  # for the cookie that nodes know each other by
        "RABBITMQ_NODENAME": f"reprise-{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "ERL_EPMD_PORT": str(epmd),  # a name server of its own
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    started = []
    try:
        # The name server first and by us: one that a node starts for itself is a daemon and stays behind.
        for command, opened in ((["epmd"], epmd), ([RABBITMQ], port)):
            started.append(
                subprocess.Popen(
                    tied_to_us(command),
                    cwd=home,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            eventually(lambda opened=opened: listens(opened), seconds=90)  # type: ignore[misc]
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
    finally:
        for process in reversed(started):
            kill_all(process)
        shutil.rmtree(home, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
