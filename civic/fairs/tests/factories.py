"""Fairs, stalls and proposals for tests."""

from datetime import time, timedelta

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory

from civic.fairs.models import Fair, RecurringDay, Siting, Stall, StallSession
from civic.fairs.states import FairState
from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import LONG_AGO, NOON

S = FairState
TOMORROW = NOON.replace(hour=9) + timedelta(days=1)
MORNING = DateTimeTZRange(TOMORROW, TOMORROW + timedelta(hours=3))
SIGNED = {
    S.PUBLISHED: ("published",),
    S.OPEN: ("published", "started"),
    S.HELD: ("published", "closed"),
    S.CANCELLED: ("cancelled",),
}


class FixedDayFactory(DjangoModelFactory):
    """Every Friday morning."""

    class Meta:
        model = RecurringDay

    place = factory.SubFactory(PlaceFactory)
    name = "周五有约"
    rhythm = "weekly"
    weekday = 4
    opens = time(9)
    closes = time(11, 30)
    set_at = LONG_AGO
    set_by = factory.SubFactory(PersonFactory)


class FairFactory(DjangoModelFactory):
    """A fair tomorrow morning; `state` brings along the signatures that the constraints ask for."""

    class Meta:
        model = Fair

    place = factory.SubFactory(PlaceFactory)
    title = "周五文明集市"
    spot = "文化广场"
    span = MORNING
    state = S.PLANNED
    planned_at = LONG_AGO
    planned_by = factory.SubFactory(PersonFactory)
    reason = factory.LazyAttribute(lambda fair: "有大风" if fair.state == S.CANCELLED else "")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        for move in SIGNED.get(S(fields["state"]), ()):
            fields.setdefault(f"{move}_at", LONG_AGO)
            fields.setdefault(f"{move}_by", fields["planned_by"])
        return super()._create(model_class, *args, **fields)


class StallFactory(DjangoModelFactory):
    """Free haircuts by a team, wherever in the place a fair is."""

    class Meta:
        model = Stall

    place = factory.SubFactory(PlaceFactory)
    kind = "mobile"
    title = factory.Sequence(lambda n: f"义务理发{n}")
    offer = "剪发、刮脸"
    team = factory.SubFactory(TeamFactory, place=factory.SelfAttribute("..place"))
    opened_at = LONG_AGO
    opened_by = factory.SelfAttribute("team.leader")


class SessionFactory(DjangoModelFactory):
    """The stall at a fair."""

    class Meta:
        model = StallSession

    fair = factory.SubFactory(FairFactory)
    stall = factory.SubFactory(StallFactory, place=factory.SelfAttribute("..fair.place"))
    span = factory.SelfAttribute("fair.span")
    team = factory.SelfAttribute("stall.team")
    is_mobile = factory.LazyAttribute(lambda session: session.stall.kind == "mobile")
    joined_at = LONG_AGO
    joined_by = factory.SelfAttribute("stall.opened_by")


class SitingFactory(DjangoModelFactory):
    """A question that waits for the worker."""

    class Meta:
        model = Siting

    place = factory.SubFactory(PlaceFactory)
    fair_count = 1
    radius_m = 3000
    asked_at = LONG_AGO
    asked_by = factory.SubFactory(PersonFactory)
