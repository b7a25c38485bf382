"""What a guest's first page costs on the wire, and what the whole demo city costs in memory while it rests.

Starts `civic serve --demo` in a folder of its own, as a newcomer does. The page is opened by a real Chromium
when there is one (CHROMIUM names another); else its parts are fetched one by one as a browser would ask.
"""

import contextlib
import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import _kit
from bench._kit import Target, is_quick, median, report, say, table
from config import embedded, memory

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE_SECONDS = 300
SETTLE_SECONDS = 5
MEGABYTE = 1024 * 1024
TARGETS = (
    Target("kilobytes", 80, at_least=False),
    Target("requests", 12, at_least=False),
    Target("foreign_hosts", 0, at_least=False),
    Target("idle_megabytes", 450, at_least=False),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One request that the page made: its address and its bytes on the wire, head included."""

    url: str
    bytes: int


@dataclass(frozen=True, slots=True)
class City:
    """The demo city as it runs: its address, the supervisor and the database server."""

    address: str
    supervisor: int
    data: Path

    @property
    def pids(self) -> tuple[int, ...]:
        """The roots of everything that runs for it."""
        postmaster = embedded.server_pid(self.data)
        return (self.supervisor, *([postmaster] if postmaster else []))


@contextlib.contextmanager
def demo() -> Iterator[City]:
    """`civic serve --demo` on a free port, from nothing to its first answer."""
    from bench._kit_server import free_port

    with _kit.folder() as data:
        port = free_port()
        command = [sys.executable, "-m", "config.cli", "serve", "--demo", "--port", str(port)]
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=_kit.ROOT,
            env=_kit.environment(data),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while not _answers(port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                    raise SystemExit("The demo city does not start.")
                time.sleep(0.2)
            say(f"The demo city answers after {time.monotonic() - began:.1f} s")
            yield City(f"http://127.0.0.1:{port}", process.pid, data)
        finally:
            process.terminate()
            process.wait(60)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("HEAD", "/")
        return connection.getresponse().status == 200
    return False


def by_browser(address: str) -> list[Part] | None:
    """Every request of a first visit by a real browser; None where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if not Path(CHROMIUM).exists():
        return None
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}).new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on(
            "Network.requestWillBeSent", lambda told: urls.update({told["requestId"]: told["request"]["url"]})
        )
        wire.on(
            "Network.loadingFinished",
            lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}),
        )
        page.goto(address, wait_until="networkidle")
        page.wait_for_timeout(500)
        browser.close()
    asked = {number: url for number, url in urls.items() if not url.startswith("data:")}
    return [Part(url, int(sizes.get(number, 0))) for number, url in asked.items()]


def by_hand(address: str) -> list[Part]:
    """The page and every part its HTML and its style sheets name, compressed as a browser asks for them."""
    waiting, found = [f"{address}/", f"{address}/favicon.ico"], {}
    while waiting:
        url = waiting.pop(0)
        if url in found or not url.startswith(address):
            found.setdefault(url, Part(url, 0))
            continue
        size, kind, text = _fetch(url)
        found[url] = Part(url, size)
        named: list[str] = []
        if "html" in kind:
            named = re.findall(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="([^"#]+)', text)
        elif "css" in kind:
            named = re.findall(r"url\([\"']?(?!data:)([^\"')#]+)", text)
        base = url.rpartition("/")[0]
        waiting += [
            name if "//" in name else address + name if name[0] == "/" else f"{base}/{name}" for name in named
        ]
    return list(found.values())


def _fetch(url: str) -> tuple[int, str, str]:
    import gzip

    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=10)
    connection.request("GET", place.path, headers={"Accept-Encoding": "gzip"})
    reply = connection.getresponse()
    body = reply.read()
    head = sum(len(name) + len(value) + 4 for name, value in reply.getheaders())
    plain = gzip.decompress(body) if reply.getheader("Content-Encoding") == "gzip" else body
    return len(body) + head, reply.getheader("Content-Type", ""), plain.decode(errors="replace")


def used(city: City) -> int:
    """Bytes of every process of the city, shared pages in equal parts."""
    return memory.total(*city.pids)


def shown(city: City, parts: list[Part]) -> None:
    """The tables for people."""
    table(("part of the first page", "bytes"), [(urlsplit(part.url).path, part.bytes) for part in parts])
    say()
    rows = sorted(memory.report(*city.pids).values(), key=lambda row: -row[1])
    table(("process", "MB"), [(name[:70], round(size / MEGABYTE, 1)) for name, size in rows])


def main() -> None:
    """Start the city, read its first page, let it rest, weigh it."""
    readings = 2 if is_quick(__doc__) else 8
    with demo() as city:
        parts = by_browser(city.address)
        browser = parts is not None
        parts = parts or by_hand(city.address)
        own = urlsplit(city.address).netloc
        weights = []
        for _ in range(readings):
            time.sleep(SETTLE_SECONDS)
            weights.append(used(city) / MEGABYTE)
        shown(city, parts)
    metrics: dict[str, Any] = {
        "kilobytes": round(sum(part.bytes for part in parts) / 1024, 1),
        "requests": len(parts),
        "foreign_hosts": len({urlsplit(part.url).netloc for part in parts} - {own}),
        "real_browser": browser,
        "idle_megabytes": median(weights, 1),
    }
    report("pages", metrics, TARGETS)


if __name__ == "__main__":
    main()
