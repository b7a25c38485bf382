"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Category.name": Care.KEEP,
    "Category.icon": Care.KEEP,
    "Item.name": Care.KEEP,
    "Item.description": Care.KEEP,
    "Item.evidence": Care.KEEP,
    "Item.risk": Care.KEEP,
    "Item.safeguards": Care.KEEP,
    "Item.materials": Care.KEEP,
    "Item.months": Care.KEEP,
    "Item.platform": Care.KEEP,
    "Synonym.words": Care.KEEP,
    "Referral.words": Care.KEEP,
    "Referral.target": Care.KEEP,
    "Referral.sentence": Care.KEEP,
    "Referral.unless": Care.KEEP,
    "Switch.months": Care.KEEP,
    "Issue.theme": Care.KEEP,
    "Order.number": Care.KEEP,
    "Order.words": Care.SCRUB,  # people write names and ailments here
    "Order.contact_name": Care.MASK,
    "Order.contact_phone": Care.ENCRYPT,
    "Order.contact_phone_hash": Care.SCRUB,
    "Order.address": Care.ENCRYPT,
    "Order.reason": Care.SCRUB,
    "Order.referred_to": Care.KEEP,
    "Event.what": Care.KEEP,
    "Event.note": Care.SCRUB,
    "Event.actor": Care.MASK,  # a team, a site, or a person as shown on the timeline
    "Attachment.file": Care.SCRUB,  # may show people and homes
    "Dispatch.reasons": Care.KEEP,  # why the list proposed it: distances and counts
    "Dispatch.note": Care.SCRUB,
    "Dispatch.card": Care.KEEP,  # minutes and ranks
    "Plan.target": Care.KEEP,
    "Plan.card": Care.KEEP,
    "Plan.candidates": Care.MASK,  # names of volunteers; worked out anew without whoever left
    "Ruling.target": Care.KEEP,
    "Touch.thing": Care.KEEP,
    "Ruling.reason": Care.SCRUB,
    "Provision.materials": Care.KEEP,
    "Provision.helpers": Care.SCRUB,
    "Provision.safety": Care.KEEP,
    "Visit.summary": Care.SCRUB,
    "Review.tags": Care.KEEP,
    "Review.words": Care.SCRUB,
    "CallBack.outcome": Care.SCRUB,
    "Feedback.words": Care.SCRUB,
    "Feedback.answer": Care.SCRUB,
}
