"""No test talks to the world: sockets open to this machine only."""

import socket

import pytest

NEAR = {"127.0.0.1", "::1", "localhost", ""}


class FarSocket(AssertionError):
    """A test tried to reach another machine."""


def _near(address):
    return not isinstance(address, tuple) or str(address[0]) in NEAR


def _guarded(original):
    def connect(self, address):
        if self.family != socket.AF_UNIX and not _near(address):
            raise FarSocket(f"tests must not connect to {address}")
        return original(self, address)

    return connect


def _looked_up(original):
    def getaddrinfo(host, *rest, **options):
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in NEAR:
            raise FarSocket(f"tests must not look up {name}")
        return original(host, *rest, **options)

    return getaddrinfo


@pytest.fixture(autouse=True, scope="session")
def sockets_stay_near():
    """Patch the socket module for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", _looked_up(socket.getaddrinfo))
        yield
