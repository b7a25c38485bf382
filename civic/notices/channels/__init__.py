"""Ways out of the house, one folder each. A channel is a module with `send(*, to, text, key)`.

`key` stays the same when a message is tried again, so that a gateway can drop the second copy. A channel
raises `Failed` when a later try may help and `Rejected` when it cannot.
"""

from importlib import import_module
from typing import Protocol, cast


class Failed(Exception):
    """Not sent this time. The text goes into the outbox: no phone, no message."""


class Rejected(Failed):
    """Never to be sent: the gateway refuses this number or this text."""


class Channel(Protocol):
    """What a channel module offers."""

    def send(self, *, to: str, text: str, key: str) -> None: ...


def load(name: str) -> Channel:
    """The channel of a folder. Raises Rejected when there is no such folder."""
    if not name.isidentifier():
        raise Rejected("no such channel")
    try:
        return cast("Channel", import_module(f"civic.notices.channels.{name}.channel"))
    except ModuleNotFoundError:
        raise Rejected("no such channel") from None
