"""One verb, one name: each move of a machine is a service, a page, a permission or rule, and a test file."""

from importlib import import_module

import pytest
from django.db import models

from civic.access.roles import Permission
from tests.architecture.machines import machines, verbs
from tests.architecture.source import CIVIC, ROOT, assert_none, defined
from tests.architecture.test_urls import ADDRESSES

# Moves that no person makes: what makes them, and why there is no page.
BY_THE_CLOCK = {
    "orders.lapse": "the nightly task, when the resident has not reviewed for seven days",
    "orders.lapse_offer": "the tick, when whom the engine asked has not answered in time",
}
VERBS = verbs()
PRESSED = [verb for verb in VERBS if verb.label not in BY_THE_CLOCK]


def page(verb):
    """The page at the address named after the move, or None."""
    found = [
        pattern.callback
        for _, pattern in ADDRESSES
        if pattern.name == verb.name and pattern.callback.__module__.startswith(f"civic.{verb.app}.")
    ]
    return found[0] if found else None


def asks_who(verb):
    """A permission of the move's own, one that its page demands, or a rule about whose thing it is."""
    own = verb.label in Permission.values
    return own or getattr(page(verb), "permission", "") or f"may_{verb.name}" in defined(verb.app, "rules")


def test_every_move_has_a_service():
    assert_none(verb.label for verb in VERBS if verb.name not in defined(verb.app, "services"))


def test_every_move_has_a_page():
    assert_none(f"{verb.app}:{verb.name}" for verb in PRESSED if page(verb) is None)


def test_every_move_asks_who():
    assert_none(verb.label for verb in PRESSED if not asks_who(verb))


def test_every_move_has_a_test_file():
    files = {verb: f"civic/{verb.app}/tests/test_{verb.name}.py" for verb in VERBS}
    assert_none(name for name in files.values() if not (ROOT / name).exists())


def test_a_move_of_the_clock_is_made_by_a_task():
    clockwork = [verb for verb in VERBS if verb.label in BY_THE_CLOCK]
    assert_none(verb.label for verb in clockwork if not (CIVIC / verb.app / "tasks.py").exists())


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
