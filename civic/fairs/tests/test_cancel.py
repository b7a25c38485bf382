"""Cancel: the fair is called off, its stalls are free, its teams are told."""

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.services import moving
from civic.fairs.tests.verbs import OTHERS, at_once, closed_to, fresh, last_line, told
from tests.moments import NOON


def cancel(fair, by, reason="有大风"):
    return moving.cancel(fair_id=fair.pk, reason=reason, by=by, at=NOON)


def test_the_teams_of_a_public_fair_are_told_why(fair_in, dispatcher, li):
    fair = fair_in("published")
    cancel(fair, dispatcher)

    fair = fresh(fair)
    assert (fair.state, fair.reason, fair.cancelled_by) == ("cancelled", "有大风", dispatcher)
    session = fair.sessions.get()
    assert (session.left_at, session.left_by) == (NOON, dispatcher)
    assert last_line(fair) == ("fairs.cancel", dispatcher)
    assert told() == {(li, "cancelled")}


def test_of_a_draft_nobody_was_told_and_nobody_is(fair_in, dispatcher):
    cancel(fair_in("planned"), dispatcher)
    assert told() == set()


def test_a_reason_is_needed(fair_in, dispatcher):
    with pytest.raises(Refused, match="为什么"):
        cancel(fair_in("published"), dispatcher, reason="  ")


@pytest.mark.parametrize("state", closed_to("cancel"))
def test_a_fair_that_began_or_ended_is_not_cancelled(fair_in, dispatcher, state):
    with pytest.raises(Refused):
        cancel(fair_in(state), dispatcher)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_cancels_it(fair_in, person, who):
    fair = fair_in("published")
    with pytest.raises(Denied):
        cancel(fair, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_cancelled_twice_at_once_tells_the_team_once(fair_in, dispatcher, head, li):
    fair = fair_in("published")
    assert at_once(lambda: cancel(fair, dispatcher), lambda: cancel(fair, head)) == ["done", "refused"]
    assert told() == {(li, "cancelled")}
