"""Typed readers for settings. A wrong value stops the start with a sentence; nothing is guessed."""

import base64
import os
from pathlib import Path


class BadSetting(SystemExit):
    """A setting that the process must not start with."""


def text(name: str, default: str = "") -> str:
    """The variable as it is, or `default` when unset or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool = False) -> bool:
    """Yes or no: 1/true/yes/on and 0/false/no/off."""
    word = text(name).lower()
    if not word:
        return default
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {word!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    word = text(name)
    try:
        return int(word) if word else default
    except ValueError:
        raise BadSetting(f"{name} must be a whole number, not {word!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """An absolute path of a folder."""
    return Path(text(name, str(default))).expanduser().resolve()


def keys(name: str) -> dict[str, bytes]:
    """Sealing keys as `name:base64` separated by commas; the first one writes, all of them read."""
    found: dict[str, bytes] = {}
    for pair in words(name):
        label, _, value = pair.partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except ValueError:
            raise BadSetting(f"{name}: key {label!r} is not base64.") from None
        if not label.isalnum() or len(key) != 32:
            raise BadSetting(f"{name}: each key is a name, a colon and 32 bytes in base64.")
        found[label] = key
    return found


def from_file(path: Path) -> None:
    """Read `NAME=value` lines into the environment; what is set already wins."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())
