"""Pages asked inside this process, without a server: for counting processor time and nothing else."""

import io
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def environ(method: str, path: str, cookies: str, body: bytes = b"") -> dict[str, Any]:
    """What a web server hands to a WSGI application for one request."""
    place, _mark, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": place.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookies,
        "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(path: str, cookies: str = "", *, method: str = "GET", body: bytes = b"") -> Reply:
    """The application's answer to one request."""
    from config.wsgi import application

    told: list[Any] = []
    parts = application(environ(method, path, cookies, body), lambda *words: told.append(words))
    whole = b"".join(parts)
    parts.close()
    return Reply(int(told[0][0][:3]), dict(told[0][1]), whole)
