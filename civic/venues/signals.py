"""Questions of this app to those above it."""

from dataclasses import dataclass

from django.dispatch import Signal
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: words, a smaller note, and where it leads."""

    words: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What an app has to say about a venue, on the venue's page."""

    title: str | Promise
    lines: list[Line]


# What goes on at this venue? venue, at. Receivers answer with a Section or None.
sections_asked = Signal()
