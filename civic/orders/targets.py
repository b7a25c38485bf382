"""Whom an order can be handed to, written ``team:7`` in forms."""

from dataclasses import dataclass

KINDS = ("team", "venue", "volunteer")


@dataclass(frozen=True, slots=True)
class Target:
    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def read(cls, text: str) -> "Target":
        """The target that `str` wrote. Raises ValueError for anything else."""
        kind, _, number = text.partition(":")
        if kind not in KINDS or not number.isdecimal() or len(number) > 18:
            raise ValueError(text)
        return cls(kind, int(number))
