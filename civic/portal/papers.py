"""The generated documents: the map of apps, the tables of states, the roles, the personal data.

Each function returns a whole Markdown file. They read the code itself, so they cannot disagree with it; the
command `docs` writes them, and `docs --check` fails when a file in `docs/` is stale.
"""

import tomllib
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from inspect import cleandoc
from types import ModuleType

from django.conf import settings
from django.db import models
from django.utils import translation

from civic.access.roles import BORN, SHEETS, Permission, Role
from civic.core.machine import Machine
from civic.core.personal import Care, declared, our_apps

NOTE = "<!-- Written by `civic docs`. Change the code, not this file. -->"


def papers() -> dict[str, str]:
    """Every generated file, by its name under `docs/`."""
    with translation.override(None):  # the words of the source, whatever language the writer reads
        return {"map.md": plan(), "states.md": states(), "roles.md": roles(), "personal.md": personal()}


def _page(*parts: str) -> str:
    return "\n\n".join((NOTE, *parts)) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: str) -> str:
    return f"`{words}`"


# --- The map of apps.


def layers() -> list[list[str]]:
    """Rows of app names from the top down, as the import contract has them."""
    rules = tomllib.loads((settings.BASE / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = rules["tool"]["importlinter"]["contracts"]
    rows = next(contract for contract in contracts if contract["id"] == "apps")["layers"]
    return [[name.strip(" ()") for name in row.split("|")] for row in rows]


def plan() -> str:
    """The apps from the top down, each with the first words of its own docstring."""
    standing = [name for row in layers() for name in row if find_spec(f"civic.{name}")]
    order = "\n".join(
        " | ".join(name for name in row if name in standing)
        for row in layers()
        if any(name in standing for name in row)
    )
    about = [f"## {name}\n\n{cleandoc(import_module(f'civic.{name}').__doc__ or '')}" for name in standing]
    return _page(
        "# Map of the apps",
        "Everything may look **down** this list, never up, never sideways (`|`); one exception: a foreign "
        "key to `people.Person` is allowed from anywhere. Between apps only `models`, `queries`, `services`, "
        "`states`, `roles` and `signals` are doors; `core` is open.",
        f"```\n{order}\n```",
        *about,
    )


# --- States.


def machines() -> Iterator[tuple[str, str, Machine, ModuleType]]:
    """(app, name of the table, machine, its module) for every `states.py`, from the bottom up."""
    for config in our_apps():
        if find_spec(f"{config.name}.states"):
            module = import_module(f"{config.name}.states")
            for name, value in vars(module).items():
                if isinstance(value, Machine):
                    yield config.label, name, value, module


def _labels(machine: Machine, module: ModuleType) -> dict[str, str]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, models.TextChoices):
            labels = {word: str(label) for word, label in value.choices}
            if machine.states <= labels.keys():
                return labels
    return {}


def _diagram(machine: Machine) -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}"]
    for name, move in machine.moves.items():
        lines += [f"    {source} --> {move.target}: {name}" for source in move.sources]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in sorted(machine.final)), "```"])


def states() -> str:
    """Each machine: its states in words, its moves as a table, and the picture."""
    parts = []
    for app, name, machine, module in machines():
        labels = _labels(machine, module)
        order = [word for word in labels if word in machine.states] or sorted(machine.states)
        parts += [
            f"## {app}: `{name}`\n\n{cleandoc(module.__doc__ or '')}",
            _table(
                ("state", "shown as", "moves left"),
                [
                    (_code(word), labels.get(word, ""), ", ".join(machine.open_to(word)) or "– (end)")
                    for word in order
                ],
            ),
            _table(
                ("move", "from", "to"),
                [(_code(word), ", ".join(move.sources), move.target) for word, move in machine.moves.items()],
            ),
            _diagram(machine),
        ]
    return _page("# States", "What may happen to a thing, and when.", *parts)


# --- Roles.


def roles() -> str:
    """Every role with its sentence, then permission by role as one table."""
    sentences = [
        (_code(role), str(Role(role).label), str(sheet.sentence), "yes" if sheet.alone else "")
        for role, sheet in SHEETS.items()
    ]
    matrix = [
        (
            _code(permission.value),
            str(permission.label),
            *("●" if permission in sheet.permissions else "" for sheet in SHEETS.values()),
        )
        for permission in Permission
    ]
    return _page(
        "# Roles",
        "A role is granted over one place and holds for everything below it. Roles marked *alone* never meet "
        "in one person.",
        _table(("role", "shown as", "what it is for", "alone"), sentences),
        "What a person may do without any grant:",
        _table(("born as", "what she may do"), [(_code(name), str(words)) for name, words in BORN.items()]),
        "## Who may do what",
        _table(("permission", "shown as", *(str(Role(role).label) for role in SHEETS)), matrix),
    )


# --- Personal data.


def personal() -> str:
    """Which fields hold personal data, and what is done about each."""
    rows = [
        (care.value, f"{config.label}.{field}")
        for care in (Care.ENCRYPT, Care.MASK, Care.SCRUB)
        for config in our_apps()
        for field, said in declared(config).items()
        if said == care
    ]
    return _page(
        "# Personal data",
        "*encrypt*: sealed at rest, unmasked only with a journal line, emptied when the person leaves. "
        "*mask*: shown shortened to whoever need not know. *scrub*: free words or marks, emptied when the "
        "person leaves. Texts, files and free values not in this table were classified *keep*; a field that "
        "nobody classified fails the tests.",
        _table(("care", "field"), [(care, _code(field)) for care, field in rows]),
    )
