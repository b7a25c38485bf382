"""Skills, volunteers and teams for tests."""

import factory
from factory.django import DjangoModelFactory

from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.models import Membership, Skill, Team, TeamKind, Volunteer
from civic.volunteers.states import MembershipState
from tests.moments import LONG_AGO


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    slug = factory.Sequence(lambda n: f"skill-{n}")
    name = factory.Sequence(lambda n: f"技能{n}")


class VolunteerFactory(DjangoModelFactory):
    """A registered volunteer; `skills=[…]` gives her some."""

    class Meta:
        model = Volunteer
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    home = factory.SubFactory(PlaceFactory)
    registered_at = LONG_AGO

    @factory.post_generation
    def skills(self, create, skills):
        """Set what the caller gave."""
        if create and skills:
            self.skills.set(skills)


class TeamFactory(DjangoModelFactory):
    """A squad at a place, led by someone; `skills=[…]` gives it some."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"志愿服务队{n}")
    kind = TeamKind.SPECIAL
    place = factory.SubFactory(PlaceFactory)
    leader = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def skills(self, create, skills):
        """Set what the caller gave."""
        if create and skills:
            self.skills.set(skills)


class MembershipFactory(DjangoModelFactory):
    """A member of long standing."""

    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    state = MembershipState.MEMBER
    asked_at = LONG_AGO
    decided_at = LONG_AGO
    decided_by = factory.SelfAttribute("team.leader")
