"""One small process that keeps the others running: database, web server, job worker. No Django here.

A child that dies comes back: at once after steady work, with growing pauses when it dies young. Ctrl-C or
SIGTERM stops web, then worker, then database. When this process itself is killed, web and worker go with it
(Linux tells them), and the database is found running by whoever starts next.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST_PAUSE = 15.0
STEADY_SECONDS = 30.0
TICK_SECONDS = 0.25
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _die_with_parent() -> None:
    """In the child: ask Linux for SIGTERM when the supervisor is gone, and take the usual signals again."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Child:
    """A process that should always run."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    grace_seconds: float = 15.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - commands of ours
            self.command,
            env=os.environ | self.environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def watch(self) -> None:
        """Start it again when it has died; wait longer each time it dies young."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.started:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._sweep()
        steady = now - self.started > STEADY_SECONDS
        self.pause = 0.0 if steady else min(self.pause * 2 or 0.5, LONGEST_PAUSE)
        say(f"{self.name} ended with {code}; it starts again in {self.pause:.1f} s")
        self.process, self.started = None, now + self.pause

    def stop(self) -> None:
        """Ask it to end, wait, then insist; leave no grandchild behind."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.grace_seconds)
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not end by itself and is killed")
        self._sweep()
        self.process.wait()
        self.process = None

    def _sweep(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Keeps children and database alive until it is told to stop."""

    def __init__(self, children: list[Child], *, revive_database: Callable[[], object] | None = None) -> None:
        self.children = children
        self.revive_database = revive_database
        self.stopping = False

    def ask_to_stop(self, *_: object) -> None:
        """The signal handler."""
        self.stopping = True

    def run(self, *, on_start: Callable[[], object] = lambda: None) -> None:
        """Start everything, watch until a signal comes, then stop the children in the order given."""
        for child in self.children:
            child.start()
        on_start()
        while not self.stopping:
            if self.revive_database is not None:
                self.revive_database()
            for child in self.children:
                child.watch()
            time.sleep(TICK_SECONDS)
        for child in self.children:
            child.stop()
