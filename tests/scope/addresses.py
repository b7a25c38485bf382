"""The URL table as requests at 府前社区. An address with a variable that is not explained here fails."""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver, reverse

from civic.orders.states import LIFE, OrderState

S = OrderState
# Pages of a move under another name than the move.
MOVES = {
    "repair_for": "repair",
    "withdraw_for": "withdraw",
    "review_by_phone": "review",
    "dispute_by_phone": "dispute",
    "rooms_taken": "provision",
}
# Where a page that is no move finds its order.
STATES = {
    "again": S.CLOSED,
    "change_time": S.SCREENED,
    "change_time_for": S.SCREENED,
    "placed": S.SUBMITTED,
    "assign": S.ACCEPTED,
    "team_order": S.ACCEPTED,
    "at_desk": S.ACCEPTED,
    "take": S.SCREENED,
    "why_not": S.SCREENED,
    "pin": S.SCREENED,
    "forbid": S.SCREENED,
    "lift_ruling": S.SCREENED,
}

# Pages about somebody who is in a team; the other pages of memberships are about somebody who asks.
OF_MEMBERS = {"volunteers:set_skills", "volunteers:remove"}
# Pages whose slug names a category, not an item.
OF_CATEGORIES = {"orders:category", "orders:set_dispatch_mode"}
# Pages whose very purpose is to open the mask; each time leaves a line in the journal.
UNMASKING = {"orders:unmask", "access:unmask", "volunteers:show_phones"}

# Pages about somebody who is in a team; the other pages of memberships are about somebody who asks.
OF_MEMBERS = {"volunteers:set_skills", "volunteers:remove"}
# Pages whose very purpose is to open the mask; each time leaves a line in the journal.
UNMASKING = {"orders:unmask", "access:unmask", "volunteers:show_phones"}


@dataclass(frozen=True)
class Address:
    """One line of the URL table."""

    name: str
    page: object
    variables: frozenset

    @property
    def audience(self):
        return getattr(self.page, "audience", "")

    @property
    def permission(self):
        return getattr(self.page, "permission", "")


def table(resolver=None, space=""):
    """Every named address, with the namespace in its name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{space}:{pattern.name}" if space else pattern.name
            yield Address(name, pattern.callback, frozenset(pattern.pattern.converters))
        else:
            yield from table(pattern, pattern.namespace or space)


def state_for(name):
    """The state of the order that the page called `name` is about."""
    short = name.partition(":")[2]
    move = MOVES.get(short, short)
    if short in STATES:
        return STATES[short]
    if move in LIFE.moves:
        return sorted(LIFE.moves[move].sources, key=list(S).index)[0]
    return S.ACCEPTED


def _sign_in(ground, _city, _name):
    return ground.resident.sign_ins.order_by("pk").values_list("pk", flat=True).first() or 0


FILL = {
    "order_id": lambda ground, city, name: ground.orders[state_for(name)].pk,
    "ruling_id": lambda ground, city, name: ground.ruling.pk,
    "callback_id": lambda ground, city, name: ground.callback.pk,
    "feedback_id": lambda ground, city, name: ground.feedback.pk,
    "pool_id": lambda ground, city, name: ground.pool.pk,
    "contribution_id": lambda ground, city, name: ground.contribution.pk,
    "tour_id": lambda ground, city, name: ground.tour.pk,
    "stop_id": lambda ground, city, name: ground.stop.pk,
    "issue_id": lambda ground, city, name: ground.issue.pk,
    "claim_id": lambda ground, city, name: ground.claim.pk,
    "venue_id": lambda ground, city, name: ground.venue.pk,
    "room_id": lambda ground, city, name: ground.room.pk,
    "booking_id": lambda ground, city, name: ground.booking.pk,
    "team_id": lambda ground, city, name: ground.team.pk,
    "membership_id": lambda ground, city, name: (ground.joined if name in OF_MEMBERS else ground.asking).pk,
    "person_id": lambda ground, city, name: (
        ground.resident.pk if name in UNMASKING else ground.clerk.person_id
    ),
    "alias_id": lambda ground, city, name: ground.alias.pk,
    "series_id": lambda ground, city, name: ground.series.pk,
    "batch_id": lambda ground, city, name: ground.batch.pk,
    "delivery_id": lambda ground, city, name: ground.delivery.pk,
    "kind": lambda ground, city, name: "orders.placed",
    "grant_id": lambda ground, city, name: ground.clerk.pk,
    "fair_id": lambda ground, city, name: ground.fair.pk,
    "session_id": lambda ground, city, name: ground.session.pk,
    "stall_id": lambda ground, city, name: ground.stall.pk,
    "fixed_day_id": lambda ground, city, name: ground.fixed_day.pk,
    "siting_id": lambda ground, city, name: ground.siting.pk,
    "photo_id": lambda ground, city, name: ground.photo.pk,
    "verb": lambda ground, city, name: "disable",
    "day": lambda ground, city, name: "2026-12-25",
    "notice_id": lambda ground, city, name: ground.notice.pk,
    "place_id": lambda ground, city, name: ground.place.pk,
    "sign_in_id": _sign_in,
    "item_id": lambda ground, city, name: city.item.pk,
    "synonym_id": lambda ground, city, name: city.synonym.pk,
    "key": lambda ground, city, name: ground.attachment.key,
    "purpose": lambda ground, city, name: "service",
    "slug": lambda ground, city, name: city.item.category.slug if name in OF_CATEGORIES else city.item.slug,
}


def is_explained(address):
    """Whether every variable of the address stands for something of the three neighbourhoods."""
    return address.variables <= FILL.keys()


def url(address, ground, city):
    """The address filled in with the things of `ground`."""
    return reverse(
        address.name, kwargs={name: FILL[name](ground, city, address.name) for name in address.variables}
    )
