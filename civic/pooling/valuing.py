"""A round's day as the arithmetic of tours takes it: windows, worth, clock times. Pure; no database.

A need is worth so many minutes of driving: half an hour for coming at all and one for each person, doubled
for each step of priority (ours). A service begins late enough and ends early enough for its half of the day.
"""

from collections.abc import Iterable
from datetime import time

OPENS, NOON, AFTERNOON, CLOSES = 8 * 60, 12 * 60, 14 * 60, 18 * 60  # minutes since midnight
SPANS = {"any": (OPENS, CLOSES), "morning": (OPENS, NOON), "afternoon": (AFTERNOON, CLOSES)}
COMING = 30


def window(half: str, minutes: int) -> tuple[int, int]:
    """Earliest and latest beginning, in minutes since midnight, of a service of so many minutes."""
    earliest, end = SPANS[half]
    return earliest, max(earliest, end - minutes)


def worth(people: int, priority: int) -> int:
    """Minutes of driving that one is willing to spend for a need. Raises ValueError for a negative number."""
    if people < 0 or priority < 0:
        raise ValueError("people and priority are not negative")
    return (COMING + people) * 2**priority


def clock(minute: int) -> time:
    """Minutes since midnight as a time of day. Raises ValueError beyond the day."""
    return time(*divmod(minute, 60))


def minute_of(moment: time) -> int:
    """A time of day as minutes since midnight."""
    return moment.hour * 60 + moment.minute


def masks(wanted: Iterable[int]) -> dict[int, int]:
    """A bit for each skill that is wanted, by its id; skills that nobody wants need none."""
    return {skill: 1 << bit for bit, skill in enumerate(sorted(set(wanted)))}
