"""Compile the engine once, so that nobody waits: `python -m civic.matching.warm`, part of `make setup`.

Numba keeps what it compiled beside the sources, and looks at a function's own file only: one that calls a
function of another file would go on calling the old one. So everything kept is thrown away as soon as any
source is newer. Names that are gone cannot be read back either; so nothing of the engine is imported here.
"""

from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> None:
    """Throw away what is stale, then run every compiled part once."""
    kept = list((FOLDER / "__pycache__").glob("*.nb[ic]"))
    newest = max(source.stat().st_mtime for source in FOLDER.glob("*.py"))
    if any(one.stat().st_mtime < newest for one in kept):
        for one in kept:
            one.unlink(missing_ok=True)
    import_module("civic.matching.first").run()


if __name__ == "__main__":
    main()
