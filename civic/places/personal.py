"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Place.code": Care.KEEP,
    "Place.name": Care.KEEP,
    "Place.full_name": Care.KEEP,
    "Place.path": Care.KEEP,
    "Place.sort_key": Care.KEEP,
    "Place.initials": Care.KEEP,
    "Alias.name": Care.KEEP,
    "Change.before": Care.KEEP,
    "Change.after": Care.KEEP,
    "Change.reason": Care.KEEP,
}
