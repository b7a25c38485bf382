"""The whole of `civic serve`: real processes, killed one after the other."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from config import embedded, memory
from config.cli import answer
from config.tests.running import alive, civic, data_folder, environment, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # the first ones may have taken others along
            os.kill(pid, signal.SIGKILL)


class Service:
    """A running `civic serve`."""

    def __init__(self, data):
        self.data, self.port = data, free_port()
        self.start()

    def start(self):
        self.output = (self.data / "output.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", "--port", str(self.port)],
            env=environment(self.data), stdout=self.output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_until(lambda: "Civic is running" in self.said() or self.process.poll() is not None, 120)
        if self.process.poll() is not None:
            self.output.close()
            pytest.fail(self.said())

    def said(self):
        return (self.data / "output.txt").read_text()

    def pids(self, words):
        return [pid for pid, (name, _) in memory.report(self.process.pid).items() if words in name]

    def worker(self):
        return self.pids("config.worker")

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.output.close()
        return code


@pytest.fixture(scope="module")
def service():
    with data_folder() as data:
        running = Service(data)
        yield running
        if running.process.poll() is None:
            running.stop()


def lets_in(data):
    try:
        psycopg.connect(embedded.url(data), connect_timeout=2).close()
    except psycopg.OperationalError:  # it does not run, or has not recovered yet
        return False
    return True


def well(service):
    return civic(service.data, "doctor").returncode == 0


def test_runs_and_the_doctor_is_content(service):
    assert f"http://127.0.0.1:{service.port}/" in service.said()
    wait_until(lambda: well(service), 60)
    report = civic(service.data, "doctor").stdout
    assert "✗" not in report
    assert "All is well" in report


def test_a_second_one_on_the_same_data_is_refused(service):
    second = civic(service.data, "serve", "--port", str(free_port()))
    assert second.returncode == 1
    assert "already runs" in second.stdout


def test_restoring_under_a_running_service_is_refused(service):
    file = service.data / "now.tar"
    assert civic(service.data, "backup", str(file)).returncode == 0
    said = civic(service.data, "restore", str(file), "--replace")
    assert said.returncode == 1
    assert "Stop `civic serve`" in said.stderr


@pytest.mark.parametrize("words", ["granian", "config.worker"])
def test_killed_processes_come_back(service, words):
    killed = service.pids(words)
    kill(killed)
    wait_until(lambda: service.pids(words) and not set(killed) & set(service.pids(words)))
    wait_until(lambda: answer("127.0.0.1", service.port))
    assert not any(alive(pid) for pid in killed)


def test_the_killed_database_comes_back_and_pages_are_served_again(service):
    kill([embedded.server_pid(service.data)])
    began = time.monotonic()
    wait_until(lambda: not embedded.running(service.data))
    wait_until(lambda: embedded.running(service.data) and answer("127.0.0.1", service.port), 60)
    assert time.monotonic() - began < 30


def test_no_page_breaks_on_connections_from_before_the_database_was_killed(service):
    address = f"http://127.0.0.1:{service.port}/"
    with ThreadPoolExecutor(8) as several:
        assert {page.status_code for page in several.map(httpx.get, [address] * 40)} == {200}
    kill([embedded.server_pid(service.data)])
    wait_until(lambda: not embedded.running(service.data))
    wait_until(lambda: lets_in(service.data), 60)
    # The first page may meet a database that has only just come back; stale connections break none after it.
    wait_until(lambda: httpx.get(address, timeout=20).status_code == 200, 20)
    assert [httpx.get(address, timeout=20).status_code for _ in range(12)] == [200] * 12


def test_the_doctor_names_a_worker_that_stands_still(service):
    wait_until(service.worker)
    with psycopg.connect(embedded.url(service.data)) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        os.kill(service.worker()[0], signal.SIGSTOP)
    try:
        said = civic(service.data, "doctor")
        assert said.returncode == 1
        assert "✗ 后台任务 worker" in said.stdout
    finally:
        os.kill(service.worker()[0], signal.SIGCONT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_ends_with_0(service, number):
    pids = memory.tree(service.process.pid, embedded.server_pid(service.data))
    assert service.stop(number) == 0, service.said()
    assert "Stopped" in service.said()
    assert not [pid for pid in pids if alive(pid)]
    said = civic(service.data, "doctor")
    assert said.returncode == 1
    assert "✗ 数据库 database" in said.stdout
    assert "✗ 网站 web" in said.stdout
    service.start()


def test_everything_killed_at_once_starts_again(service):
    kill(memory.tree(service.process.pid, embedded.server_pid(service.data)))
    service.process.wait(10)
    service.output.close()
    service.start()
    assert answer("127.0.0.1", service.port)
