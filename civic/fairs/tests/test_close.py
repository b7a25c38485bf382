"""Close: the fair is over, and what came of it is written down."""

from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.services import moving
from civic.fairs.services.moving import Outcome
from civic.fairs.tests.factories import MORNING, TOMORROW
from civic.fairs.tests.verbs import OTHERS, at_once, closed_to, fresh, last_line
from civic.journal.models import Entry

OVER = MORNING.upper + timedelta(minutes=20)
OUTCOME = Outcome(leaflet_count=500, quiz_count=60, note="下次多带磨刀石")


def close(fair, by, at=OVER):
    return moving.close(fair_id=fair.pk, outcome=OUTCOME, by=by, at=at)


@pytest.mark.parametrize("state", ["open", "published"])
def test_the_outcome_stands_though_nobody_pressed_start(fair_in, dispatcher, state):
    fair = fair_in(state)
    close(fair, dispatcher)

    fair = fresh(fair)
    assert (fair.state, fair.closed_at, fair.closed_by) == ("held", OVER, dispatcher)
    assert (fair.leaflet_count, fair.quiz_count, fair.note) == (500, 60, "下次多带磨刀石")
    assert last_line(fair) == ("fairs.close", dispatcher)
    assert Entry.objects.order_by("-id").first().details["count"] == 12


def test_a_fair_that_has_not_begun_is_not_over(fair_in, dispatcher):
    with pytest.raises(Refused, match="还没开始"):
        close(fair_in("published"), dispatcher, at=TOMORROW - timedelta(minutes=1))


@pytest.mark.parametrize("state", closed_to("close"))
def test_only_a_public_fair_is_closed(fair_in, dispatcher, state):
    with pytest.raises(Refused):
        close(fair_in(state), dispatcher)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_closes_it(fair_in, person, who):
    fair = fair_in("open")
    with pytest.raises(Denied):
        close(fair, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_closed_twice_at_once_it_is_closed_once(fair_in, dispatcher, head):
    fair = fair_in("open")
    assert at_once(lambda: close(fair, dispatcher), lambda: close(fair, head)) == ["done", "refused"]
