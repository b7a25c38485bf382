"""The `civic` command: run the product, look after it, or pass a word on to Django."""

import argparse
import fcntl
import http.client
import io
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from civic.core import env
from config import embedded, keys
from config.supervisor import SIGNALS, Child, Supervisor, say

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = {"", "help", "--help", "-h", "version", "--version"}  # and these, which need no database either:
OFFLINE |= {"makemessages", "collectstatic", "startapp", "simulate"}
USAGE = """\
civic serve [--demo] [--host …] [--port 8000]   启动全部服务 / run everything
civic seed [--demo]                            填入基础（演示）数据 / first (demo) data
civic doctor                                   体检并告诉怎么办 / what is wrong and what to do
civic backup FILE                              备份数据库和上传文件 / database and uploads into one file
civic restore FILE [--replace]                 从备份恢复 / bring a backup back
civic secrets                                  生成密钥 / make the secrets once
civic simulate [--quick] [--picture FILE]      派单策略模拟 / compare policies of offering
civic <其他命令>                                 Django 管理命令 / any Django command (civic help)
"""


def main() -> None:
    """Entry point of `civic`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # no crash on a terminal without Chinese
    arguments = sys.argv[1:]
    word = arguments[0] if arguments else ""
    own: dict[str, Callable[[Sequence[str]], int]] = {
        "serve": serve,
        "seed": seed,
        "doctor": doctor,
        "backup": backup,
        "restore": restore,
        "secrets": make_secrets,
    }
    if word in {"", "-h", "--help"}:
        say(USAGE)
        raise SystemExit(0 if word else 2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    raise SystemExit(own[word](arguments[1:]) if word in own else manage(["civic", *arguments]))


def manage(argv: Sequence[str]) -> int:
    """Run a Django command; the private database starts for it when it is needed and no other is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    keys.load(embedded.default_data())
    word = argv[1] if len(argv) > 1 else ""
    if word not in OFFLINE and not {"-h", "--help"} & set(argv) and "CIVIC_SUPERVISED" not in os.environ:
        embedded.database_url()
    # Django is imported late so that the supervisor stays small.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    if word == "migrate" and not {"-h", "--help"} & set(argv):
        from config import prepare  # noqa: PLC0415

        prepare.schema()
    execute_from_command_line(list(argv))
    return 0


def make_secrets(_: Sequence[str]) -> int:
    """Write the secrets of this installation once."""
    data = embedded.default_data()
    made = keys.make(data)
    say(f"{keys.place(data)}: {'已生成 / written' if made else '已存在，未改动 / exists, left alone'}")
    return 0


def seed(arguments: Sequence[str]) -> int:
    """Migrations, then Django's command `seed`."""
    if "--demo" in arguments:
        os.environ["CIVIC_DEMO"] = "yes"
    keys.load(embedded.default_data())
    embedded.database_url()
    return _prepare() or manage(["civic", "seed", *arguments])


def serve(arguments: Sequence[str]) -> int:
    """Database, migrations, static files, web server and worker, until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="civic serve")
    parser.add_argument("--demo", action="store_true", help="fill a new database with the demo city")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    threads = min(8, 2 * (os.cpu_count() or 1) + 1)
    parser.add_argument("--threads", type=int, default=threads, help="threads of each web process")
    options = parser.parse_args(arguments)
    data = embedded.default_data()
    data.mkdir(parents=True, exist_ok=True)
    with (data / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"已有一个服务在使用 {data} / Civic already runs with this data folder.")
            return 1
        if options.demo:
            os.environ["CIVIC_DEMO"] = "yes"
        keys.load(data)
        _check_port(options.host, options.port)
        lock.truncate(0)
        lock.write(f"{_reachable(options.host)}:{options.port}\n")
        lock.flush()
        supervisor = Supervisor([])
        for number in SIGNALS:
            signal.signal(number, supervisor.ask_to_stop)
        return _run(supervisor, options, data)


def _run(supervisor: Supervisor, options: argparse.Namespace, data: Path) -> int:
    private = not env.text("DATABASE_URL")
    if private:
        embedded.start(data)
        supervisor.revive_database = partial(_revive, data)
    code = _prepare(demo=options.demo)
    if code == 0 and not supervisor.stopping:
        supervisor.children = _children(options)
        supervisor.run(on_start=partial(_announce, supervisor, options))
    if private:
        embedded.stop(data)
    if supervisor.stopping:
        say("已停止 / Stopped.")
        return 0
    return code


def _prepare(*, demo: bool = False) -> int:
    """Schema, migrations, static files, demo city: in a process of its own, whose memory then goes back."""
    command = [sys.executable, "-m", "config.prepare", *(["--demo"] if demo else [])]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own arguments


def _children(options: argparse.Namespace) -> list[Child]:
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CIVIC_SUPERVISED": "1",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
    }
    web = web_command(host=options.host, port=options.port, workers=options.workers, threads=options.threads)
    return [
        Child("web", [sys.executable, *web], environment),
        Child("worker", [sys.executable, "-m", "config.worker"], environment, grace_seconds=20),
    ]


def web_command(
    *, host: str, port: int, workers: int, threads: int, application: str = "config.wsgi:application"
) -> list[str]:
    """The words after `python` that run the web server; the bench serves its yardstick the same way."""
    web = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1", "--working-dir", str(ROOT)]
    web += ["--host", host, "--port", str(port), "--workers", str(workers)]
    web += ["--blocking-threads", str(threads), "--backlog", "2048", "--log-level", "warning"]
    web += ["--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "8"]
    return [*web, application]


def _revive(data: Path) -> None:
    if not embedded.running(data):
        say("database ended; it starts again")
        embedded.start(data)


def _announce(supervisor: Supervisor, options: argparse.Namespace) -> None:
    """Print the address as soon as the web server answers there."""
    end = time.monotonic() + 60
    host = _reachable(options.host)
    while time.monotonic() < end and not supervisor.stopping:
        if not answer(host, options.port):
            time.sleep(0.1)
            continue
        say(f"实践云已启动 / Civic is running: http://{host}:{options.port}/   (Ctrl-C 停止 / stops)")
        return


def _reachable(host: str) -> str:
    """The address under which this machine reaches a server bound to `host`."""
    try:
        return "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    except ValueError:
        return host


def answer(host: str, port: int) -> int:
    """The status of the first page there, 0 when nothing answers; an open port alone proves nothing."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"{host}:{port} 已被占用或不可用 / cannot be used ({error.strerror}). "
                "请换一个端口 / Try another one: civic serve --port 8001"
            ) from None


def doctor(arguments: Sequence[str]) -> int:
    """Look at everything that usually goes wrong."""
    from config import doctor as ward  # noqa: PLC0415 - imports Django

    return ward.main(arguments)


def backup(arguments: Sequence[str]) -> int:
    """Database and uploaded files into one tar file."""
    from config import backup as vault  # noqa: PLC0415 - imports the database driver

    return vault.main_backup(arguments)


def restore(arguments: Sequence[str]) -> int:
    """Bring a backup back."""
    from config import backup as vault  # noqa: PLC0415 - imports the database driver

    return vault.main_restore(arguments)


if __name__ == "__main__":
    main()
