"""Handing an order out, and what the one it was handed to answers."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core import rows
from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import Dispatch, Order
from civic.orders.queries.open_orders import may_be_taken, takeable
from civic.orders.services import _life, planning
from civic.orders.services.diaries import check_free
from civic.orders.services.screening import free_room, reason_given
from civic.orders.states import LIFE, STANDING, DispatchState, OrderState
from civic.orders.targets import Target
from civic.people.models import Person
from civic.venues.models import Venue
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.states import MembershipState

S = OrderState
RECALL_OTHERS = """
UPDATE orders_dispatch SET state = 'recalled'
WHERE order_id = %s AND state = 'offered' AND id <> %s RETURNING id
"""

_team = rows.Reading(lambda: Team.objects.filter(pk=0, closed_on=None).select_related("leader", "place"))


@transaction.atomic
def dispatch(
    *,
    order_id: int,
    target: Target,
    by: Person,
    at: datetime,
    note: str = "",
    reasons: Sequence[str] = (),
    override: str = "",
) -> Order:
    """Hand a waiting order to a team or site (a task) or to a volunteer (an invitation), and tell them.

    The row is locked before its state is read, so of two dispatchers who press the button together one
    gets Refused. `reasons` are the ranking's words, kept for the record; `override` is why it is not the one
    that the engine proposed. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_dispatch(by, order):
        raise Denied
    LIFE.step("dispatch", order.state)
    _hand(order, "dispatch", target, by=by, at=at, note=note.strip(), reasons=reasons)
    if override.strip():
        said = override.strip()
        _life.record(order, "override", by=by, at=at, note=said, is_internal=True, target=str(target))
    return order


@transaction.atomic
def transfer(*, order_id: int, target: Target, reason: str, by: Person, at: datetime) -> Order:
    """Take an order back from whoever has it or is asked, and hand it to another; all of them are told.

    The reason is shown to the resident. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_transfer(by, order):
        raise Denied
    LIFE.step("transfer", order.state)
    reason = reason_given(reason)
    told = _life.holders(order)
    Dispatch.objects.filter(order=order, state__in=STANDING).update(state=DispatchState.RECALLED, note=reason)
    free_room(order, by=by, at=at)
    _hand(order, "transfer", target, by=by, at=at, note=reason, reasons=())
    _life.tell(told, "orders.recalled", order, at=at, url="/team/", except_for=by, reason=reason)
    return order


def _hand(
    order: Order, move: str, target: Target, *, by: Person, at: datetime, note: str, reasons: Sequence[str]
) -> None:
    """Open a dispatch to `target` and step the order; the caller has checked who and whether."""
    opened = Dispatch(order=order, dispatched_at=at, dispatched_by=by, reasons=list(reasons))
    opened.card = _card(order, target)
    put_to(opened, target)
    order.current = opened
    name = _life.name_of(opened)
    with rows.together():
        rows.add(opened)
        _life.advance(
            order, move, by=by, at=at, note=note, actor=name, current=opened, starts_at=None, ends_at=None
        )
    ask(order, opened, except_for=by, at=at)
    due = _life.spoken(order.due_at)
    _life.tell_resident(order, "orders.dispatched", by=by, at=at, who=name, when=due, reason=note)


def _card(order: Order, target: Target) -> dict[str, Any] | None:
    """What the engine reckoned for this target, kept with the decision; None when it did not list it."""
    plan = rows.run("SELECT candidates FROM orders_plan WHERE order_id = %s", [order.pk]).fetchone()
    return (planning.card_of(json.loads(plan[0]), str(target)) or None) if plan else None


def put_to(opened: Dispatch, target: Target) -> None:
    """Make `target` the one that a new dispatch goes to, and give it a key. Raises Refused."""
    found = target_found(opened.order, target)
    if isinstance(found, Volunteer) and _is_asked_already(found):
        raise Refused(_("这位志愿者还有一个邀请没答复，请等一等，或换一位。"))
    setattr(opened, target.kind, found)
    opened.pk = rows.reserve(Dispatch)


def ask(order: Order, offer: Dispatch, *, at: datetime, except_for: Person | None = None) -> None:
    """Tell whom an offer was made to."""
    kind = "orders.invitation" if offer.volunteer_id else "orders.task"
    when = _life.spoken(offer.answer_by or order.due_at)
    url = f"/team/orders/{order.pk}/"
    _life.tell(_life.holders_of(offer), kind, order, at=at, url=url, except_for=except_for, when=when)


def _is_asked_already(volunteer: Volunteer) -> bool:
    """Whether an invitation waits for her answer; her row stays locked until the caller commits."""
    rows.run("SELECT FROM volunteers_volunteer WHERE id = %s FOR UPDATE", [volunteer.pk])
    return Dispatch.objects.filter(volunteer=volunteer, state=DispatchState.OFFERED).exists()


def target_found(order: Order, target: Target) -> Team | Venue | Volunteer:
    """The team, site or volunteer, if it can serve here. A form offers no other, but a form is not a rule."""
    if target.kind == "team":
        team = _team.first(target.id)
        # A mobile team goes where it is needed; any other serves the county it belongs to.
        if team is not None and (team.is_mobile or _same_county(team.place.path, order.place.path)):
            return team
        raise Refused(_("这支队伍不在本县区，或者已经撤了，请换一支。"))
    if target.kind == "venue":
        venue = Venue.objects.open().select_related("place").filter(pk=target.id).first()
        if venue is not None and _same_county(venue.place.path, order.place.path):
            return venue
        raise Refused(_("这个站点不在本县区，或者已经不开了，请换一个。"))
    volunteer = (
        Volunteer.objects.select_related("person", "home")
        .filter(pk=target.id, left_at=None, matching=True)
        .first()
    )
    if volunteer is None or not _same_county(volunteer.home.path, order.place.path):
        raise Refused(_("这位志愿者现在不接受派单邀请，请换一位。"))
    if volunteer.person_id == order.resident_id:
        raise Refused(_("不能把单派给点单人自己。"))
    return volunteer


def _same_county(one: str, other: str) -> bool:
    """Whether two paths share city and county, or one of them is the city itself."""
    a, b = one.split("/")[:-1][:2], other.split("/")[:-1][:2]
    return a == b or len(a) == 1 or len(b) == 1


def _answer(dispatch: Dispatch, state: str, *, by: Person, at: datetime, note: str = "") -> None:
    dispatch.state, dispatch.answered_at, dispatch.answered_by, dispatch.note = state, at, by, note
    rows.update(dispatch, "state", "answered_at", "answered_by", "note")


@transaction.atomic
def accept(*, order_id: int, by: Person, at: datetime, member_ids: Sequence[int] = ()) -> Order:
    """Take the order; the resident learns who comes, who may now see her contact.

    Others who were asked for the same order are thanked and need not answer any more. Of two who accept at
    once the second reads so. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    offer = rules.offer_to(by, order)
    if offer is None and rules.was_asked(by, order):
        raise Refused(_("这一单已经有别人接了，或者过了回复时间。谢谢您愿意帮忙。"))
    if offer is None:
        raise Denied
    LIFE.step("accept", order.state)
    _recall_others(order, offer, at=at)
    name = _life.name_of(offer)
    with rows.together():
        _answer(offer, DispatchState.ACCEPTED, by=by, at=at)
        _life.advance(order, "accept", by=by, at=at, actor=name, current=offer)
    _life.tell_resident(order, "orders.accepted", by=by, at=at, who=name)
    if member_ids:
        _name_members(order, member_ids, by=by, at=at)
    return order


def _recall_others(order: Order, taken: Dispatch, *, at: datetime) -> None:
    """Take back the offers that nobody needs to answer any more, with thanks."""
    over = [pk for (pk,) in rows.run(RECALL_OTHERS, [order.pk, taken.pk]).fetchall()]
    if over:
        recalled = Dispatch.objects.select_related("team__leader", "venue__place", "volunteer__person")
        people = [one for offer in recalled.filter(pk__in=over) for one in _life.holders_of(offer)]
        _life.tell(people, "orders.thanked", order, at=at, url="/team/")


@transaction.atomic
def take(*, order_id: int, by: Person, at: datetime) -> Order:
    """A volunteer takes a waiting order of her own accord, where the city allows it; the resident is told.

    Of two who take it at once the second reads that it is gone. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_take(by, order):
        raise Denied
    LIFE.step("take", order.state)
    volunteer = Volunteer.objects.select_related("person", "home").get(person=by)
    if not (may_be_taken() and takeable(volunteer).filter(pk=order.pk).exists()):
        raise Refused(_("这一单现在不能自己接，请等派单员安排。"))
    taken = Dispatch(order=order, volunteer=volunteer, dispatched_at=at, dispatched_by=by)
    taken.state, taken.answered_at, taken.answered_by = DispatchState.ACCEPTED, at, by
    taken.pk = rows.reserve(Dispatch)
    name = _life.name_of(taken)
    with rows.together():
        rows.add(taken)
        _life.advance(order, "take", by=by, at=at, actor=name, current=taken)
    _life.tell_resident(order, "orders.accepted", by=by, at=at, who=name)
    return order


@transaction.atomic
def decline(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """Say no. While others are asked too, the order waits for them; else it goes back to the desk.

    A volunteer need not give a reason (条例 art. 25); a team or site does. Nothing else follows (R03).
    Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    offer = rules.offer_to(by, order)
    if offer is None:
        raise Denied
    LIFE.step("decline", order.state)
    reason = reason.strip() if offer.volunteer_id else reason_given(reason)
    _answer(offer, DispatchState.DECLINED, by=by, at=at, note=reason)
    name = _life.name_of(offer)
    _without(order, "decline", by=by, at=at, actor=name, note=reason)
    url = f"/desk/orders/{order.pk}/"
    if offer.dispatched_by is not None:
        people = [offer.dispatched_by]
        _life.tell(people, "orders.declined", order, at=at, url=url, except_for=by, who=name, reason=reason)
    return order


@transaction.atomic
def lapse_offer(*, dispatch_id: int, at: datetime) -> Order:
    """End an offer whose time passed in silence. It is no harm to anybody (R03). Raises Refused."""
    order = _life.locked(Dispatch.objects.only("order_id").get(pk=dispatch_id).order_id)
    offer = next((one for one in _life.offers_of(order) if one.pk == dispatch_id), None)
    if offer is None or offer.answer_by is None or offer.answer_by > at:
        raise Refused(_("这一步已经办过或者现在不能办，请刷新页面看最新进展。"))
    offer.state = DispatchState.LAPSED
    rows.update(offer, "state")
    _without(order, "lapse_offer", by=None, at=at, actor=_life.name_of(offer))
    return order


def _without(order: Order, move: str, *, by: Person | None, at: datetime, **said: Any) -> None:
    """Go on without an offer that came to nothing: with the others that stand, or back in the queue."""
    others = _life.offers_of(order)
    if not others:
        _life.advance(order, move, by=by, at=at, current=None, **said)
        return
    order.current, order.changed_at = others[0], at
    rows.update(order, "current", "changed_at")
    _life.record(order, move, by=by, at=at, **said)


@transaction.atomic
def assign(*, order_id: int, member_ids: Sequence[int], by: Person, at: datetime) -> Order:
    """Name who of the team goes, until the service ends; they are told. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_assign(by, order):
        raise Denied
    if order.state not in {S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE}:
        raise Refused(_("接单以后才能安排队员。"))
    _name_members(order, member_ids, by=by, at=at)
    return order


def _name_members(order: Order, member_ids: Sequence[int], *, by: Person, at: datetime) -> None:
    """Put the members down for the order, at its time if there is one, and tell them."""
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    members = _members(order.current, member_ids)
    if order.starts_at is not None and order.ends_at is not None:
        check_free([member.pk for member in members], order, order.starts_at, order.ends_at)
    order.current.members.set(members)
    _life.record(order, "assign", by=by, at=at, is_internal=True, members=[member.pk for member in members])
    _life.tell(
        [member.person for member in members],
        "orders.assigned",
        order,
        at=at,
        url=f"/team/orders/{order.pk}/",
        except_for=by,
        when=_life.spoken(order.starts_at),
    )


def _members(dispatch: Dispatch, member_ids: Sequence[int]) -> list[Volunteer]:
    """Standing members of the team among `member_ids`. Raises Refused when one of them is not."""
    wanted = set(member_ids)
    if dispatch.team_id is None:
        raise Refused(_("只有队伍才安排队员。"))
    found = list(
        Volunteer.objects.select_related("person")
        .filter(
            pk__in=wanted,
            left_at=None,
            memberships__team_id=dispatch.team_id,
            memberships__state=MembershipState.MEMBER,
        )
        .order_by("id")
    )
    if len(found) != len(wanted):
        raise Refused(_("只能安排本队的队员。"))
    return found
