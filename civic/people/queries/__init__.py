"""Reading persons, sign-ins, consents, and everything kept about one person."""

from civic.people.queries.data import Chapter
from civic.people.queries.persons import (
    Agreement,
    agreements,
    agrees,
    by_id,
    by_id_number,
    by_phone,
    cast,
    id_number_mark,
    is_idle,
    phone_mark,
    sign_in_of,
    standing_sign_ins,
)

__all__ = [
    "Agreement",
    "Chapter",
    "agreements",
    "agrees",
    "by_id",
    "by_id_number",
    "by_phone",
    "cast",
    "id_number_mark",
    "is_idle",
    "phone_mark",
    "sign_in_of",
    "standing_sign_ins",
]
