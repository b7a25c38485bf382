"""Every template is shown by something, and every template that is named exists."""

import ast
import re

import pytest

from tests.architecture.source import CIVIC, assert_none, modules

pytestmark = pytest.mark.slow  # reads the whole code base

WORD = r"[\w./-]+\.(?:html|txt)"
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")
# Found by Django, or by a name put together at run time.
BY_CONVENTION = re.compile(r"^(?:errors/)?(?:40[0-9]|500|offline)\.html$|^notices/|/channels/|^ui/icons/")


def standing():
    """Template names as the loader knows them."""
    return {
        "/".join(path.parts[path.parts.index("templates") + 1 :])
        for path in CIVIC.rglob("templates/**/*")
        if path.suffix in {".html", ".txt"}
    }


def spelled(node):
    """A pattern for the template names that a string may be: an f-string stands for all it can become."""
    if isinstance(node, ast.Constant) and re.fullmatch(WORD, str(node.value)):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        if parts[0] and str(parts[-1]).endswith((".html", ".txt")):
            return "".join(r"\w+" if part is None else re.escape(part) for part in parts)
    return None


def named():
    """Patterns of template names that code or other templates mention."""
    nodes = (node for module in modules() for node in ast.walk(module.tree))
    found = {pattern for node in nodes if (pattern := spelled(node))}
    for path in CIVIC.rglob("templates/**/*"):
        if path.suffix in {".html", ".txt"}:
            found |= {re.escape(name) for name in NAME.findall(path.read_text(encoding="utf-8"))}
    return found


def test_no_template_is_unused():
    mentioned = re.compile("|".join(named()))
    others = {name for name in standing() if not mentioned.fullmatch(name)}
    assert_none(name for name in others if not BY_CONVENTION.search(name))


def test_no_template_is_missing():
    names = {re.sub(r"\\(.)", r"\1", pattern) for pattern in named() if r"\w" not in pattern}
    ours = {name for name in names if (CIVIC / name.split("/")[0]).is_dir() or name.startswith("ui/")}
    assert_none(ours - standing())
