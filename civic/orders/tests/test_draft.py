"""A draft survives the session."""

import json
from datetime import date

from civic.orders.draft import Draft

FULL = Draft(
    place_id=7,
    item_id=3,
    words="修电饭锅",
    wanted_on=date(2026, 11, 25),
    attachment_keys=("a", "b"),
    for_self=False,
)


def test_what_is_kept_comes_back():
    for draft in (FULL, Draft(place_id=7)):
        assert Draft.from_session(json.loads(json.dumps(draft.to_session()))) == draft


def test_keys_of_another_release_are_passed_over():
    assert Draft.from_session({"place_id": 7, "price": 10}) == Draft(place_id=7)
