"""`manage.py demo`, as a person starts it: one process in a terminal, with all that belongs to it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config.management.commands import demo

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def start(var: Path, port: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--no-seed"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen, text: str) -> str:
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} was not said:\n{seen}")


def processes_of(var: Path) -> list[str]:
    """Command lines of the processes whose environment or arguments name `var`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(var).encode() in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [command for command in found if command]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_demo_starts_serves_refuses_a_second_and_stops(tmp_path, port):
    process = start(tmp_path, port)
    try:
        said = read_until(process, "Ctrl-C stops it")
        assert f"http://127.0.0.1:{port}/" in said
        assert re.search(r"\bana\b.*\bmod\b.*\bdemo\b", said)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health/ready", timeout=10) as response:
            assert response.status == 200

        second = start(tmp_path, port + 1 if port < 65535 else port - 1)
        answer, _ = second.communicate(timeout=60)
        assert f"already running in {tmp_path} (process {process.pid})" in answer
        assert second.returncode == 1

        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0, rest
        assert "Stopped." in rest
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    time.sleep(0.2)
    assert processes_of(tmp_path) == []


def test_a_taken_port_is_said_clearly():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"port {port} is in use.*PORT={port + 1} make demo"):
            demo.check_port("127.0.0.1", port)


def test_the_lock_names_its_holder(tmp_path):
    with (
        demo.only_one(tmp_path / "lock"),
        pytest.raises(CommandError, match=f"process {os.getpid()}"),
        demo.only_one(tmp_path / "lock"),
    ):
        pass
    with demo.only_one(tmp_path / "lock"):  # free again
        pass


def test_a_server_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        demo.Command().handle(port=1, host="127.0.0.1", no_seed=True)


def test_static_files_are_collected_when_one_changed(settings, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(demo, "call_command", lambda *args, **kwargs: calls.append(args))
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    settings.VAR_DIR = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "static").mkdir()
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    (tmp_path / "static" / "a.css").write_text("a {}")
    demo.collect_static()
    demo.collect_static()
    assert len(calls) == 1
    (tmp_path / "static" / "a.css").write_text("a { color: red }")
    demo.collect_static()
    assert len(calls) == 2
