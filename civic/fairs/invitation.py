"""A fair as an iCalendar file (RFC 5545), for the calendar of a phone. Pure text."""

from collections.abc import Iterable
from datetime import UTC, datetime

from civic.fairs.models import Fair
from civic.fairs.states import FairState

LINE_BYTES = 75  # RFC 5545, 3.1: longer lines are folded


def written(fair: Fair, *, stalls: Iterable[str], host: str) -> str:
    """One event in UTC, with its stalls as the description; a fair called off says so.

    `host` makes the event's name unique in the world.
    """
    above = fair.place.parent.name if fair.place.parent else ""
    site = fair.venue.name if fair.venue else ""
    where = " ".join(filter(None, (above, fair.place.name, site, fair.spot)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//civic//fairs//ZH",
        "BEGIN:VEVENT",
        f"UID:fair-{fair.pk}@{host}",
        f"DTSTAMP:{_utc(fair.published_at or fair.planned_at)}",
        f"DTSTART:{_utc(fair.span.lower)}",
        f"DTEND:{_utc(fair.span.upper)}",
        f"SUMMARY:{_escaped(fair.title)}",
        f"LOCATION:{_escaped(where)}",
        f"DESCRIPTION:{_escaped('、'.join(stalls))}",
        f"STATUS:{'CANCELLED' if fair.state == FairState.CANCELLED else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line ends are escaped (RFC 5545, 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never cut inside a sign; later ones begin with a blank."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > LINE_BYTES:
            pieces.append(piece)
            piece = " "
        piece += sign
    return "\r\n".join([*pieces, piece])
