"""Small is a feature: lines of files, functions and templates, and names that say nothing."""

import ast

import pytest

from tests.architecture.source import CIVIC, ROOT, assert_none, functions, parsed

pytestmark = pytest.mark.slow  # reads the whole code base

FILE_LINES = 400
FUNCTION_LINES = 35
TEMPLATE_LINES = 120
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}

PYTHON = sorted(
    path
    for folder in ("civic", "config", "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted(path for path in CIVIC.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def here(path):
    return str(path.relative_to(ROOT))


def length(function):
    """Lines from `def` to the end; a docstring is free, so that nobody saves on words."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function):
        words = function.body[0]
        lines -= words.end_lineno - words.lineno + 1
    return lines


def long_functions(tree):
    return [
        f"{function.name}: {length(function)} lines"
        for function in functions(tree)
        if length(function) > FUNCTION_LINES
    ]


def too_long(paths, limit):
    counts = {here(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{name}: {count} lines" for name, count in counts.items() if count > limit]


def test_files_are_short():
    assert_none(too_long(PYTHON, FILE_LINES))


def test_functions_are_short():
    assert_none([f"{here(path)} {line}" for path in PYTHON for line in long_functions(parsed(path))])


def test_templates_are_short():
    assert_none(too_long(TEMPLATES, TEMPLATE_LINES))


def test_file_names_say_something():
    assert_none([here(path) for path in PYTHON if path.stem in EMPTY_NAMES])
