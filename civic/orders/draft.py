"""An order that is not yet placed: plain values, kept in the session until they are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """What a resident, or a clerk for her, has said so far. `services.placing.place` takes it whole."""

    place_id: int
    item_id: int | None = None
    words: str = ""
    channel: str = "web"
    contact_name: str = ""
    contact_phone: str = ""
    where: str = "home"  # "home" or "site"
    address: str = ""
    venue_id: int | None = None
    wanted_on: date | None = None
    wanted_half: str = "any"
    is_urgent: bool = False
    attachment_keys: tuple[str, ...] = ()
    for_self: bool = True

    def to_session(self) -> dict[str, Any]:
        """The values as JSON can hold them."""
        kept = asdict(self)
        kept["wanted_on"] = self.wanted_on.isoformat() if self.wanted_on else None
        kept["attachment_keys"] = list(self.attachment_keys)
        return kept

    @classmethod
    def from_session(cls, kept: Mapping[str, Any]) -> "Draft":
        """The draft that `to_session` gave; keys of another release are passed over."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in kept.items() if key in known}
        wanted_on = values.get("wanted_on")
        values["wanted_on"] = date.fromisoformat(wanted_on) if wanted_on else None
        values["attachment_keys"] = tuple(values.get("attachment_keys") or ())
        return cls(**values)
