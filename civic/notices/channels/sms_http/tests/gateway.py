"""A gateway on this machine that fails, dawdles, answers twice, and remembers keys like a real one."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway(ThreadingHTTPServer):
    """`answers` are the status codes to give in turn, then 200. `sent` holds each message once per key."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers = []
        self.asked = []
        self.sent = {}
        self.pause = threading.Event()
        self.dawdle = False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/send"


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        gateway = self.server
        gateway.asked.append((dict(self.headers), body))
        if gateway.dawdle:
            # The message was taken, and the answer never comes.
            gateway.sent.setdefault(self.headers["Idempotency-Key"], body)
            gateway.pause.wait(5)
            return
        status = gateway.answers.pop(0) if gateway.answers else 200
        if status < 300:
            gateway.sent.setdefault(self.headers["Idempotency-Key"], body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""
