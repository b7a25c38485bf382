"""The code base as data: apps in their order, files with their syntax trees."""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CIVIC = ROOT / "civic"
NOT_OURS = {"migrations", "tests", "static", "templates", "locale", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """One Python file of an app, migrations and tests left out."""

    path: Path

    @property
    def where(self):
        return str(self.path.relative_to(ROOT))

    @property
    def app(self):
        return self.path.relative_to(CIVIC).parts[0]

    @property
    def room(self):
        """The layer inside the app: `services` for both services.py and services/dispatch.py."""
        return self.path.relative_to(CIVIC).with_suffix("").parts[1]

    @property
    def tree(self):
        return parsed(self.path)


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def layers():
    """Rows of app names from the top down, read from the import-linter contract."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = next(contract for contract in rules["contracts"] if contract["id"] == "apps")["layers"]
    return [[name.strip(" ()") for name in row.split("|")] for row in rows]


def height(app):
    """How high an app stands: a larger number may look at a smaller one."""
    rows = layers()
    return next(len(rows) - index for index, row in enumerate(rows) if app in row)


@cache
def apps():
    """The apps that exist, from the top down."""
    return [name for row in layers() for name in row if (CIVIC / name / "__init__.py").exists()]


@cache
def modules():
    """Every Python file of every app, without migrations and tests."""
    return [
        Module(path)
        for app in apps()
        for path in sorted((CIVIC / app).rglob("*.py"))
        if not NOT_OURS & set(path.relative_to(CIVIC).parts)
    ]


def functions(tree):
    """All functions of a tree, at any depth."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _names(node):
    if isinstance(node, ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):  # may_reject = may_refer = may_screen
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def defined(app, room):
    """Public names at the top of a room, file or package."""
    return {
        name
        for module in modules()
        if module.app == app and module.room == room
        for node in module.tree.body
        for name in _names(node)
        if not name.startswith("_")
    }


def assert_none(found):
    """Fail with one offender per line."""
    listed = sorted(str(one) for one in found)
    assert not listed, "\n" + "\n".join(listed)
