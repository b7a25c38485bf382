"""Print the message where the developer looks."""

import sys


def send(*, to: str, text: str, key: str) -> None:
    """One line on standard output. Never used in production: settings refuse it."""
    sys.stdout.write(f"[notice {key}] {to}: {text}\n")
    sys.stdout.flush()
