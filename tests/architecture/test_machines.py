"""One verb, one name: each move of a machine is a service, a page, a permission or rule, and a test file."""

from importlib import import_module

import pytest
from django.db import models

from tests.architecture.machines import machines, verbs
from tests.architecture.source import CIVIC, assert_none, defined
from tests.architecture.test_urls import ADDRESSES

# Moves that no person makes: what makes them, and why there is no page.
BY_THE_CLOCK = {
    "orders.lapse": "the nightly task, when the resident has not reviewed for seven days",
}
VERBS = verbs()
PRESSED = [verb for verb in VERBS if verb.label not in BY_THE_CLOCK]


def label(verb):
    return verb.label


def page(verb):
    """The address named after the move, or None."""
    found = [
        pattern
        for address, pattern in ADDRESSES
        if pattern.name == verb.name and pattern.callback.__module__.startswith(f"civic.{verb.app}.")
    ]
    return found[0] if found else None


@pytest.mark.parametrize("verb", VERBS, ids=label)
def test_every_move_has_a_service(verb):
    assert verb.name in defined(verb.app, "services")


@pytest.mark.parametrize("verb", PRESSED, ids=label)
def test_every_move_has_a_page(verb):
    assert page(verb) is not None, f"an address named {verb.app}:{verb.name}"


@pytest.mark.parametrize("verb", PRESSED, ids=label)
def test_every_move_asks_who(verb):
    permissions = import_module("civic.access.roles").Permission.values
    granted = f"{verb.app}.{verb.name}" in permissions or getattr(
        page(verb) and page(verb).callback, "permission", ""
    )
    assert granted or f"may_{verb.name}" in defined(verb.app, "rules"), (
        f"a permission {verb.label}, a permission of its page, or a rule may_{verb.name}"
    )


@pytest.mark.parametrize("verb", VERBS, ids=label)
def test_every_move_has_a_test_file(verb):
    assert (CIVIC / verb.app / "tests" / f"test_{verb.name}.py").exists()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.label in BY_THE_CLOCK], ids=label)
def test_a_move_of_the_clock_is_made_by_a_task(verb):
    tasks = CIVIC / verb.app / "tasks.py"
    assert tasks.exists()
    assert verb.name in tasks.read_text(encoding="utf-8")


def test_moves_of_the_clock_still_exist():
    assert_none(set(BY_THE_CLOCK) - {verb.label for verb in VERBS})


@pytest.mark.parametrize(("app", "name", "machine"), list(machines()), ids=lambda value: str(value)[:20])
def test_every_state_is_a_choice_and_every_choice_is_reached(app, name, machine):
    choices = [
        set(value.values)
        for value in vars(import_module(f"civic.{app}.states")).values()
        if isinstance(value, type) and issubclass(value, models.TextChoices)
    ]
    assert set(machine.states) in choices, "states nothing leads to, or words that are no choice"
