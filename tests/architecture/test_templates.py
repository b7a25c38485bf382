"""Every template is shown by something, and every template that is named exists."""

import ast
import re

from tests.architecture.source import CIVIC, assert_none, modules, parsed

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


def named():
    """Template names that code or other templates mention."""
    found = set()
    for module in modules():
        for node in ast.walk(parsed(module.path)):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[\w./-]+\.(?:html|txt)", str(node.value)):
                found.add(node.value)
    for path in CIVIC.rglob("templates/**/*"):
        if path.suffix in {".html", ".txt"}:
            found |= set(NAME.findall(path.read_text(encoding="utf-8")))
    return found


def test_no_template_is_unused():
    assert_none(name for name in standing() - named() if not BY_CONVENTION.search(name))


def test_no_template_is_missing():
    ours = {name for name in named() if (CIVIC / name.split("/")[0]).is_dir() or name.startswith("ui/")}
    assert_none(ours - standing())
