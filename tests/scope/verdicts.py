"""What each asker must be answered, derived from audience, permission and reach; and what she may read.

OPEN    the page, or a sentence about the form
GATE    a guest is led to the sign-in
DENIED  403: she holds this permission nowhere
ABSENT  404: the thing is out of her reach, which reads as if it were not there
"""

from enum import Enum

from django.urls import reverse

from civic.access.roles import Permission
from civic.orders.states import OrderState
from tests.scope.actors import may_read_all_of
from tests.scope.addresses import UNMASKING, state_for

P = Permission
S = OrderState


class Verdict(Enum):
    OPEN = "open"
    GATE = "gate"
    DENIED = "denied"
    ABSENT = "absent"
    OTHER_METHOD = "another method"


V = Verdict
STAFF = {"desk", "city", "admin"}
# Variables that name something everybody may know of: they narrow nothing.
COMMON = {"slug", "purpose", "item_id", "synonym_id", "verb", "day", "kind", "delivery_id"}
# Pages of teams where staff of the subtree has no business: it has pages of its own.
HOLDERS_ONLY = {"orders:team_order", "orders:team_picture", "pooling:tour", "pooling:tour_sheet"}
# Pages of members that are there only for some of them: name → who.
ONLY_FOR = {
    "people:second_step": lambda actor: actor.holds(),
    "people:new_password": lambda actor: actor.holds(),
}

# Read by every editor of a menu; changed only by who edits the whole city's.
CITYWIDE = {"orders:edit_item", "orders:add_synonym", "orders:remove_synonym"}
# A post without fields names nothing, which is not there.
NAMELESS = {
    "people:home",
    "orders:switch_on",
    "volunteers:stop_volunteering",
    "pooling:remove_team",
    "pooling:remove_need",
    "pooling:pin",
}
# Pages of members about something public.
FOR_ALL = {"volunteers:join"}
# Nobody's, until the city lets volunteers take orders by themselves.
FOR_NONE = {"orders:take"}


def verdict(actor, address, ground):
    """What `actor` must get at `address`, filled in with the things of `ground`."""
    if address.audience == "public":
        return V.OPEN
    if actor.person is None:
        return V.GATE
    if address.name in ONLY_FOR:
        return V.OPEN if ONLY_FOR[address.name](actor) else V.ABSENT
    narrow = address.variables - COMMON
    if address.audience in STAFF:
        return _staff(actor, address, narrow, ground)
    if not narrow:
        return V.OPEN
    return V.OPEN if _is_hers(actor, address, ground) else V.ABSENT


def _is_hers(actor, address, ground):
    """Whether a thing of residents or teams is the actor's business."""
    if address.name in FOR_ALL | FOR_NONE:
        return address.name in FOR_ALL
    if address.name == "volunteers:leave":
        return actor.name == "asking"
    if address.name.startswith("pooling:"):
        return actor.leads == ground.marks.key
    if address.name.startswith("volunteers:"):
        return actor.leads == ground.marks.key or actor.reaches(P.TEAMS_EDIT, ground.team.place.path)
    if address.name.startswith("fairs:"):
        return actor.serves == ground.marks.key or actor.reaches(P.FAIRS_EDIT, ground.place.path)
    if address.audience == "member":
        return actor.owns == ground.marks.key
    return _serves(actor, address, ground)


def _staff(actor, address, narrow, ground):
    if not actor.holds(address.permission):
        return V.DENIED
    return V.OPEN if all(REACHED[name](actor, address, ground) for name in narrow) else V.ABSENT


def _at_the_place(actor, address, ground):
    """Reached by who holds the page's permission over the neighbourhood."""
    return actor.reaches(address.permission, ground.place.path)


def _at_the_team(actor, address, ground):
    return actor.reaches(address.permission, ground.team.place.path)


def _draft_of_the_county(actor, _address, ground):
    """A list that is not yet published: only for who compiles the county's."""
    return actor.reaches(P.MENU_EDIT, ground.issue.place.path)


def _in_the_round(actor, address, ground):
    """The dispatcher of the round's township; for a call also whoever works in it or above it."""
    top = ground.pool.place.path
    works = address.permission == P.MENU_CLAIM and actor.reaches_into(P.MENU_CLAIM, top)
    return works or actor.reaches(address.permission, top)


# Variable of a staff page → who reaches what it names. A variable without a line here fails the test.
REACHED = {
    **dict.fromkeys(
        (
            "order_id", "callback_id", "feedback_id", "claim_id", "venue_id", "room_id", "booking_id",
            "ruling_id",
            "place_id", "person_id", "grant_id", "alias_id", "series_id", "batch_id", "key", "photo_id",
            "fair_id", "session_id", "stall_id", "fixed_day_id", "siting_id",
        ),
        _at_the_place,
    ),
    "team_id": _at_the_team,
    "membership_id": _at_the_team,
    "pool_id": _in_the_round,
    "contribution_id": _in_the_round,
    "issue_id": _draft_of_the_county,
}  # fmt: skip


def _serves(actor, address, ground):
    """Pages of teams: whom it was handed to; for moves also staff of the subtree, who come from the desk."""
    if actor.serves == ground.marks.key:
        named = ground.orders[state_for(address.name)].current
        return bool(actor.leads) or named.members.filter(person=actor.person).exists()
    return address.name not in HOLDERS_ONLY and actor.reaches(P.ORDERS_SEE, ground.place.path)


def is_placed(address):
    """Whether the matrix knows whose reach decides."""
    return address.audience not in STAFF or address.variables - COMMON <= REACHED.keys()


# --- What was answered.


def heard(response):
    """The verdict that an answer amounts to; None for one that is not allowed to happen."""
    status = response.status_code
    if status == 302 and response["Location"].startswith(reverse("people:sign_in")):
        return V.GATE
    if status == 405:
        return V.OTHER_METHOD
    if status in {200, 204, 302, 303, 422}:
        return V.OPEN
    return {403: V.DENIED, 404: V.ABSENT}.get(status)


def agree(wanted, got, actor, address, method):
    """Whether an answer is what was wanted; a page may know more than the table, but never open more."""
    if wanted == got or (got == V.OTHER_METHOD and wanted in {V.OPEN, V.ABSENT}):
        return True
    if address.audience == "public":  # an unknown thing, or a step that asks for the sign-in
        return got in {V.ABSENT, V.GATE, V.DENIED}
    if wanted == V.OPEN and method == "POST":
        if got == V.ABSENT:
            return address.name in NAMELESS
        # The page may be read, but not every reader may make the move.
        return got == V.DENIED and (address.audience == "team" or address.name in CITYWIDE)
    return False


# --- What may be read.


def secrets_for(actor, address, city):
    """Every mark that must not stand in an answer to `actor` at `address`."""
    hidden = set()
    for ground in city.grounds:
        marks = ground.marks
        if actor.owns == marks.key:
            hidden |= set(marks.helpers)
            continue
        hidden |= {*marks.all, *marks.helpers}
        if actor.serves == marks.key:
            hidden -= {marks.words}
            if address.name in HOLDERS_ONLY:
                hidden -= set(marks.all)
        if may_read_all_of(actor, ground):
            hidden -= {marks.words}
        if address.name in UNMASKING and actor.reaches(P.PEOPLE_UNMASK, ground.place.path):
            hidden -= {*marks.all, *marks.helpers}
        if address.name in UNMASKING and actor.leads == marks.key:
            hidden -= set(marks.helpers)
    return hidden - {actor.person.phone if actor.person else ""}
