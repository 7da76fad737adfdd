import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import supervisor as module
from config.supervisor import Service, ServiceFailed, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; print('up', flush=True); time.sleep(60)"


def service(code: str, name: str = "child", **options) -> Service:
    return Service(name, [sys.executable, "-c", code], **options)


def eventually(condition, seconds: float = 10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie whose parent has not looked yet is gone for our purposes.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    supervisor = Supervisor(lambda name, line: said.append((name, line)))
    yield supervisor
    supervisor.stop()


def pid(supervisor: Supervisor, index: int = 0) -> int:
    return supervisor.children[index].process.pid


def test_output_carries_the_name(supervisor, said):
    supervisor.add(service("print('hello'); print('world')", "web"))
    eventually(lambda: len(said) == 2)
    assert said == [("web", "hello"), ("web", "world")]


def test_environment_is_passed_on(supervisor, said):
    supervisor.add(service("import os; print(os.environ['COLOUR'])", environment={"COLOUR": "teal"}))
    eventually(lambda: said)
    assert said == [("child", "teal")]


def test_waits_until_ready(supervisor, tmp_path):
    ready = tmp_path / "ready"
    code = f"import time; time.sleep(0.3); open({str(ready)!r}, 'w'); time.sleep(60)"
    supervisor.add(service(code, ready=ready.exists))
    assert ready.exists()


def test_what_ends_while_starting_is_an_error(supervisor):
    with pytest.raises(ServiceFailed, match="web ended with status 3 while it was starting"):
        supervisor.add(service("raise SystemExit(3)", "web", ready=lambda: False))


def test_what_never_gets_ready_is_an_error(supervisor, monkeypatch):
    monkeypatch.setattr(module, "READY_WITHIN", 0.2)
    with pytest.raises(ServiceFailed, match=r"web is not ready after 0\.2 s"):
        supervisor.add(service(SLEEP, "web", ready=lambda: False))


def test_the_dead_are_restarted_and_named(supervisor, said, monkeypatch):
    monkeypatch.setattr(module, "FIRST_DELAY", 0.1)
    supervisor.add(service(SLEEP))
    first = pid(supervisor)
    os.kill(first, signal.SIGKILL)

    def replaced():
        supervisor._look_after(supervisor.children[0])
        return pid(supervisor) != first

    eventually(replaced)
    assert ("child", "killed by SIGKILL; started again in 0.1 s") in said
    assert supervisor.children[0].process.poll() is None


def test_restarts_back_off(supervisor, said, monkeypatch):
    monkeypatch.setattr(module, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(module, "LONGEST_DELAY", 0.03)
    supervisor.add(service("raise SystemExit(1)"))

    def died_four_times():
        supervisor._look_after(supervisor.children[0])
        return len(said) >= 4

    eventually(died_four_times, 30)
    assert [line.split()[-2] for _, line in said[:4]] == ["0.01", "0.02", "0.03", "0.03"]


POLITE = "import signal, sys, time; signal.signal(15, lambda *_: (print('bye', flush=True), sys.exit())); {}"
WAITING = "print('up', flush=True); time.sleep(60)"


def test_what_others_need_stops_last_and_in_opposite_order(supervisor, said):
    for name in ("broker", "web", "worker"):
        up = (lambda name=name: (name, "up") in said) if name != "worker" else None
        supervisor.add(service(POLITE.format(WAITING), name, ready=up))
    eventually(lambda: len(said) == 3)
    supervisor.stop()
    eventually(lambda: len(said) == 6)
    assert said[3:] == [("worker", "bye"), ("web", "bye"), ("broker", "bye")]


def test_a_busy_worker_takes_no_time_from_the_others(supervisor, said, monkeypatch):
    monkeypatch.setattr(module, "GRACE", 1.0)
    supervisor.add(service(POLITE.format(WAITING), "web", ready=lambda: ("web", "up") in said))
    supervisor.add(service(f"import signal, time; signal.signal(15, signal.SIG_IGN); {WAITING}", "busy"))
    eventually(lambda: len(said) == 2)
    supervisor.stop()
    eventually(lambda: len(said) == 4)
    assert said[2:] == [("busy", "does not stop, killed"), ("web", "bye")]


def test_the_stubborn_are_killed_with_their_children(supervisor, said, monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.3)
    code = (
        "import signal, subprocess, sys, time; signal.signal(15, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    supervisor.add(service(code))
    eventually(lambda: said)
    grandchild = int(said[0][1])
    supervisor.stop()
    assert ("child", "does not stop, killed") in said
    eventually(lambda: gone(pid(supervisor)) and gone(grandchild))


@pytest.mark.skipif(not module.shutil.which("setpriv"), reason="no setpriv here")
def test_killing_the_supervisor_leaves_nobody_behind():
    code = (
        "import sys; from config.supervisor import *; s = Supervisor();"
        f"s.add(Service('x', [sys.executable, '-c', {SLEEP!r}]));"
        "print(s.children[0].process.pid, flush=True); s.watch()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        child = int(next(line for line in parent.stdout if line.strip().isdigit()))
        parent.kill()
    eventually(lambda: gone(child))
    assert gone(child)
