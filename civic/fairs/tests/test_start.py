"""Start: the fair begins, on its day."""

from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.services import moving
from civic.fairs.tests.factories import TOMORROW
from civic.fairs.tests.verbs import OTHERS, at_once, closed_to, fresh, last_line

EARLY = TOMORROW - timedelta(hours=1)


def start(fair, by, at=EARLY):
    return moving.start(fair_id=fair.pk, by=by, at=at)


def test_it_is_going_on(fair_in, institute_clerk):
    fair = fair_in("published")
    start(fair, institute_clerk)
    fair = fresh(fair)
    assert (fair.state, fair.started_at, fair.started_by) == ("open", EARLY, institute_clerk)
    assert last_line(fair) == ("fairs.start", institute_clerk)


@pytest.mark.parametrize(
    ("at", "words"),
    [(TOMORROW - timedelta(hours=3), "没到时间"), (TOMORROW + timedelta(days=1), "不是当天")],
    ids=["too early", "the day after"],
)
def test_only_on_its_day(fair_in, dispatcher, at, words):
    fair = fair_in("published")
    with pytest.raises(Refused, match=words):
        start(fair, dispatcher, at=at)
    assert fresh(fair).state == "published"


@pytest.mark.parametrize("state", closed_to("start"))
def test_only_a_public_fair_begins(fair_in, dispatcher, state):
    with pytest.raises(Refused):
        start(fair_in(state), dispatcher)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_begins_it(fair_in, person, who):
    fair = fair_in("published")
    with pytest.raises(Denied):
        start(fair, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_begins_once(fair_in, dispatcher, head):
    fair = fair_in("published")
    assert at_once(lambda: start(fair, dispatcher), lambda: start(fair, head)) == ["done", "refused"]
