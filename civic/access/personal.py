"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Setting.key": Care.KEEP,
    "Setting.value": Care.KEEP,
    "CalendarDay.name": Care.KEEP,
}
