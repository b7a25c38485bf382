"""Write each message to a file of its own under `<data>/outbox/`."""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from civic.notices.channels import Failed


def send(*, to: str, text: str, key: str) -> None:
    """One file per key: a second try overwrites the first, so there is never a second message."""
    folder = Path(settings.DATA) / "outbox"
    name = hashlib.sha256(key.encode()).hexdigest()[:24]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = folder / f".{name}.{os.getpid()}"
        beside.write_text(f"{to}\n{text}\n", encoding="utf-8")
        beside.replace(folder / f"{name}.txt")
    except OSError as error:
        raise Failed(f"outbox: {error.strerror}") from None
