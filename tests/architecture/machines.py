"""Every table of moves in the code base."""

from dataclasses import dataclass
from importlib import import_module

from civic.core.machine import Machine
from tests.architecture.source import CIVIC, apps


@dataclass(frozen=True)
class Verb:
    """One move of one machine."""

    app: str
    name: str

    @property
    def label(self):
        return f"{self.app}.{self.name}"


def machines():
    """(app, name of the table, machine) for every `states.py`."""
    for app in apps():
        if (CIVIC / app / "states.py").exists():
            for name, value in vars(import_module(f"civic.{app}.states")).items():
                if isinstance(value, Machine):
                    yield app, name, value


def verbs():
    return [Verb(app, name) for app, _, machine in machines() for name in machine.moves]
