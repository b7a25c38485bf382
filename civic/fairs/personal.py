"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "RecurringDay.name": Care.KEEP,
    "Siting.problem": Care.KEEP,  # a sentence of ours
    "Fair.title": Care.KEEP,
    "Fair.spot": Care.KEEP,
    "Fair.reason": Care.KEEP,  # told to everybody
    "Fair.note": Care.KEEP,  # the outcome, printed and published
    "Stall.title": Care.KEEP,
    "Stall.offer": Care.KEEP,
    "Stall.partner": Care.KEEP,  # a firm or an office
}
