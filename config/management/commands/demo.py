"""`manage.py demo`: a whole running site, from nothing, in one terminal."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config import valkey
from config.supervisor import Service, ServiceFailed, Supervisor

WEB_THREADS = "16"  # one process: SQLite has one writer, and the second core is for the workers
SIGN_IN = "Sign in as ana, ben or chloe (moderator: mod), password demo"
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- only when LISTEN_HOST says so, in a container


class Command(BaseCommand):
    help = "Run a demo site on this machine: database, people, web server, workers. Ctrl-C stops all of it."
    requires_system_checks: list[str] = []  # `migrate` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("LISTEN_HOST") or "127.0.0.1")
        parser.add_argument("--no-seed", action="store_true", help="start with an empty site")

    def handle(self, *args: Any, port: int, host: str, no_seed: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this is not a demo: start it by `make demo`, or with DEMO=1")
        os.environ.setdefault("LOG_LEVEL", "WARNING")  # of the processes below
        with only_one(settings.VAR_DIR / "demo.lock"):
            check_port(host, port)
            supervisor = Supervisor()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, interrupt)
            try:
                self.start(supervisor, host=host, port=port, seed=not no_seed)
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, supervisor.stop_soon)
                supervisor.watch()
            except KeyboardInterrupt:
                pass
            except (valkey.ValkeyMissing, ServiceFailed) as error:
                raise CommandError(str(error)) from error
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self.stdout.write("Stopping ...")
                supervisor.stop()
        self.stdout.write("Stopped.")

    def start(self, supervisor: Supervisor, *, host: str, port: int, seed: bool) -> None:
        """Bring up everything, in the order in which the parts need each other."""
        if str(settings.EMBEDDED_VALKEY) in settings.CELERY_BROKER_URL + settings.CACHE_URL:
            supervisor.add(embedded_valkey())
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if seed:
            self.seed()
        connections.close_all()
        url = f"http://{'127.0.0.1' if host == EVERYWHERE else host}:{port}/"
        os.environ.setdefault("SITE_URL", url)  # for links in mail
        supervisor.add(web_server(host, port, ready=lambda: answers(f"{url}api/v1/health/live")))
        # Only now: on a small machine they would fight with the web server over the processors.
        for service in workers():
            supervisor.add(service)
        if seed:
            supervisor.add(Service("pulse", [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo_pulse"]))
        self.stdout.write(f"\n  Reprise is running at {url}\n  {SIGN_IN}. Ctrl-C stops it.\n")

    def seed(self) -> None:
        call_command("seed_demo", stdout=self.stdout, stderr=self.stderr)


def interrupt(signum: int, frame: Any) -> None:
    """While things are being set up, every signal ends that as Ctrl-C does."""
    raise KeyboardInterrupt


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Lock `path`, so that two demos never share one directory. Raises CommandError if another holds it."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise CommandError(
                f"a demo is already running in {path.parent} (process {holder}); "
                "stop it, or give this one a directory of its own: VAR_DIR=..."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def check_port(host: str, port: int) -> None:
    """Raises CommandError if nobody could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                hint = f"PORT={port + 1} make demo"
                raise CommandError(f"port {port} is in use; choose another one: {hint}") from error
            raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}") from error


def embedded_valkey() -> Service:
    where = settings.EMBEDDED_VALKEY
    valkey.stop_leftover(where)
    return Service(
        "valkey",
        valkey.command(socket=where, data=settings.VAR_DIR / "valkey"),
        ready=lambda: valkey.answers(where),
    )


def web_server(host: str, port: int, *, ready: Callable[[], bool]) -> Service:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--no-ws", "--workers", "1", "--blocking-threads", WEB_THREADS, "--log-level", "error"),
        "config.wsgi:application",
    ]
    return Service("web", command, ready=ready)


def workers() -> list[Service]:
    """Two workers and the clock. Media has a worker of its own: uploads must not hold up reposts."""
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "config"]
    worker = [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker"}  # ... as root: so it is in a container
    return [
        Service("feeds", [*worker, "--queues", "feeds,default,mail", "--hostname", "feeds@%h"], quiet),
        Service("media", [*worker, "--queues", "media", "--hostname", "media@%h"], quiet),
        Service("beat", [*celery, "beat", "--pidfile", ""]),
    ]


def collect_static() -> None:
    """Run collectstatic if a static file has changed since the last time."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = settings.VAR_DIR / "static.stamp"
    if stamp.exists() and settings.STATIC_ROOT.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 -- an http URL of our own making
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
