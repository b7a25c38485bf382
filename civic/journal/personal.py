"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Entry.what": Care.KEEP,
    "Entry.about_type": Care.KEEP,
    "Entry.place_path": Care.KEEP,
    "Entry.details": Care.KEEP,  # plain values of the act; services put no personal data in
    "Entry.address": Care.KEEP,  # who acted from where is the point of a journal; kept as long as the line
    "Entry.previous": Care.KEEP,
    "Entry.hash": Care.KEEP,
    "Lane.head": Care.KEEP,
    "Submission.key": Care.KEEP,
    "Submission.path": Care.KEEP,
    "Submission.location": Care.KEEP,
}
