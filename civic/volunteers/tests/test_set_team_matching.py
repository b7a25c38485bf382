"""The leader lets the engine propose the team, or not."""

import pytest

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.orders.models import Touch
from civic.volunteers import services
from tests.moments import NOON


def switch(team, by, *, on=False):
    return services.set_team_matching(team_id=team.pk, matching=on, by=by, at=NOON)


def test_the_leader_switches_and_the_engine_looks_again(team, li):
    Touch.objects.all().delete()
    assert not switch(team, li).matching
    assert switch(team, li, on=True).matching
    assert [one.thing for one in Touch.objects.order_by("pk")] == [f"team:{team.pk}"] * 2
    assert Entry.objects.filter(what="volunteers.set_team_matching", by=li).count() == 2


@pytest.mark.parametrize("who", ["wang", "zhang", "stranger", "other_dispatcher"])
def test_nobody_else(team, request, who):
    with pytest.raises(Denied):
        switch(team, request.getfixturevalue(who))


def test_not_of_a_closed_team(team, li):
    type(team).objects.update(closed_on=NOON.date())
    with pytest.raises(Refused):
        switch(team, li)
