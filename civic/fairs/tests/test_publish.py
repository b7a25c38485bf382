"""Publish: residents see the fair, and the teams of its stalls are told."""

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.services import moving
from civic.fairs.tests.factories import MORNING, FairFactory, SessionFactory, StallFactory
from civic.fairs.tests.verbs import OTHERS, at_once, closed_to, fresh, last_line, told
from tests.moments import NOON


def publish(fair, by, at=NOON):
    return moving.publish(fair_id=fair.pk, by=by, at=at)


@pytest.mark.parametrize("who", ["institute_clerk", "dispatcher", "head"])
def test_it_is_shown_and_the_team_is_told(fair_in, person, who, li):
    fair, by = fair_in("planned"), person(who)
    publish(fair, by)

    fair = fresh(fair)
    assert (fair.state, fair.published_at, fair.published_by) == ("published", NOON, by)
    assert last_line(fair) == ("fairs.publish", by)
    assert told() == {(li, "published")}


def test_partners_and_a_leader_who_publishes_herself_are_not_told(fair_in, fuqian, institute_clerk):
    fair = fair_in("planned")
    fair.sessions.all().delete()
    SessionFactory(fair=fair, stall__place=fuqian, stall__team__leader=institute_clerk)
    firm = StallFactory(place=fuqian, team=None, partner="县供电公司", opened_by=institute_clerk)
    SessionFactory(fair=fair, stall=firm)
    publish(fair, institute_clerk)
    assert told() == set()


def test_a_fair_without_a_stall_is_not_shown(fuqian, dispatcher):
    fair = FairFactory(place=fuqian)
    with pytest.raises(Refused, match="摊位"):
        publish(fair, dispatcher)
    assert fresh(fair).state == "planned"


def test_a_fair_that_is_past_is_not_shown(fair_in, dispatcher):
    with pytest.raises(Refused, match="过去"):
        publish(fair_in("planned"), dispatcher, at=MORNING.upper)


@pytest.mark.parametrize("state", closed_to("publish"))
def test_only_a_planned_fair_is_published(fair_in, dispatcher, state):
    with pytest.raises(Refused):
        publish(fair_in(state), dispatcher)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_publishes(fair_in, person, who):
    fair = fair_in("planned")
    with pytest.raises(Denied):
        publish(fair, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_published_twice_at_once_tells_the_team_once(fair_in, dispatcher, head, li):
    fair = fair_in("planned")
    assert at_once(lambda: publish(fair, dispatcher), lambda: publish(fair, head)) == ["done", "refused"]
    assert told() == {(li, "published")}
