"""Which release this is."""

import tomllib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def version() -> str:
    """The version of the installed package, or of the checkout; "?" when neither says."""
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        pass  # no checkout: ask the installed package
    try:
        return installed("civic")
    except PackageNotFoundError:
        return "?"
