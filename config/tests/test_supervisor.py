"""The supervisor: starts again what dies, stops cleanly, takes its children with it."""

import os
import signal
import subprocess
import sys

import pytest

from config.supervisor import Child, Supervisor
from config.tests.running import alive, environment, wait_until

pytestmark = pytest.mark.slow

SCRIPT = """
import signal, sys
from config.supervisor import SIGNALS, Child, Supervisor
nap = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
names = ("web", "worker")
children = [Child(name, [sys.executable, "-c", nap, f"{sys.argv[1]}/{name}"], {}, 5) for name in names]
supervisor = Supervisor(children)
for number in SIGNALS:
    signal.signal(number, supervisor.ask_to_stop)
supervisor.run()
print("Django" if "django" in sys.modules else "small")
"""


def pids(folder, name):
    record = folder / name
    return [int(line) for line in record.read_text().split()] if record.exists() else []


@pytest.fixture
def supervised(tmp_path):
    """A supervisor with two sleeping children."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        env=environment(tmp_path), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: pids(tmp_path, "web") and pids(tmp_path, "worker"))
    yield process, tmp_path
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_cleanly(supervised, number):
    process, folder = supervised
    process.send_signal(number)
    assert process.communicate(timeout=20)[0].endswith("small\n")
    assert process.returncode == 0
    assert not alive(pids(folder, "web")[0])
    assert not alive(pids(folder, "worker")[0])


def test_a_killed_child_comes_back_and_the_other_is_left_alone(supervised):
    _, folder = supervised
    os.kill(pids(folder, "web")[0], signal.SIGKILL)
    wait_until(lambda: len(pids(folder, "web")) == 2)
    assert alive(pids(folder, "web")[1])
    assert len(pids(folder, "worker")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children of their parent's death")
def test_children_go_with_a_killed_supervisor(supervised):
    process, folder = supervised
    process.kill()
    wait_until(lambda: not alive(pids(folder, "web")[0]) and not alive(pids(folder, "worker")[0]))


def test_a_child_that_keeps_dying_is_started_ever_more_rarely(monkeypatch, capsys):
    clock = [100.0]
    monkeypatch.setattr("config.supervisor.time.monotonic", lambda: clock[0])
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    for _ in range(7):
        child.watch()
        child.process.wait()
        child.watch()
        pauses.append(child.pause)
        child.watch()
        assert child.process is None  # not before its time
        clock[0] += child.pause
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert "web ended with 3" in capsys.readouterr().out


def test_a_child_that_ignores_sigterm_is_killed(tmp_path, capsys):
    stubborn = (
        "import signal, sys, time; signal.signal(15, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(60)"
    )
    child = Child("web", [sys.executable, "-c", stubborn, str(tmp_path / "ready")], grace_seconds=0.3)
    child.start()
    pid = child.process.pid
    wait_until((tmp_path / "ready").exists)
    child.stop()
    assert not alive(pid)
    assert "is killed" in capsys.readouterr().out


class FakeChild:
    """Counts what the supervisor does with it."""

    def __init__(self, told, name):
        self.told, self.name = told, name

    def start(self):
        self.told.append(f"start {self.name}")

    def watch(self):
        self.told.append(f"watch {self.name}")

    def stop(self):
        self.told.append(f"stop {self.name}")


def test_the_order_of_things():
    told = []
    supervisor = Supervisor([FakeChild(told, "web"), FakeChild(told, "worker")])

    def revive():
        told.append("database")
        supervisor.ask_to_stop()

    supervisor.revive_database = revive
    supervisor.run(on_start=lambda: told.append("announce"))
    words = ["start web", "start worker", "announce", "database", "watch web", "watch worker"]
    assert told == [*words, "stop web", "stop worker"]
