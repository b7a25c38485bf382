"""What import-linter cannot see: foreign keys by name, doors between apps, and who writes."""

import ast

import pytest
from django.apps import apps as django_apps

from tests.architecture.source import CIVIC, assert_none, height, layers, modules

pytestmark = pytest.mark.slow  # reads the whole code base

DOORS = {"models", "queries", "services", "states", "roles", "signals"}
OPEN_HOUSES = {"core", "matching"}  # tools without a domain word: every room is a door
# Pure values that hold no rule of anybody: module → why it may be shared.
SHARED = {
    "civic.orders.draft": "what the service `place` takes",
    "civic.orders.targets": "what the service `dispatch` takes",
    "civic.places.positions": "where a place lies, as kilometres on a plane",
    "civic.people.numbers": "how a phone or a citizen number is spelt",
}
WRITERS = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
SQL_WRITES = ("insert ", "update ", "delete ", "truncate ", "copy ")
NOT_ROWS = ("session", "request.session", "default_storage")


def imports(tree):
    """(dotted name, line) of everything imported from `civic` in a tree, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.startswith("civic."))
        elif isinstance(node, ast.ImportFrom) and node.module == "civic":
            yield from ((f"civic.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("civic."):
            # `from civic.orders import services` names its room after the import word.
            whole = node.module.count(".") > 1
            for alias in node.names:
                yield (node.module if whole else f"{node.module}.{alias.name}"), node.lineno


def trespasses(tree, app):
    """Imports of `tree` that enter another app by anything but a door."""
    for name, line in imports(tree):
        _, other, *room = name.split(".")
        if other in {app, *OPEN_HOUSES} or name in SHARED or not room:  # the bare package is only its name
            continue
        if room[0] not in DOORS:
            yield f"line {line}: {name}"


def _writes(call):
    name, receiver = call.func.attr, ast.unparse(call.func.value)
    if receiver.startswith(NOT_ROWS):
        return False
    if receiver == "rows":  # civic.core.rows
        return name in {"add", "insert", "update"}
    if name == "update":  # a dict takes positions, a queryset takes columns
        return bool(call.keywords) and not call.args
    if name in {"save", "delete"}:  # a file or a cache takes a name
        return not call.args
    if name == "execute" and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value).lstrip().lower().startswith(SQL_WRITES)
    return name in WRITERS


def writes(tree):
    """Calls of `tree` that change rows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node):
            yield f"line {node.lineno}: {ast.unparse(node)[:70]}"


def relations():
    """Every foreign key and many-to-many field from one of our models to another."""
    models = [model for model in django_apps.get_models() if model.__module__.startswith("civic.")]
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.is_relation and field.related_model.__module__.startswith("civic."):
                yield field


def climbs(field):
    """Whether a relation points up or sideways; a person may be named from anywhere."""
    here, there = field.model._meta.app_label, field.related_model._meta.app_label
    return there not in {here, "people"} and height(there) >= height(here)


def test_every_app_has_a_place_in_the_order():
    standing = {path.parent.name for path in CIVIC.glob("*/__init__.py")}
    placed = {name for row in layers() for name in row}
    assert_none(standing - placed - {"locale"})


def test_foreign_keys_point_down():
    assert_none([str(field) for field in relations() if climbs(field)])


def test_apps_meet_only_at_their_doors():
    found = [f"{one.where} {line}" for one in modules() for line in trespasses(one.tree, one.app)]
    assert_none(found)


def test_only_services_write():
    others = [module for module in modules() if module.room != "services"]
    assert_none([f"{one.where} {line}" for one in others for line in writes(one.tree)])
