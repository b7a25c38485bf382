"""A text column whose content is sealed in the database and plain in Python."""

from typing import TYPE_CHECKING, Any

from django.db import models

from civic.core import crypto

if TYPE_CHECKING:
    Text = models.TextField[Any, Any]
else:
    Text = models.TextField


class SealedTextField(Text):
    """Stored sealed (`crypto.seal`), read plain. Cannot be filtered by: keep a keyed hash beside it."""

    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in; empty stays empty, so that "not given" needs no key."""
        text = super().get_prep_value(value)
        return crypto.seal(text, context=self._context()) if text else text

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """Open on the way out."""
        return crypto.unseal(value, context=self._context()) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a sealed column."""
        if lookup_name not in {"isnull", "exact"}:
            return None
        return super().get_lookup(lookup_name)
