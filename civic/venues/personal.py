"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Venue.name": Care.KEEP,
    "Venue.brand": Care.KEEP,
    "Venue.intro": Care.KEEP,
    "Venue.head_name": Care.KEEP,  # a name on a public plaque, by office
    "Venue.phone": Care.KEEP,  # the published number of the site
    "Venue.street": Care.KEEP,
    "Venue.platforms": Care.KEEP,
    "Venue.sort_key": Care.KEEP,
    "Photo.file": Care.SCRUB,  # may show people
    "Photo.caption": Care.SCRUB,
    "Room.name": Care.KEEP,
    "Room.uses": Care.KEEP,
    "Series.title": Care.KEEP,
    "Booking.title": Care.KEEP,
    "Batch.kind": Care.KEEP,
    "Batch.file_name": Care.KEEP,
    "Batch.problem": Care.KEEP,
    "CirclePoint.closes": Care.KEEP,  # ids of places
    "BatchRow.cells": Care.ENCRYPT,
    "BatchRow.errors": Care.KEEP,  # names columns and rules, not values
    "BatchRow.before": Care.ENCRYPT,
}
