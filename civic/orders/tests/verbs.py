"""What tests of the verbs share: an order in any state, what a verb left behind, two hands at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.orders.models import Dispatch, Order
from civic.orders.services.numbering import forget_blocks
from civic.orders.states import IN_HAND, LIFE, DispatchState, OrderState
from civic.orders.tests.factories import OrderFactory
from tests.moments import NOON, SHANGHAI

S = OrderState
WITH_DISPATCH = (S.DISPATCHED, *IN_HAND, S.DISPUTED, S.CLOSED)
DISPATCH_STATES = {
    S.DISPATCHED: DispatchState.OFFERED,
    S.ACCEPTED: DispatchState.ACCEPTED,
    S.PROVISIONED: DispatchState.ACCEPTED,
    S.SCHEDULED: DispatchState.ACCEPTED,
    S.IN_SERVICE: DispatchState.ACCEPTED,
}
AN_HOUR = timedelta(hours=1)
TOMORROW = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)
HOURS_LATER_2 = datetime(2026, 11, 20, 16, 0, tzinfo=SHANGHAI)  # of working time after NOON
HOURS_LATER_8 = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
HOURS_LATER_16 = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)


def closed_to(move):
    """Every state from which `move` may not be made."""
    return [str(state) for state in OrderState if not LIFE.is_open_to(move, state)]


def open_to(move):
    """Every state from which `move` may be made."""
    return [str(state) for state in OrderState if LIFE.is_open_to(move, state)]


def bring(state, *, place, resident, team, **fields):
    """An order written straight into `state`, for tests of what is refused there or begins there.

    From `dispatched` on it is in the hands of `team`, until its end.
    """
    order = OrderFactory(place=place, resident=resident)
    fields = {"state": state, **_needs(state, order), **fields}
    if state in WITH_DISPATCH:
        fields["current"] = _handed(order, state, team)
    for name, value in fields.items():
        setattr(order, name, value)
    order.save()
    return fresh(order)


def _needs(state, order):
    """What the constraints ask of an order in `state`."""
    if state == S.MERGED:
        return {"reason": "重复", "merged_into": OrderFactory(place=order.place)}
    return {
        S.RETURNED: {"reason": "请写门牌"},
        S.REJECTED: {"reason": "不属于志愿服务"},
        S.REFERRED: {"reason": "路灯归市政管", "referred_to": "12345"},
        S.CANCELLED: {"reason": "下大雪"},
        S.SCHEDULED: {"starts_at": TOMORROW, "ends_at": TOMORROW + AN_HOUR},
        S.IN_SERVICE: {"starts_at": TOMORROW, "ends_at": TOMORROW + AN_HOUR},
    }.get(state, {})


def _handed(order, state, team):
    answered = state != S.DISPATCHED
    return Dispatch.objects.create(
        order=order,
        team=team,
        state=DISPATCH_STATES.get(state, DispatchState.DONE),
        dispatched_at=NOON,
        dispatched_by=team.leader,
        answered_at=NOON if answered else None,
        answered_by=team.leader if answered else None,
    )


def fresh(order):
    """The order as the database has it now."""
    return Order.objects.get(pk=order.pk)


def last_step(order):
    """(what, state, who) of the newest event on the timeline."""
    event = order.events.order_by("-id").first()
    return event.what, event.state, event.by


def last_line(order):
    """(what, who, for whom) of the newest line in the journal."""
    entry = Entry.objects.filter(about_type="orders.order", about_id=order.pk).order_by("-id").first()
    return entry.what, entry.by, entry.on_behalf_of


def steps(order, what):
    """How often `what` stands on the timeline."""
    return order.events.filter(what=what).count()


def told(order):
    """{(person, kind)} of every notice about the order."""
    found = Notice.objects.filter(about_type="orders.order", about_id=order.pk).select_related("person")
    return {(notice.person, notice.kind.removeprefix("orders.")) for notice in found}


def at_once(*acts):
    """Run the acts in threads that begin together; their outcomes in alphabetical order.

    For tests with `transaction=True`: each thread has its own connection.
    """
    forget_blocks()
    ready = threading.Barrier(len(acts))

    def run(act):
        ready.wait(10)
        try:
            act()
        except Refused:
            return "refused"
        except Denied:
            return "denied"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))
