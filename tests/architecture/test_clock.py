"""Below the page nobody looks at the clock: the moment comes in as `at=`."""

import ast

import pytest

from tests.architecture.source import assert_none, modules

pytestmark = pytest.mark.slow  # reads the whole code base

TIMELESS = {"models", "states", "rules", "queries", "services", "forms"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time"}
OWNERS = {"timezone", "datetime", "date", "time"}


def glances(tree):
    """Calls that read the system clock: `timezone.now()`, `date.today()`, `time.time()`, `localdate()`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node.args:
            continue
        called = node.func
        owned = isinstance(called, ast.Attribute) and ast.unparse(called.value).split(".")[-1] in OWNERS
        if owned and called.attr in CLOCKS and not node.keywords:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def defaults(tree):
    """Columns that fill themselves from the clock."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"line {node.value.lineno}: {node.arg}"
        elif isinstance(node, ast.keyword) and ast.unparse(node.value) == "timezone.now":
            yield f"line {node.value.lineno}: {node.arg}=timezone.now"


def test_nobody_below_the_page_reads_the_clock():
    below = [module for module in modules() if module.room in TIMELESS]
    assert_none(
        [f"{one.where} {line}" for one in below for line in (*glances(one.tree), *defaults(one.tree))]
    )
