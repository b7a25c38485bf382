"""Refer: the matter belongs to another desk."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import screening
from civic.orders.services.screening import REFERRAL_TARGETS
from civic.orders.tests.verbs import (
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    open_to,
    steps,
    told,
)
from tests.moments import NOON

REASON = "路灯归市政管"


def refer(order, by, target="12345", reason=REASON):
    return screening.refer(order_id=order.pk, target=target, reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("state", open_to("refer"))
def test_the_order_ends_and_says_where_to_ask(order_in, institute_clerk, zhang, state):
    order = refer(order_in(state, due_at=NOON), institute_clerk)

    assert fresh(order).state == "referred"
    assert (fresh(order).referred_to, fresh(order).reason) == ("12345", REASON)
    assert fresh(order).due_at is None
    assert last_step(order) == ("refer", "referred", institute_clerk)
    assert last_line(order) == ("orders.refer", institute_clerk, None)
    assert told(order) == {(zhang, "referred")}
    assert zhang.notices.get().params["who"] == "12345"


@pytest.mark.parametrize("target", REFERRAL_TARGETS)
def test_known_desks(order_in, institute_clerk, target):
    assert refer(order_in("submitted"), institute_clerk, target).referred_to == target


@pytest.mark.parametrize(("target", "reason"), [("10086", REASON), ("", REASON), ("110", " ")])
def test_an_unknown_desk_or_no_reason_is_refused(order_in, institute_clerk, target, reason):
    order = order_in("submitted")
    with pytest.raises(Refused):
        refer(order, institute_clerk, target, reason)
    assert fresh(order).state == "submitted"


@pytest.mark.parametrize(
    "who", ["zhang", "neighbour", "li", "station_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_else_refers(order_in, person, who):
    with pytest.raises(Denied):
        refer(order_in("submitted"), person(who))


@pytest.mark.parametrize("state", closed_to("refer"))
def test_an_order_already_handed_out_is_not_referred(order_in, institute_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        refer(order, institute_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_referred_and_rejected_at_once_it_ends_once(order_in, institute_clerk, dispatcher):
    order = order_in("submitted")

    def reject():
        screening.reject(order_id=order.pk, reason="办不了", by=dispatcher, at=NOON)

    assert at_once(lambda: refer(order, institute_clerk), reject) == ["done", "refused"]
    assert steps(order, "refer") + steps(order, "reject") == 1
