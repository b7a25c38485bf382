"""What becomes of this app's texts, files and free values (`civic.core.personal`)."""

from civic.core.personal import Care

FIELDS = {
    "Person.password": Care.SCRUB,
    "Person.name": Care.MASK,
    "Person.phone": Care.ENCRYPT,
    "Person.phone_hash": Care.SCRUB,  # points at a phone for whoever has the key
    "Person.id_number": Care.ENCRYPT,
    "Person.id_number_hash": Care.SCRUB,
    "Person.address": Care.ENCRYPT,
    "Person.totp_secret": Care.ENCRYPT,
    "Person.language": Care.KEEP,
    "Person.mode": Care.KEEP,
    "Code.phone_hash": Care.SCRUB,
    "Code.purpose": Care.KEEP,
    "Code.code_hash": Care.SCRUB,
    "Code.address_hash": Care.SCRUB,
    "Lock.key": Care.SCRUB,  # a keyed hash of an account name or an address
    "SignIn.session_key": Care.SCRUB,
    "SignIn.device": Care.SCRUB,
    "Consent.notice_version": Care.KEEP,  # what she agreed to must be provable
    "Consent.channel": Care.KEEP,
}
