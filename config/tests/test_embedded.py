"""The private database: it starts, survives, keeps to itself, and refuses what it cannot read."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.tests.running import civic, environment, wait_until

pytestmark = pytest.mark.slow


def ask(data, query):
    with psycopg.connect(embedded.url(data)) as connection:
        return connection.execute(query).fetchone()[0]


def listening_tcp_inodes():
    lines = []
    for table in ("tcp", "tcp6"):
        lines += Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    return {line.split()[9] for line in lines if line.split()[3] == "0A"}


def test_starts_once_and_the_last_to_leave_stops_it(data):
    assert not embedded.running(data)
    assert embedded.start(data) == embedded.start(data) == embedded.url(data)
    assert ask(data, "SELECT current_user") == "civic"
    assert ask(data, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(data, "SHOW fsync") == "on"
    assert ask(data, "SELECT upper('é')") == "É"
    guest = subprocess.Popen(
        [sys.executable, "-c", "from config import embedded; embedded.start(); print(1); input()"],
        env=environment(data), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert guest.stdout.readline() == "1\n"
    assert embedded.stop(data) is False
    assert embedded.running(data)
    guest.communicate("\n", timeout=30)
    assert not embedded.running(data)


def test_survives_kill_9_of_the_server_with_its_data(data):
    embedded.start(data)
    with psycopg.connect(embedded.url(data)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(embedded.server_pid(data), signal.SIGKILL)
    wait_until(lambda: not embedded.running(data))
    embedded.start(data)
    assert ask(data, "SELECT answer FROM kept") == 42


def test_starts_although_its_old_number_is_a_strangers(data):
    embedded.start(data)
    pid = embedded.server_pid(data)
    record = data / "postgres" / "postmaster.pid"
    text = record.read_text()
    embedded.stop(data)
    record.write_text(text.replace(str(pid), str(os.getpid()), 1))
    shutil.chown(record, *(["postgres"] if os.geteuid() == 0 else [os.geteuid()]))
    embedded.start(data)
    assert embedded.running(data)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_listens_on_no_tcp_port_and_its_socket_is_private(data):
    embedded.start(data)
    inodes = set()
    for handle in Path(f"/proc/{embedded.server_pid(data)}/fd").iterdir():
        target = str(handle.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    assert inodes
    assert not inodes & listening_tcp_inodes()
    assert embedded.socket_folder(data).stat().st_mode & 0o777 == 0o700
    assert len(str(embedded.socket_folder(data) / ".s.PGSQL.5432")) < 107


def test_refuses_data_of_another_major_version(data):
    embedded.start(data)
    embedded.stop(data)
    record = data / "postgres" / "PG_VERSION"
    record.write_text("14\n")
    with pytest.raises(embedded.EmbeddedError, match="written by PostgreSQL 14"):
        embedded.start(data)


def test_refuses_a_socket_folder_of_somebody_else(data):
    embedded.socket_folder(data).mkdir(mode=0o755)
    with pytest.raises(embedded.EmbeddedError, match="belongs to somebody else"):
        embedded.start(data)


def test_half_made_cluster_is_made_anew(data):
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("15\n")
    embedded.start(data)
    assert embedded.running(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_keeps_the_cluster_where_the_servers_user_may_go(data):
    data.chmod(0o700)
    embedded.start(data)
    place = Path((data / "postgres.folder").read_text().strip())
    try:
        assert embedded.running(data)
        assert place.is_relative_to(embedded.SYSTEM_FOLDER)
        assert place.stat().st_uid != 0
    finally:
        embedded.stop(data)
        shutil.rmtree(place.parent)


def test_the_wheel_serves_where_the_host_has_no_postgresql_and_every_migration_runs_on_it(data, monkeypatch):
    wheel = embedded._wheel()
    if wheel is None:
        pytest.skip("the wheel is not installed")
    monkeypatch.setenv("CIVIC_POSTGRES", str(wheel))
    embedded.start(data)
    assert ask(data, "SHOW server_version").startswith("18")
    assert ask(data, "SELECT datlocprovider FROM pg_database WHERE datname = 'civic'") == "b"
    done = civic(data, "migrate", CIVIC_POSTGRES=str(wheel))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ask(data, "SELECT count(*) FROM people_person") == 0
