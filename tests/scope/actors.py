"""Who asks: guests, residents, those who serve, and every role at every distance from home."""

from dataclasses import dataclass

from civic.access.queries import holds, paths_reached
from civic.access.roles import SHEETS, Permission, Role
from civic.access.tests.factories import GrantFactory, staff
from civic.orders.states import OrderState
from civic.people.tests.factories import PersonFactory

S = OrderState
# Where each role lives: own subtree, the next one of the same level, the parent, a stranger.
STATION = ("fuqian", "wangqiao", "guhan", "danzhu")
INSTITUTE = ("guhan", "wangqiao", "xiangyuan", "danzhu")
CENTER = ("xiangyuan", "zhangzi", "city", "danzhu")
CITY = ("city", "zhangzi", "xiangyuan", "danzhu")
HOMES = {
    Role.STATION_CLERK: STATION,
    Role.INSTITUTE_CLERK: INSTITUTE,
    Role.CENTER_DISPATCHER: CENTER,
    Role.CENTER_HEAD: CENTER,
    Role.CITY_SUPERVISOR: CITY,
    Role.AUDITOR: CITY[:2],
    Role.SECURITY_ADMIN: CITY[:2],
    Role.SYSTEM_ADMIN: CITY[:2],
}
DISTANCES = ("own", "next", "parent", "stranger")


@dataclass(frozen=True)
class Actor:
    """One asker. `person` is None for a guest; `owns` and `serves` name the ground where she does."""

    name: str
    person: object = None
    owns: str = ""
    serves: str = ""
    leads: str = ""

    def holds(self, permission=""):
        return self.person is not None and holds(self.person, permission)

    def reaches_into(self, permission, path):
        """Whether she holds the permission anywhere below a place."""
        return self.person is not None and any(
            top.startswith(path) for top in paths_reached(self.person, permission)
        )

    def reaches(self, permission, path):
        return self.person is not None and any(
            path.startswith(top) for top in paths_reached(self.person, permission)
        )


def residents(city):
    """People without a role."""
    neighbour = PersonFactory(name="刘秀英", home=city.home.place)
    yield Actor("guest")
    yield Actor("resident", city.home.resident, owns="home")
    yield Actor("neighbour", neighbour)
    yield Actor("leader", city.home.team.leader, serves="home", leads="home")
    yield Actor("member", city.home.member.person, serves="home")
    yield Actor("asking", city.home.asking.volunteer.person)
    yield Actor("leader of the next township", city.next.team.leader, serves="next", leads="next")
    yield Actor("leader of the next county", city.far.team.leader, serves="far", leads="far")


def is_asked(actor, address):
    """Pages for everybody are asked by people without a role and by each role once, at home."""
    return address.audience not in {"public", "member"} or not actor.name.endswith(DISTANCES[1:])


def holders_of(role, cast):
    """The role at every distance from home."""
    for distance, name in zip(DISTANCES, HOMES[role], strict=False):
        yield Actor(f"{role} {distance}", staff(f"{role}{distance}"[:40], role, cast(name)))


def past_and_mixed(cast):
    """A clerk whose role was taken back, and one with a small role here and a great one elsewhere."""
    gone = GrantFactory(role=Role.CENTER_HEAD, place=cast("xiangyuan"))
    gone.revoked_at = gone.granted_at
    gone.revoked_by = PersonFactory()
    gone.save()
    yield Actor("revoked head", gone.person)
    mixed = staff("两处", Role.STATION_CLERK, cast("fuqian"))
    GrantFactory(person=mixed, role=Role.CENTER_HEAD, place=cast("zhangzi"))
    yield Actor("clerk here, head elsewhere", mixed)


def is_known(role):
    """Whether the matrix knows where a role lives; a new role must be placed."""
    return role in HOMES and role in SHEETS


def may_read_all_of(actor, ground):
    """Whether sentences of orders at `ground` may be read by the actor at the desk."""
    return actor.reaches(Permission.ORDERS_SEE, ground.place.path) or actor.reaches(
        Permission.FEEDBACK_ANSWER, ground.place.path
    )
