"""What every bench shares: a city of its own in a temporary folder, and the report at the end."""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import embedded, keys, memory

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
# Settings of whoever starts the bench must not leak into the city it builds.
FOREIGN = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CIVIC_")


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric must reach: at least, or at most, so much."""

    metric: str
    bound: float
    at_least: bool = True

    def is_met(self, metrics: Mapping[str, Any]) -> bool:
        """A metric that could not be measured is a miss."""
        value = metrics.get(self.metric)
        if value is None:
            return False
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


def is_quick(about: str | None) -> bool:
    """Read the command line, which knows one word."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds; ends within a minute")
    return bool(parser.parse_args().quick)


def say(text: str = "") -> None:
    """One line for people, at once."""
    print(text, flush=True)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A small table, columns as wide as they need to be."""
    lines = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        first = line[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        say("  ".join((first, *rest)))


def report(bench: str, metrics: Mapping[str, Any], targets: Sequence[Target]) -> None:
    """Say which targets were met; the last line is the JSON object that machines read."""
    say()
    for target in targets:
        met = "met" if target.is_met(metrics) else "MISSED"
        say(f"{met:7}{target.metric} = {metrics.get(target.metric)}   wanted {target}")
    answer = {
        "bench": bench,
        "metrics": dict(metrics),
        "targets": {target.metric: str(target) for target in targets},
        "met": all(target.is_met(metrics) for target in targets),
    }
    say(json.dumps(answer, ensure_ascii=False))


def median(values: Iterable[float], digits: int = 3) -> float:
    """The middle value, rounded."""
    return round(statistics.median(values), digits)


def share(values: Sequence[float], part: float) -> float:
    """The value below which `part` of all lie; in milliseconds when `values` are seconds."""
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(len(ranked) * part))] * 1000, 2)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A data folder that goes away afterwards; the server's own user may enter it."""
    data = Path(tempfile.mkdtemp(prefix="civic-bench-"))
    data.chmod(0o755)
    try:
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a city in `data`, as `civic serve` sets it; nothing of the caller's own city."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return kept | {"CIVIC_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings", **more}


@contextlib.contextmanager
def city() -> Iterator[Path]:
    """A city with divisions, sites and menu on a durable database of its own; Django is set up for it."""
    with folder() as data:
        os.environ.clear()
        os.environ.update(environment(data, CIVIC_LOG_LEVEL="WARNING", CIVIC_SUPERVISED="1"))
        began = time.monotonic()
        keys.load(data)
        embedded.start(data)
        try:
            for words in (["config.prepare"], ["config.cli", "seed"]):
                done = subprocess.run(
                    [sys.executable, "-m", *words], cwd=ROOT, check=False, capture_output=True, text=True
                )
                if done.returncode:
                    raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
            os.environ["CIVIC_POOL"] = "no"
            import django

            django.setup()
            del os.environ["CIVIC_POOL"]
            say(f"A city of its own in {data}, ready in {time.monotonic() - began:.1f} s")
            yield data
        finally:
            _leave(data)


def _leave(data: Path) -> None:
    from django.db import connections

    with contextlib.suppress(Exception):
        connections.close_all()
    embedded.stop(data)


def cpu_seconds(*roots: int) -> float:
    """Processor time that these processes and their descendants have used so far (Linux)."""
    used = 0
    for pid in memory.tree(*roots):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
    return used / TICKS
