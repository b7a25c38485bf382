"""A lean client in a process of its own: few sockets that stay open, requests built beforehand.

The bench starts it by `Client`; run as a module it is the process itself, which reads rounds from standard
input and writes what came back to standard output. Nothing of Django is imported here.
"""

import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; status 0 when nothing did."""

    status: int
    seconds: float
    location: str


@dataclass(frozen=True, slots=True)
class Round:
    """One round: how long it took from the first request to the last answer, and the answers in order."""

    seconds: float
    answers: list[Answer]

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return len(self.answers) / self.seconds


def post(path: str, body: str, cookies: str = "") -> bytes:
    """The bytes of one form that is sent."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += f"Cookie: {cookies}\r\n" if cookies else ""
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


class Client:
    """The process, asked for one round after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench._kit_client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def load(self, port: int, requests: Sequence[bytes], *, connections: int) -> Round:
        """Send all requests as fast as `connections` sockets can, each waiting for its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        _put(self.process.stdin, (port, list(requests), connections))
        seconds, answers = pickle.load(self.process.stdout)  # our own process
        return Round(seconds, [Answer(*fields) for fields in answers])

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def _put(pipe: BinaryIO, value: Any) -> None:
    pickle.dump(value, pipe)
    pipe.flush()


class _Line:
    """One open socket and the request it waits for."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = -1
        self.began = 0.0
        self.held = b""

    def send(self, number: int, request: bytes) -> None:
        self.number, self.held, self.began = number, b"", time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> tuple[int, float, str] | None:
        """Status, seconds and location once the answer is whole; None while more is to come."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed a connection")
        self.held += more
        head, gap, body = self.held.partition(b"\r\n\r\n")
        if not gap:
            return None
        fields = {
            name.lower(): value.strip()
            for name, _colon, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        chunked = fields.get(b"transfer-encoding") == b"chunked"
        whole = body.endswith(b"0\r\n\r\n") if chunked else len(body) >= int(fields[b"content-length"])
        if not whole:
            return None
        location = fields.get(b"location", b"").decode()
        return int(head[9:12]), time.perf_counter() - self.began, location


def _load(port: int, requests: list[bytes], connections: int) -> tuple[float, list[tuple[int, float, str]]]:
    lines = [_Line(port) for _ in range(min(connections, len(requests)))]
    answers = [(0, 0.0, "")] * len(requests)
    waiting = iter(enumerate(requests))
    with selectors.DefaultSelector() as selector:
        began = time.perf_counter()
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(*next(waiting))
        open_lines = len(lines)
        while open_lines:
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                break
            for key, _events in ready:
                line = key.data
                found = line.answer()
                if found is None:
                    continue
                answers[line.number] = found
                following = next(waiting, None)
                if following is None:
                    selector.unregister(line.socket)
                    open_lines -= 1
                else:
                    line.send(*following)
        seconds = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    return seconds, answers


def main() -> None:
    """Rounds in, answers out, until the pipe closes."""
    while True:
        try:
            port, requests, connections = pickle.load(sys.stdin.buffer)  # our own parent
        except EOFError:
            return
        _put(sys.stdout.buffer, _load(port, requests, connections))


if __name__ == "__main__":
    main()
