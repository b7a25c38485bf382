"""Giving and taking roles: who may, what must not meet, what happens to open browsers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from civic.access import queries, services
from civic.access.models import Grant
from civic.access.roles import Permission, Role
from civic.access.tests.factories import GrantFactory, staff
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.people import services as people
from civic.people.models import Person
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


def give(person, role, place, by):
    return services.grant(person_id=person.pk, role=role, place_id=place.pk, by=by, at=NOON)


def fresh(person):
    return Person.objects.get(pk=person.pk)


def test_a_role_reaches_the_whole_subtree(security_admin, zhang, xiangyuan, fuqian, zhangzi):
    row = give(zhang, Role.CENTER_DISPATCHER, xiangyuan, security_admin)
    assert (row.granted_by, row.granted_at) == (security_admin, NOON)
    holder = fresh(zhang)
    assert queries.reaches(holder, Permission.ORDERS_DISPATCH, fuqian.path)
    assert not queries.reaches(holder, Permission.ORDERS_DISPATCH, zhangzi.path)
    line = Entry.objects.get(what="access.grant")
    assert (line.by, line.about_id, line.details) == (security_admin, zhang.pk, {"role": "center_dispatcher"})


@pytest.mark.parametrize("giver", ["admin", "head", "auditor", "zhang", "supervisor"])
def test_only_the_security_admin_gives_roles(request, giver, neighbour, city):
    with pytest.raises(Denied):
        give(neighbour, Role.STATION_CLERK, city, request.getfixturevalue(giver))


def test_a_security_admin_of_one_county_gives_nothing_in_the_next(zhang, xiangyuan, danzhu, guhan):
    local = staff("韩梅", Role.SECURITY_ADMIN, xiangyuan)
    assert give(zhang, Role.INSTITUTE_CLERK, guhan, local)
    with pytest.raises(Denied):
        give(zhang, Role.INSTITUTE_CLERK, danzhu, local)


def test_nobody_gives_a_role_to_himself(security_admin, city):
    with pytest.raises(Denied):
        give(security_admin, Role.CENTER_HEAD, city, security_admin)


ALONE = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]


@pytest.mark.parametrize("held", ALONE)
@pytest.mark.parametrize("added", ALONE)
def test_the_three_admins_never_meet_in_one_person(security_admin, city, xiangyuan, held, added):
    person = staff("秦奋", held, city)
    if held == added:
        assert give(person, added, xiangyuan, security_admin)
    else:
        with pytest.raises(Refused, match="不能由同一个人"):
            give(person, added, xiangyuan, security_admin)


def test_the_same_role_is_given_once(security_admin, zhang, fuqian):
    give(zhang, Role.STATION_CLERK, fuqian, security_admin)
    with pytest.raises(Refused, match="已经有这个角色"):
        give(zhang, Role.STATION_CLERK, fuqian, security_admin)


def test_a_disabled_person_gets_no_role(security_admin, fuqian):
    with pytest.raises(Refused, match="停用"):
        give(PersonFactory(is_active=False), Role.STATION_CLERK, fuqian, security_admin)


def test_a_new_role_shortens_the_rest_of_open_browsers(security_admin, zhang, city):
    row = people.begin_sign_in(person=zhang, session_key="k", device="", address="", at=NOON)
    give(zhang, Role.AUDITOR, city, security_admin)
    row.refresh_from_db()
    assert (row.needs_totp, row.idle_minutes) == (True, 15)


def test_a_role_taken_back_reaches_nothing(security_admin, dispatcher, fuqian):
    row = Grant.objects.get(person=dispatcher)
    services.revoke(grant_id=row.pk, by=security_admin, at=NOON)
    assert not queries.reaches(fresh(dispatcher), Permission.ORDERS_DISPATCH, fuqian.path)
    again = services.revoke(grant_id=row.pk, by=security_admin, at=NOON + timedelta(hours=1))
    assert again.revoked_at == NOON
    assert Entry.objects.filter(what="access.revoke").count() == 1


def test_taking_back_needs_the_reach(dispatcher, admin):
    with pytest.raises(Denied):
        services.revoke(grant_id=Grant.objects.get(person=dispatcher).pk, by=admin, at=NOON)


def test_the_last_security_admin_stays(security_admin, city):
    row = Grant.objects.get(person=security_admin)
    with pytest.raises(Refused, match="至少要留一位"):
        services.revoke(grant_id=row.pk, by=security_admin, at=NOON)
    with pytest.raises(Refused, match="唯一的安全管理员"):
        people.close_account(person_id=security_admin.pk, by=security_admin, at=NOON)
    staff("韩梅", Role.SECURITY_ADMIN, city)
    assert services.revoke(grant_id=row.pk, by=security_admin, at=NOON).revoked_at == NOON


def test_whoever_leaves_keeps_no_role(dispatcher):
    people.close_account(person_id=dispatcher.pk, by=dispatcher, at=NOON)
    row = Grant.objects.get(person=dispatcher)
    assert (row.revoked_at, row.revoked_by_id) == (NOON, dispatcher.pk)


# --- Accounts


def test_inviting_makes_the_person_of_the_phone(security_admin, guhan):
    row = services.invite(
        phone="138 0000 5678",
        name="钱进",
        role=Role.INSTITUTE_CLERK,
        place_id=guhan.pk,
        by=security_admin,
        at=NOON,
    )
    assert (row.person.phone, row.person.name) == ("13800005678", "钱进")


def test_inviting_somebody_known_keeps_her_name_and_fills_an_empty_one(security_admin, guhan, zhang):
    row = services.invite(
        phone=zhang.phone, name="别名", role=Role.STATION_CLERK, place_id=guhan.pk, by=security_admin, at=NOON
    )
    assert row.person.name == "张桂兰"
    nameless = PersonFactory(name="")
    row = services.invite(
        phone=nameless.phone,
        name="钱进",
        role=Role.STATION_CLERK,
        place_id=guhan.pk,
        by=security_admin,
        at=NOON,
    )
    assert row.person.name == "钱进"


def test_inviting_needs_the_right(admin, guhan):
    with pytest.raises(Denied):
        services.invite(
            phone="13800005678", name="钱进", role=Role.STATION_CLERK, place_id=guhan.pk, by=admin, at=NOON
        )
    assert not Person.objects.filter(name="钱进").exists()


def test_a_disabled_account_is_out_at_once_and_can_come_back(client, security_admin, dispatcher):
    client.force_login(dispatcher)
    assert client.get("/my/profile/").status_code == 200
    services.disable(person_id=dispatcher.pk, by=security_admin, at=timezone.now())
    assert client.get("/my/profile/").status_code == 302
    services.enable(person_id=dispatcher.pk, by=security_admin, at=NOON)
    assert fresh(dispatcher).is_active


@pytest.mark.parametrize("service", [services.disable, services.enable, services.reset_second_step])
def test_accounts_out_of_reach_are_left_alone(service, xiangyuan, other_dispatcher, security_admin):
    local = staff("韩梅", Role.SECURITY_ADMIN, xiangyuan)
    with pytest.raises(Denied):
        service(person_id=other_dispatcher.pk, by=local, at=NOON)
    with pytest.raises(Denied):
        service(person_id=security_admin.pk, by=security_admin, at=NOON)


def test_an_account_closed_by_its_owner_stays_closed(security_admin, zhang):
    people.close_account(person_id=zhang.pk, by=zhang, at=NOON)
    with pytest.raises(Refused, match="本人注销"):
        services.enable(person_id=zhang.pk, by=security_admin, at=NOON)


def test_a_lost_phone_is_unbound(security_admin, dispatcher):
    dispatcher.totp_secret = "JBSWY3DPEHPK3PXP"
    dispatcher.save()
    services.reset_second_step(person_id=dispatcher.pk, by=security_admin, at=NOON)
    assert fresh(dispatcher).totp_secret == ""


@pytest.mark.parametrize("wrong", [{"role": "king"}, {"revoked_at": NOON}])
def test_the_database_refuses_unknown_roles_and_half_revocations(wrong):
    with pytest.raises(IntegrityError):
        GrantFactory(**wrong)
