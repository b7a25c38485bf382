"""The named accounts of the demo, listed on its sign-in page."""

from dataclasses import dataclass
from datetime import datetime

from civic.access import services as access
from civic.access.roles import Role
from civic.people import services as people
from civic.people.models import Person, Purpose
from civic.places.models import Level, Place

CITY, COUNTY, TOWNSHIP, VILLAGE = "140400000000", "140423000000", "140423100000", "140423100011"
NEXT_TOWNSHIP, NEXT_COUNTY, DISTRICT = "140423101000", "140428000000", "140403000000"


@dataclass(frozen=True, slots=True)
class Part:
    """One account: who, the last four figures of the phone, the role if any, and where."""

    name: str
    figures: str
    place: str
    role: str = ""

    @property
    def phone(self) -> str:
        """A number no operator gives out."""
        return f"1000000{self.figures}"


PARTS = (
    Part("张桂兰", "0001", VILLAGE),
    Part("刘秀英", "0002", VILLAGE),
    Part("李建国", "0003", VILLAGE),
    Part("王志强", "0004", VILLAGE),
    Part("赵敏", "0005", VILLAGE, Role.STATION_CLERK),
    Part("孙丽", "0006", TOWNSHIP, Role.INSTITUTE_CLERK),
    Part("周洁", "0007", COUNTY, Role.CENTER_DISPATCHER),
    Part("吴刚", "0008", COUNTY, Role.CENTER_HEAD),
    Part("郑涛", "0009", CITY, Role.CITY_SUPERVISOR),
    Part("冯静", "0010", CITY, Role.AUDITOR),
    Part("陈立", "0011", CITY, Role.SECURITY_ADMIN),
    Part("褚明", "0012", CITY, Role.SYSTEM_ADMIN),
    Part("卫华", "0013", NEXT_TOWNSHIP, Role.INSTITUTE_CLERK),
    Part("蒋欣", "0014", NEXT_COUNTY, Role.CENTER_DISPATCHER),
    Part("沈洋", "0015", DISTRICT, Role.CENTER_DISPATCHER),
)


def appoint(*, at: datetime) -> dict[str, Person]:
    """Make the cast with their roles; returns them by name."""
    places = {place.code: place for place in Place.objects.exclude(code=None)}
    found: dict[str, Person] = {}
    for part in PARTS:
        person = people.find_or_create_by_phone(
            phone=part.phone, name=part.name, at=at, by=None, home=places[part.place]
        )
        found[part.name] = person
        people.give_consent(person_id=person.pk, purpose=Purpose.SERVICE, channel="web", by=person, at=at)
    founder = next(part for part in PARTS if part.role == Role.SECURITY_ADMIN)
    first = access.found(phone=founder.phone, name=founder.name, at=at)
    for part in PARTS:
        person = found[part.name]
        if part.role and part is not founder:
            access.grant(person_id=person.pk, role=part.role, place_id=places[part.place].pk, by=first, at=at)
    return found


def staff_of_counties(founder: Person, *, names: list[str], at: datetime) -> dict[str, Person]:
    """A dispatcher for every county that has none in the cast; returns them by the county's code."""
    taken = {part.place: part for part in PARTS if part.role == Role.CENTER_DISPATCHER}
    found: dict[str, Person] = {}
    counties = Place.objects.filter(level=Level.COUNTY).in_order()
    for index, county in enumerate(counties):
        code = county.code or ""
        if code in taken:
            found[code] = people.find_or_create_by_phone(
                phone=taken[code].phone, name=taken[code].name, at=at, by=None, home=county
            )
            continue
        person = people.find_or_create_by_phone(
            phone=f"1000000{1000 + index}", name=names[index], at=at, by=None, home=county
        )
        access.grant(person_id=person.pk, role=Role.CENTER_DISPATCHER, place_id=county.pk, by=founder, at=at)
        found[code] = person
    return found
