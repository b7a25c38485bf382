"""The form of a service: keyword-only, its own transaction, and a docstring that says the promise."""

import ast

import pytest

from tests.architecture.source import assert_none, modules

pytestmark = pytest.mark.slow  # reads the whole code base


def public_functions(*rooms):
    """(module, function) for the public functions at the top of these rooms."""
    for module in modules():
        if module.room in rooms and not module.path.name.startswith("_"):
            for node in module.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield module, node


def is_atomic(function):
    """Decorated with `transaction.atomic`, or opening one inside."""
    return "transaction.atomic" in ast.unparse(ast.Module([function], []))


def names(arguments):
    return [argument.arg for argument in arguments]


def test_services_and_queries_say_what_they_promise():
    assert_none(
        f"{module.where} {function.name}"
        for module, function in public_functions("services", "queries")
        if not ast.get_docstring(function)
    )


def test_a_service_that_names_its_actor_opens_its_own_transaction():
    """A step that takes the thing itself by position (`free_room(order, *, by, at)`) runs in its caller's."""
    # The journal and the notices are part of the act they tell of.
    inside = {"civic/journal/services.py", "civic/notices/services.py"}
    assert_none(
        f"{module.where} {function.name}"
        for module, function in public_functions("services")
        if "by" in names(function.args.kwonlyargs) and not names(function.args.args)
        if not is_atomic(function) and module.where not in inside
    )


def test_the_actor_comes_by_keyword():
    assert_none(
        f"{module.where} {function.name}"
        for module, function in public_functions("services")
        if "by" in names(function.args.args)
    )
