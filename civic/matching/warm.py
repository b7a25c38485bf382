"""Compile the engine once, so that nobody waits for it: `python -m civic.matching.warm`, part of `make setup`.

Numba keeps what it compiled beside the sources. What an older version left there is thrown away first, since a name
that is gone cannot be read back; therefore nothing of the engine is imported here.
"""

from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> None:
    """Throw away what is stale, then run every compiled part once."""
    for kept in (FOLDER / "__pycache__").glob("*.nb[ic]"):
        source = FOLDER / f"{kept.name.partition('.')[0]}.py"
        if not source.exists() or source.stat().st_mtime > kept.stat().st_mtime:
            kept.unlink(missing_ok=True)
    import_module("civic.matching.first").run()


if __name__ == "__main__":
    main()
