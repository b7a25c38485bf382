"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS: dict[str, Care] = {}
