"""What is offered gets its answer: used, and on the menu."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.tests.verbs import at_once
from civic.pooling.services import giving, rounds
from civic.pooling.tests.days import MONDAY, fresh, laid, last_line, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(pool, station, station_clerk, haircut):
    return giving.offer(
        pool_id=pool.pk,
        kind="talent",
        giver=station,
        words="会理发的张师傅",
        skill_id=haircut.pk,
        by=station_clerk,
        at=MONDAY,
    )


def take(given, by):
    return giving.take(contribution_id=given.pk, tour_id=None, by=by, at=MONDAY)


def test_works(given, pool, dispatcher, station_clerk):
    take(given, dispatcher)
    assert fresh(given).state == "taken"
    assert last_line(pool) == ("pooling.take", dispatcher)
    assert (station_clerk, "taken") in told(pool)


def test_wrong_state(given, dispatcher):
    take(given, dispatcher)
    with pytest.raises(Refused):
        take(given, dispatcher)


def test_not_when_the_round_is_over(given, pool, dispatcher):
    rounds.cancel(pool_id=pool.pk, reason="下雪", by=dispatcher, at=MONDAY)
    with pytest.raises(Refused):
        take(given, dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(given, person, name):
    with pytest.raises(Denied):
        take(given, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(given, person, name):
    with pytest.raises(Denied):
        take(given, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(given, dispatcher, head):
    assert at_once(lambda: take(given, dispatcher), lambda: take(given, head)) == ["done", "refused"]


def test_a_talent_brings_its_skill_to_the_tour(given, pool, van, tour, asked, haircut, dispatcher):
    van.skills.remove(haircut)
    giving.take(contribution_id=given.pk, tour_id=tour.pk, by=dispatcher, at=MONDAY)
    laid(pool, tour, dispatcher)
    assert tour.stops.count() == 3
    with pytest.raises(Refused, match="要用到这项手艺"):
        giving.ride(contribution_id=given.pk, tour_id=None, by=dispatcher, at=MONDAY)


def test_only_those_who_work_there_put_something_in(pool, station, stranger, station_clerk, zhang):
    def offer(giver, by):
        return giving.offer(pool_id=pool.pk, kind="idea", giver=giver, words="反诈小品", by=by, at=MONDAY)

    assert offer("县农商行", station_clerk).partner == "县农商行"
    for giver, by in ((station, stranger), (station, zhang), ("县农商行", zhang), ("县农商行", stranger)):
        with pytest.raises(Denied):
            offer(giver, by)
    with pytest.raises(Refused, match="合作单位"):
        offer(" ", station_clerk)
