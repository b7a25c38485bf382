"""The first security admin comes from the command line, once."""

import pytest
from django.core.management import CommandError, call_command

from civic.access.models import Grant
from civic.access.roles import Role
from civic.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_an_empty_house_gets_its_first_security_admin(city):
    call_command("found", phone="139 0355 1234", name="陈立")

    grant = Grant.objects.get()
    assert (grant.role, grant.place, grant.person.phone) == (Role.SECURITY_ADMIN, city, "13903551234")
    assert Entry.objects.filter(what="access.found", about_id=grant.pk).exists()


def test_once_there_is_one_nobody_is_made_from_the_command_line(city):
    call_command("found", phone="13903551234", name="陈立")
    with pytest.raises(CommandError):
        call_command("found", phone="13903551235", name="褚明")
    assert Grant.objects.count() == 1


def test_a_wrong_phone_is_told(city):
    with pytest.raises(CommandError):
        call_command("found", phone="1390355", name="陈立")
    assert not Grant.objects.exists()
