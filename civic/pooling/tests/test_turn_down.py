"""What is offered gets its answer: thank you, not this time."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.tests.verbs import at_once
from civic.pooling.services import giving, rounds
from civic.pooling.tests.days import MONDAY, fresh, last_line, told

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


def turn_down(given, by):
    return giving.turn_down(contribution_id=given.pk, answer="下次一定用", by=by, at=MONDAY)


def test_works(given, pool, dispatcher, station_clerk):
    turn_down(given, dispatcher)
    assert fresh(given).state == "declined"
    assert last_line(pool) == ("pooling.turn_down", dispatcher)
    assert (station_clerk, "turned_down") in told(pool)


def test_wrong_state(given, dispatcher):
    turn_down(given, dispatcher)
    with pytest.raises(Refused):
        turn_down(given, dispatcher)


def test_not_when_the_round_is_over(given, pool, dispatcher):
    rounds.cancel(pool_id=pool.pk, reason="下雪", by=dispatcher, at=MONDAY)
    with pytest.raises(Refused):
        turn_down(given, dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(given, person, name):
    with pytest.raises(Denied):
        turn_down(given, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(given, person, name):
    with pytest.raises(Denied):
        turn_down(given, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(given, dispatcher, head):
    assert at_once(lambda: turn_down(given, dispatcher), lambda: turn_down(given, head)) == [
        "done",
        "refused",
    ]
