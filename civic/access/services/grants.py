"""Roles are given and taken back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.access import rules
from civic.access.models import Grant
from civic.access.roles import SHEETS, Role
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.people import services as people
from civic.people.models import Person
from civic.places.models import Place

ADMINS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}


@transaction.atomic
def grant(*, person_id: int, role: str, place_id: int, by: Person, at: datetime) -> Grant:
    """Give a role over a place and everything below it.

    Raises Denied without the right to grant there and to oneself; Refused for a role that must not meet one
    the person has (三员分立), for one she has there already, and for an account that is closed or disabled.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    place = Place.objects.get(pk=place_id)
    if person.pk == by.pk or not rules.may_grant(by, place.path):
        raise Denied
    if not person.is_active:
        raise Refused(_("这个账号已停用，不能授予角色。"))
    standing = list(Grant.objects.standing().filter(person=person).order_by("id"))
    if any(row.role == role and row.place_id == place.pk for row in standing):
        raise Refused(_("此人在这里已经有这个角色。"))
    clash = next((row.role for row in standing if SHEETS[row.role].alone and row.role != role), None)
    if SHEETS[role].alone and clash is not None:
        raise Refused(_("系统管理员、安全管理员、审计员不能由同一个人担任。"))
    row = Grant.objects.create(person=person, role=role, place=place, granted_at=at, granted_by=by)
    narrow(person=person)
    journal.write(at=at, by=by, what="access.grant", about=person, place_path=place.path, role=role)
    return row


@transaction.atomic
def revoke(*, grant_id: int, by: Person, at: datetime) -> Grant:
    """Take a role back; at her next request the person no longer has it.

    Raises Denied without the right to grant there, Refused for the last security admin.
    """
    row = Grant.objects.select_for_update(of=("self",)).select_related("place", "person").get(pk=grant_id)
    if not rules.may_grant(by, row.place.path):
        raise Denied
    if row.revoked_at is not None:
        return row
    if row.role == Role.SECURITY_ADMIN and not _another_security_admin(row):
        raise Refused(_("至少要留一位安全管理员，否则没人能再授权。"))
    _end(row, by, at)
    return row


def _another_security_admin(row: Grant) -> bool:
    # Locked, so that two revocations at once cannot take the last two.
    rest = Grant.objects.select_for_update(of=("self",)).standing().filter(role=Role.SECURITY_ADMIN)
    return any(other.pk != row.pk for other in rest.order_by("id"))


def _end(row: Grant, by: Person, at: datetime) -> None:
    row.revoked_at = at
    row.revoked_by = by
    row.save(update_fields=["revoked_at", "revoked_by"])
    journal.write(
        at=at, by=by, what="access.revoke", about=row.person, place_path=row.place.path, role=row.role
    )


@transaction.atomic
def revoke_all(*, person: Person, at: datetime) -> None:
    """Take every role from somebody who leaves. Raises Refused for the last security admin."""
    rows = Grant.objects.select_for_update(of=("self",)).standing().filter(person=person)
    for row in rows.select_related("place", "person").order_by("id"):
        if row.role == Role.SECURITY_ADMIN and not _another_security_admin(row):
            raise Refused(_("您是唯一的安全管理员，请先授权给别人，再注销。"))
        _end(row, person, at)


def narrow(*, person: Person) -> None:
    """Whoever works for the city owes the second step, and may rest half an hour; an admin a quarter."""
    held = {row.role for row in Grant.objects.standing().filter(person=person).order_by("id")}
    minutes = settings.ADMIN_IDLE_MINUTES if held & ADMINS else settings.STAFF_IDLE_MINUTES
    people.narrow_sign_ins(person_id=person.pk, idle_minutes=minutes)
