"""Handing an order out, and what the one it was handed to answers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core import rows
from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import Dispatch, Order
from civic.orders.services import _life
from civic.orders.services.diaries import check_free
from civic.orders.services.screening import free_room, reason_given
from civic.orders.states import LIFE, DispatchState, OrderState
from civic.orders.targets import Target
from civic.people.models import Person
from civic.venues.models import Venue
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.states import MembershipState

S = OrderState

_team = rows.Reading(lambda: Team.objects.filter(pk=0, closed_on=None).select_related("leader", "place"))


@transaction.atomic
def dispatch(
    *, order_id: int, target: Target, by: Person, at: datetime, note: str = "", reasons: Sequence[str] = ()
) -> Order:
    """Hand a waiting order to a team or site (a task) or to a volunteer (an invitation), and tell them.

    The row is locked before its state is read, so of two dispatchers who press the button together one
    gets Refused. `reasons` are the ranking's words, kept for the record. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_dispatch(by, order):
        raise Denied
    LIFE.step("dispatch", order.state)
    _hand(order, "dispatch", target, by=by, at=at, note=note.strip(), reasons=reasons)
    return order


@transaction.atomic
def transfer(*, order_id: int, target: Target, reason: str, by: Person, at: datetime) -> Order:
    """Take an order back from whoever has it and hand it to another; both and the resident are told.

    The reason is shown to the resident. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_transfer(by, order):
        raise Denied
    LIFE.step("transfer", order.state)
    reason = reason_given(reason)
    told = _life.holders(order)
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    _end(order.current, DispatchState.RECALLED, note=reason)
    free_room(order, by=by, at=at)
    _hand(order, "transfer", target, by=by, at=at, note=reason, reasons=())
    _life.tell(told, "orders.recalled", order, at=at, url="/team/", except_for=by, reason=reason)
    return order


def _hand(
    order: Order, move: str, target: Target, *, by: Person, at: datetime, note: str, reasons: Sequence[str]
) -> None:
    """Open a dispatch to `target` and step the order; the caller has checked who and whether."""
    found = _target(order, target)
    opened = Dispatch(order=order, dispatched_at=at, dispatched_by=by, reasons=list(reasons))
    setattr(opened, target.kind, found)
    opened.pk = rows.reserve(Dispatch)
    order.current = opened
    with rows.together():
        rows.add(opened)
        _life.advance(
            order,
            move,
            by=by,
            at=at,
            note=note,
            actor=_life.holder_name(order),
            current=opened,
            starts_at=None,
            ends_at=None,
        )
    kind = "orders.invitation" if target.kind == "volunteer" else "orders.task"
    due, who = _life.spoken(order.due_at), _life.holder_name(order)
    _life.tell(
        _life.holders(order), kind, order, at=at, url=f"/team/orders/{order.pk}/", except_for=by, when=due
    )
    _life.tell_resident(order, "orders.dispatched", by=by, at=at, who=who, when=due, reason=note)


def _target(order: Order, target: Target) -> Team | Venue | Volunteer:
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


def _end(dispatch: Dispatch, state: str, *, note: str) -> None:
    dispatch.state = state
    dispatch.note = note
    rows.update(dispatch, "state", "note")


def _answer(dispatch: Dispatch, state: str, *, by: Person, at: datetime, note: str = "") -> None:
    dispatch.state, dispatch.answered_at, dispatch.answered_by, dispatch.note = state, at, by, note
    rows.update(dispatch, "state", "answered_at", "answered_by", "note")


@transaction.atomic
def accept(*, order_id: int, by: Person, at: datetime, member_ids: Sequence[int] = ()) -> Order:
    """Take the order; the resident learns who comes, who may now see her contact. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_accept(by, order):
        raise Denied
    LIFE.step("accept", order.state)
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    name = _life.holder_name(order)
    with rows.together():
        _answer(order.current, DispatchState.ACCEPTED, by=by, at=at)
        _life.advance(order, "accept", by=by, at=at, actor=name)
    _life.tell_resident(order, "orders.accepted", by=by, at=at, who=name)
    if member_ids:
        _name_members(order, member_ids, by=by, at=at)
    return order


@transaction.atomic
def decline(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """Say no. The order goes back to the desk, whose dispatcher is told; nothing else follows (R03).

    A volunteer need not give a reason (条例 art. 25); a team or site does. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_decline(by, order):
        raise Denied
    LIFE.step("decline", order.state)
    dispatch = order.current
    assert dispatch is not None  # orders_order_in_hand_has_a_dispatch
    reason = reason.strip() if dispatch.volunteer_id else reason_given(reason)
    _answer(dispatch, DispatchState.DECLINED, by=by, at=at, note=reason)
    name = _life.holder_name(order)
    _life.advance(order, "decline", by=by, at=at, actor=name, note=reason, current=None)
    _life.tell(
        [dispatch.dispatched_by],
        "orders.declined",
        order,
        at=at,
        url=f"/desk/orders/{order.pk}/",
        except_for=by,
        who=name,
        reason=reason,
    )
    return order


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
