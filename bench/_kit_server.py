"""Web servers of the bench: granian with the very arguments of `civic serve`."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench._kit import ROOT
from config.cli import web_command

WORKERS = 2
THREADS = 8


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and its first process."""

    port: int
    pid: int


@contextlib.contextmanager
def server(application: str, *, workers: int = WORKERS) -> Iterator[Server]:
    """Serve `application` (module:name) until the block ends."""
    port = free_port()
    command = web_command(
        host="127.0.0.1", port=port, workers=workers, threads=THREADS, application=application
    )
    more = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", "CIVIC_SUPERVISED": "1"}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=os.environ | more, start_new_session=True
    )
    try:
        _await(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    """Until anything at all is answered, were it an error."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("HEAD", "/bench/nothing/")
            connection.getresponse()
            return
        time.sleep(0.1)
    raise SystemExit("The web server of the bench does not start.")
