"""A round is opened: the sites of the area are asked."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.tests.verbs import at_once
from civic.pooling.services import rounds
from civic.pooling.states import POOL, PoolState
from civic.pooling.tests.days import MONDAY, TUESDAY, fresh, in_state, last_line, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(guhan, dispatcher):
    return rounds.create_pool(
        place_id=guhan.pk, title="冬月进村", on=TUESDAY, words="", by=dispatcher, at=MONDAY
    )


def open_pool(pool, by):
    return rounds.open_pool(pool_id=pool.pk, by=by, at=MONDAY)


def test_works(draft, dispatcher, station_clerk, institute_clerk, stranger):
    open_pool(draft, dispatcher)
    assert fresh(draft).state == "open"
    assert last_line(draft) == ("pooling.open_pool", dispatcher)
    assert told(draft) == {(station_clerk, "call"), (institute_clerk, "call")}


@pytest.mark.parametrize("state", [s for s in PoolState if not POOL.is_open_to("open_pool", s)])
def test_wrong_state(draft, dispatcher, state):
    with pytest.raises(Refused):
        open_pool(in_state(draft, state), dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(draft, person, name):
    with pytest.raises(Denied):
        open_pool(draft, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(draft, person, name):
    with pytest.raises(Denied):
        open_pool(draft, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(draft, dispatcher, head):
    assert at_once(lambda: open_pool(draft, dispatcher), lambda: open_pool(draft, head)) == [
        "done",
        "refused",
    ]


def test_made_only_for_ones_own_place_and_a_day_to_come(guhan, dispatcher, other_dispatcher):
    def create(by, **said):
        fields = {"place_id": guhan.pk, "title": "冬月", "on": TUESDAY, "words": ""} | said
        return rounds.create_pool(**fields, by=by, at=MONDAY)

    with pytest.raises(Denied):
        create(other_dispatcher)
    with pytest.raises(Refused, match="已经过了"):
        create(dispatcher, on=TUESDAY.replace(day=20))
    with pytest.raises(Refused, match="一年以后"):
        create(dispatcher, on=TUESDAY.replace(year=9999))
    with pytest.raises(Refused, match="名字"):
        create(dispatcher, title=" ")


def test_the_day_stays_while_teams_are_counted_on(pool, tour, dispatcher):
    with pytest.raises(Refused, match="先把队伍撤下来"):
        rounds.edit_pool(
            pool_id=pool.pk, title="x", on=TUESDAY.replace(day=25), words="", by=dispatcher, at=MONDAY
        )
    rounds.edit_pool(pool_id=pool.pk, title="冬至进村", on=TUESDAY, words="", by=dispatcher, at=MONDAY)
    assert fresh(pool).title == "冬至进村"
