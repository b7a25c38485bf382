"""A person's word over the engine's: pin, forbid, lift."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Plan, Ruling
from civic.orders.services import rulings
from civic.orders.targets import Target
from civic.orders.tests.verbs import at_once, last_line, last_step, told
from tests.moments import NOON

WHY = "居民点名要找他们"


def rule(verb, order, team, by, reason=WHY):
    act = {"pin": rulings.pin, "forbid": rulings.forbid}[verb]
    return act(order_id=order.pk, target=Target("team", team.pk), reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("verb", ["pin", "forbid"])
def test_it_is_kept_with_who_and_why_and_the_resident_is_not_told(order_in, team, dispatcher, verb):
    order = order_in("screened")
    ruling = rule(verb, order, team, dispatcher)
    assert (ruling.kind, ruling.target, ruling.reason) == (verb, f"team:{team.pk}", WHY)
    assert (ruling.ruled_at, ruling.ruled_by) == (NOON, dispatcher)
    assert last_step(order) == (verb, "screened", dispatcher)
    assert last_line(order) == (f"orders.{verb}", dispatcher, None)
    assert order.events.get(what=verb).is_internal
    assert told(order) == set()


@pytest.mark.parametrize("verb", ["pin", "forbid"])
@pytest.mark.parametrize("state", ["closed", "cancelled", "withdrawn"])
def test_not_of_what_has_ended(order_in, team, dispatcher, verb, state):
    with pytest.raises(Refused, match="已经办结"):
        rule(verb, order_in(state), team, dispatcher)


@pytest.mark.parametrize("verb", ["pin", "forbid"])
@pytest.mark.parametrize("who", ["zhang", "li", "station_clerk", "institute_clerk", "other_dispatcher"])
def test_only_the_center(order_in, team, person, verb, who):
    order = order_in("screened")
    with pytest.raises(Denied):
        rule(verb, order, team, person(who))


@pytest.mark.parametrize("verb", ["pin", "forbid"])
def test_with_a_reason(order_in, team, dispatcher, verb):
    with pytest.raises(Refused):
        rule(verb, order_in("screened"), team, dispatcher, reason="  ")


def test_once_for_a_target_and_one_pin_for_an_order(order_in, team, other_team, dispatcher):
    order = order_in("screened")
    rule("pin", order, team, dispatcher)
    with pytest.raises(Refused, match="已经指定了一家"):
        rule("pin", order, other_team, dispatcher)
    with pytest.raises(Refused, match="已经定过了"):
        rule("forbid", order, team, dispatcher)


def test_nobody_is_pinned_who_cannot_serve_there(order_in, team, dispatcher):
    type(team).objects.update(closed_on=NOON.date())
    with pytest.raises(Refused, match="不在本县区"):
        rule("pin", order_in("screened"), team, dispatcher)


def test_a_pin_remembers_its_price(order_in, team, other_team, dispatcher):
    order = order_in("screened")
    listed = [{"target": f"team:{team.pk}", "override": 440}]
    Plan.objects.create(order=order, made_at=NOON, candidates=listed)
    assert rule("pin", order, team, dispatcher).price == 440
    assert rule("forbid", order, other_team, dispatcher).price is None


def test_lifting_keeps_it_on_record(order_in, team, dispatcher, head):
    order = order_in("screened")
    ruling = rule("pin", order, team, dispatcher)
    rulings.lift(ruling_id=ruling.pk, by=head, at=NOON)
    ruling.refresh_from_db()
    assert (ruling.lifted_at, ruling.lifted_by) == (NOON, head)
    assert last_line(order) == ("orders.lift", head, None)
    rule("forbid", order, team, dispatcher)
    with pytest.raises(Refused, match="已经撤销"):
        rulings.lift(ruling_id=ruling.pk, by=head, at=NOON)


@pytest.mark.parametrize("who", ["zhang", "li", "station_clerk", "other_dispatcher"])
def test_only_the_center_lifts(order_in, team, dispatcher, person, who):
    ruling = rule("pin", order_in("screened"), team, dispatcher)
    with pytest.raises(Denied):
        rulings.lift(ruling_id=ruling.pk, by=person(who), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_pins_at_once(order_in, team, other_team, dispatcher, head):
    order = order_in("screened")
    first, second = (
        (lambda: rule("pin", order, team, dispatcher)),
        (lambda: rule("pin", order, other_team, head)),
    )
    assert at_once(first, second) == ["done", "refused"]
    assert Ruling.objects.count() == 1
