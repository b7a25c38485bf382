"""The three secrets of an installation: made once for a demo, demanded from the outside in production."""

import base64
import os
import secrets
from pathlib import Path

from civic.core import env

NAMES = ("CIVIC_SECRET_KEY", "CIVIC_FIELD_KEYS", "CIVIC_HASH_KEY")


def place(data: Path) -> Path:
    """The file of the secrets in this data folder."""
    return data / "secrets.env"


def fresh() -> dict[str, str]:
    """New secrets: Django's key, one sealing key of 32 bytes, the key of the look-up hash."""
    return {
        "CIVIC_SECRET_KEY": secrets.token_urlsafe(48),
        "CIVIC_FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "CIVIC_HASH_KEY": secrets.token_urlsafe(32),
    }


def make(data: Path) -> bool:
    """Write what is missing into the file, once; False when the file was there already."""
    data.mkdir(parents=True, exist_ok=True)
    beside = data / f"secrets.{os.getpid()}.new"
    text = "".join(f"{name}={value}\n" for name, value in fresh().items())
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(
            f"# Without these keys sealed personal data cannot be read. Keep a copy in a safe place.\n{text}"
        )
    try:
        os.link(beside, place(data))  # all or nothing, even when two start at once
    except FileExistsError:
        return False
    finally:
        beside.unlink()
    return True


def load(data: Path) -> None:
    """Bring the secrets into the environment. Raises BadSetting when production lacks one."""
    if env.text("CIVIC_ENV") != "production" and not all(env.text(name) for name in NAMES):
        make(data)
    env.from_file(place(data))
    missing = [name for name in NAMES if not env.text(name)]
    if missing:
        raise env.BadSetting(
            f"{' / '.join(missing)} is not set. "
            "In production set it in the environment, or run `civic secrets` once."
        )
