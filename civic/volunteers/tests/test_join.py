import threading

import pytest
from django.db import connection

from civic.core.errors import Refused
from civic.notices.models import Notice
from civic.volunteers import services
from civic.volunteers.models import Membership
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON


@pytest.fixture
def fresh(fuqian):
    return VolunteerFactory(home=fuqian).person


def test_a_volunteer_asks_and_the_leader_is_told_without_a_name(team, fresh, li):
    membership = services.join(team_id=team.pk, by=fresh, at=NOON)
    assert (membership.state, membership.asked_at) == ("asked", NOON)
    notice = Notice.objects.get(person=li)
    assert notice.kind == "volunteers.asked"
    assert fresh.name not in str(notice.params)


def test_a_resident_registers_first(team, zhang):
    with pytest.raises(Refused, match="请先注册"):
        services.join(team_id=team.pk, by=zhang, at=NOON)


def test_once_is_enough_and_who_left_may_ask_again(team, fresh):
    membership = services.join(team_id=team.pk, by=fresh, at=NOON)
    with pytest.raises(Refused, match="已经在"):
        services.join(team_id=team.pk, by=fresh, at=NOON)
    services.leave(membership_id=membership.pk, by=fresh, at=NOON)
    services.join(team_id=team.pk, by=fresh, at=NOON)
    assert Membership.objects.filter(volunteer__person=fresh).count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_ask_once(team, fresh):
    line, answers = threading.Barrier(2), []

    def press():
        line.wait()
        try:
            services.join(team_id=team.pk, by=fresh, at=NOON)
            answers.append("asked")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["asked", "refused"]
