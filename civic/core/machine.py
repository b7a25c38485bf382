"""The life of a thing as a table: which move leads from which states to which state."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Move:
    sources: tuple[str, ...]
    target: str


def move(sources: Iterable[str], target: str) -> Move:
    """One line of the table. Values are the slugs stored in the database."""
    return Move(tuple(str(source) for source in sources), str(target))


class Machine:
    """A table of moves, checked when it is built.

    Every state except `initial` must be reachable from it; a bare string in place of a list of
    sources (which Python would read as its letters) is refused.
    """

    def __init__(self, *, initial: str, **moves: Move) -> None:
        self.initial = str(initial)
        self.moves = moves
        reachable = {self.initial}
        while True:
            grown = reachable | {m.target for m in moves.values() if reachable & set(m.sources)}
            if grown == reachable:
                break
            reachable = grown
        named = {self.initial, *(s for m in moves.values() for s in (*m.sources, m.target))}
        if named != reachable:
            raise ValueError(f"states that nothing leads to: {sorted(named - reachable)}")
        self.states = frozenset(named)
        self.final = frozenset(named - {s for m in moves.values() for s in m.sources})

    def step(self, name: str, state: str) -> str:
        """The state that `name` leads to from `state`. Raises Refused when the table has no such line."""
        found = self.moves[name]
        if state not in found.sources:
            raise Refused(_("这一步已经办过或者现在不能办，请刷新页面看最新进展。"))
        return found.target

    def is_open_to(self, name: str, state: str) -> bool:
        """Whether `name` may be made from `state`."""
        return state in self.moves[name].sources

    def open_to(self, state: str) -> list[str]:
        """The moves left from `state`, in the order of the table; for buttons and for the printed table."""
        return [name for name, found in self.moves.items() if state in found.sources]
