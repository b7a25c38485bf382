"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Notice.kind": Care.KEEP,
    "Notice.params": Care.SCRUB,  # names of teams and items, at times of people
    "Notice.url": Care.KEEP,
    "Notice.about_type": Care.KEEP,
    "Delivery.key": Care.KEEP,
    "Delivery.channel": Care.KEEP,
    "Delivery.to": Care.ENCRYPT,
    "Delivery.text": Care.ENCRYPT,
    "Delivery.last_error": Care.KEEP,  # what the gateway said, cut of numbers
    "Mute.kind": Care.KEEP,
}
