"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Pool.title": Care.KEEP,
    "Pool.words": Care.KEEP,
    "Pool.reason": Care.KEEP,
    "Pool.problem": Care.KEEP,
    "Need.words": Care.SCRUB,  # what a clerk types may name a resident
    "Need.advice": Care.KEEP,  # a team or a fair
    "Tour.reason": Care.SCRUB,
    "Contribution.partner": Care.KEEP,  # a unit, not a person
    "Contribution.words": Care.KEEP,
    "Contribution.unit": Care.KEEP,
    "Contribution.answer": Care.KEEP,
    "Stop.note": Care.SCRUB,
}
