"""Dispatch: the center hands a waiting order to a team, a site or a volunteer."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch, Plan
from civic.orders.services import dispatching
from civic.orders.targets import Target
from civic.orders.tests.verbs import (
    HOURS_LATER_16,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from civic.places.tests.factories import PlaceFactory
from civic.venues.tests.factories import VenueFactory
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON


@pytest.fixture
def order(order_in):
    return order_in("screened")


def dispatch(order, to, by, kind="team", **said):
    return dispatching.dispatch(order_id=order.pk, target=Target(kind, to.pk), by=by, at=NOON, **said)


def test_to_a_team_it_is_a_task(order, team, dispatcher, zhang, li):
    dispatch(order, team, dispatcher, note="带上万用表", reasons=["技能吻合", "离得近"])

    order = fresh(order)
    assert order.state == "dispatched"
    assert order.due_at == HOURS_LATER_16
    assert (order.current.team, order.current.state) == (team, "offered")
    assert (order.current.dispatched_by, order.current.reasons) == (dispatcher, ["技能吻合", "离得近"])
    assert last_step(order) == ("dispatch", "dispatched", dispatcher)
    assert last_line(order) == ("orders.dispatch", dispatcher, None)
    assert order.events.get().actor == "「匠心家电」"
    assert told(order) == {(li, "task"), (zhang, "dispatched")}


def test_to_a_site_it_is_a_task_for_its_clerks(order, station, dispatcher, station_clerk, zhang):
    dispatch(order, station, dispatcher, kind="venue")
    assert fresh(order).current.venue == station
    assert order.events.get().actor == station.name
    assert told(order) == {(station_clerk, "task"), (zhang, "dispatched")}


def test_to_a_volunteer_it_is_an_invitation_and_her_name_is_masked(order, wang, dispatcher, zhang):
    dispatch(order, wang.volunteer, dispatcher, kind="volunteer")
    assert fresh(order).current.volunteer == wang.volunteer
    assert order.events.get().actor == "王师傅"
    assert told(order) == {(wang, "invitation"), (zhang, "dispatched")}


# --- Who can be asked.


def test_a_mobile_team_of_another_county_can_be_asked(order, danzhu, dispatcher):
    mobile = TeamFactory(place=danzhu, is_mobile=True)
    assert dispatch(order, mobile, dispatcher).current.team == mobile


def test_a_team_of_the_city_can_be_asked(order, city, dispatcher):
    corps = TeamFactory(place=city)
    assert dispatch(order, corps, dispatcher).current.team == corps


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        ("team", lambda place: TeamFactory(place=place)),
        ("venue", lambda place: VenueFactory(place=place)),
        ("volunteer", lambda place: VolunteerFactory(home=place)),
    ],
)
def test_nobody_of_another_county_is_asked(order, danzhu, dispatcher, kind, one):
    with pytest.raises(Refused):
        dispatch(order, one(danzhu), dispatcher, kind)
    assert fresh(order).state == "screened"


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        ("team", lambda place: TeamFactory(place=place, closed_on=NOON.date())),
        ("venue", lambda place: VenueFactory(place=place, closed_on=NOON.date())),
        ("volunteer", lambda place: VolunteerFactory(home=place, left_at=NOON)),
        ("volunteer", lambda place: VolunteerFactory(home=place, matching=False)),
    ],
    ids=["closed team", "closed site", "volunteer who left", "volunteer who wants no invitations"],
)
def test_nobody_who_stopped_is_asked(order, guhan, dispatcher, kind, one):
    with pytest.raises(Refused):
        dispatch(order, one(guhan), dispatcher, kind)


def test_a_resident_is_not_sent_to_herself(order, zhang, fuqian, dispatcher):
    with pytest.raises(Refused):
        dispatch(order, VolunteerFactory(person=zhang, home=fuqian), dispatcher, kind="volunteer")


def test_one_who_does_not_exist_is_refused(order, dispatcher):
    for kind in ("team", "venue", "volunteer"):
        with pytest.raises(Refused):
            dispatching.dispatch(order_id=order.pk, target=Target(kind, 0), by=dispatcher, at=NOON)


# --- Who may, whether, twice.


def test_the_head_of_the_center_dispatches_too(order, team, head):
    assert dispatch(order, team, head).state == "dispatched"


@pytest.mark.parametrize(
    "who",
    [
        "zhang",
        "li",
        "station_clerk",
        "institute_clerk",  # takes in, hands nothing on
        "stranger",
        "other_dispatcher",  # the next county
        "supervisor",  # sees the whole city, hands nothing on
        "admin",
    ],
)
def test_nobody_else_dispatches(order, team, person, who):
    with pytest.raises(Denied):
        dispatch(order, team, person(who))
    assert not Dispatch.objects.exists()


def test_a_county_whose_path_only_looks_like_a_prefix_is_not_in_reach(order_in, team, dispatcher, xiangyuan):
    neighbour = PlaceFactory(path=f"{xiangyuan.path[:-1]}7/", parent=xiangyuan.parent)
    with pytest.raises(Denied):
        dispatch(order_in("screened", place=neighbour), team, dispatcher)


@pytest.mark.parametrize("state", closed_to("dispatch"))
def test_only_a_waiting_order_is_dispatched(order_in, team, dispatcher, state):
    order = order_in(state)
    with pytest.raises(Refused):
        dispatch(order, team, dispatcher)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_dispatch_once(order, team, guhan, dispatcher, head, zhang):
    other = TeamFactory(place=guhan)
    outcomes = at_once(lambda: dispatch(order, team, dispatcher), lambda: dispatch(order, other, head))
    assert outcomes == ["done", "refused"]
    assert Dispatch.objects.filter(order=order).count() == steps(order, "dispatch") == 1
    assert len(told(order)) == 2


def test_another_than_proposed_is_told_with_the_reason(order_in, team, dispatcher):
    order = order_in("screened")
    target = Target("team", team.pk)
    why = "居民点名要找他们"
    dispatching.dispatch(order_id=order.pk, target=target, override=why, by=dispatcher, at=NOON)
    event = order.events.get(what="override")
    assert (event.note, event.is_internal, event.by) == (why, True, dispatcher)


def test_what_the_engine_reckoned_is_kept_with_the_decision(order_in, team, other_team, dispatcher):
    order, unlisted = order_in("screened"), order_in("screened")
    one = {"parts": {"travel": 300}, "total": 300, "km": 1.2, "estimated": True, "chance": 700}
    listed = [
        {"target": f"team:{team.pk}", "reduced": 0, "override": 0, **one},
        {"target": f"team:{other_team.pk}", "reduced": 90, "override": 110, **one, "total": 410},
    ]
    Plan.objects.create(order=order, made_at=NOON, candidates=listed)
    act = {"target": Target("team", team.pk), "by": dispatcher, "at": NOON}
    card = dispatching.dispatch(order_id=order.pk, **act).current.card
    assert (card["total"], card["rank"], card["chance"]) == (300, 1, 700)
    assert (card["runner_up"], card["gap"]) == (f"team:{other_team.pk}", 110)
    assert dispatching.dispatch(order_id=unlisted.pk, **act).current.card is None
