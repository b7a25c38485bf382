"""What the tests of the running side share: clean environments, data folders, waiting."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(data: Path, **more: str) -> dict[str, str]:
    """This environment without any setting of Civic, pointed at another data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CIVIC_", "DATABASE_"))}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"CIVIC_DATA": str(data), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more


def civic(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command `civic` on this data folder."""
    command = [sys.executable, "-m", "config.cli", *words]
    return subprocess.run(
        command, env=environment(data, **more), capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def data_folder() -> Iterator[Path]:
    """A fresh data folder; whatever runs in it is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="civic-test-"))
    folder.chmod(0o755)  # pytest's own folders are closed to the server's user
    yield folder
    embedded.stop(folder)
    shutil.rmtree(embedded.socket_folder(folder), ignore_errors=True)
    shutil.rmtree(folder)


def wait_until(condition, seconds=60.0):
    """The first true answer of `condition`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still not true after {seconds} s: {condition}")


def alive(pid):
    """Whether the process lives; a corpse nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
