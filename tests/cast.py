"""The one cast: the same few places and people in every test, as in the demo city.

长治市
├─ 襄垣县          dispatcher, head      (中心)
│  ├─ 古韩镇       institute_clerk       (所)
│  │  └─ 府前社区  zhang, neighbour, station_clerk, team with li and wang   (站)
│  └─ 王桥镇       stranger: a clerk of the next township, with no business in 古韩镇
└─ 长子县          other_dispatcher
   └─ 丹朱镇
supervisor, auditor, security_admin and admin stand over the whole city.
"""

import pytest

from civic.access.roles import Role
from civic.access.tests.factories import staff
from civic.people.tests.factories import PersonFactory
from civic.places.models import Level
from civic.places.tests.factories import PlaceFactory
from civic.venues.models import VenueKind
from civic.venues.tests.factories import VenueFactory
from civic.volunteers.models import TeamKind
from civic.volunteers.tests.factories import MembershipFactory, SkillFactory, TeamFactory, VolunteerFactory

# --- Places.


@pytest.fixture
def city(db):
    return PlaceFactory(level=Level.CITY, name="长治市", code="140400000000")


@pytest.fixture
def xiangyuan(city):
    return PlaceFactory(level=Level.COUNTY, name="襄垣县", parent=city, code="140423000000")


@pytest.fixture
def zhangzi(city):
    return PlaceFactory(level=Level.COUNTY, name="长子县", parent=city, code="140428000000")


@pytest.fixture
def guhan(xiangyuan):
    return PlaceFactory(level=Level.TOWNSHIP, name="古韩镇", parent=xiangyuan, code="140423100000")


@pytest.fixture
def wangqiao(xiangyuan):
    return PlaceFactory(level=Level.TOWNSHIP, name="王桥镇", parent=xiangyuan, code="140423101000")


@pytest.fixture
def danzhu(zhangzi):
    return PlaceFactory(level=Level.TOWNSHIP, name="丹朱镇", parent=zhangzi, code="140428100000")


@pytest.fixture
def fuqian(guhan):
    return PlaceFactory(name="府前社区", parent=guhan, code="140423100001")


# --- Sites.


@pytest.fixture
def center(xiangyuan):
    return VenueFactory(place=xiangyuan, kind=VenueKind.CENTER, name="襄垣县新时代文明实践中心")


@pytest.fixture
def institute(guhan):
    return VenueFactory(place=guhan, kind=VenueKind.INSTITUTE, name="古韩镇新时代文明实践所")


@pytest.fixture
def station(fuqian):
    return VenueFactory(place=fuqian, name="府前社区新时代文明实践站")


# --- Residents and volunteers.


@pytest.fixture
def zhang(fuqian):
    """张桂兰, the resident whose order it is."""
    return PersonFactory(name="张桂兰", home=fuqian, address="府前社区3号楼2单元")


@pytest.fixture
def neighbour(fuqian):
    """Lives next door; another resident's order is none of her business."""
    return PersonFactory(name="刘秀英", home=fuqian)


@pytest.fixture
def appliances(db):
    return SkillFactory(slug="appliances", name="小家电维修")


@pytest.fixture
def li(fuqian, appliances):
    """李建国, leader of 匠心家电; the person."""
    return VolunteerFactory(person__name="李建国", home=fuqian, skills=[appliances]).person


@pytest.fixture
def team(li, guhan, appliances):
    """匠心家电, a team of 古韩镇 with its leader as a member."""
    team = TeamFactory(name="匠心家电", kind=TeamKind.SPECIAL, place=guhan, leader=li, skills=[appliances])
    MembershipFactory(team=team, volunteer=li.volunteer)
    return team


@pytest.fixture
def wang(team, fuqian, appliances):
    """王师傅, a member of 匠心家电 who leads nothing; the person."""
    volunteer = VolunteerFactory(person__name="王志强", home=fuqian, skills=[appliances])
    MembershipFactory(team=team, volunteer=volunteer)
    return volunteer.person


# --- Staff.


@pytest.fixture
def station_clerk(fuqian):
    return staff("赵敏", Role.STATION_CLERK, fuqian)


@pytest.fixture
def institute_clerk(guhan):
    return staff("孙丽", Role.INSTITUTE_CLERK, guhan)


@pytest.fixture
def dispatcher(xiangyuan):
    return staff("周洁", Role.CENTER_DISPATCHER, xiangyuan)


@pytest.fixture
def head(xiangyuan):
    return staff("吴刚", Role.CENTER_HEAD, xiangyuan)


@pytest.fixture
def supervisor(city):
    return staff("郑涛", Role.CITY_SUPERVISOR, city)


@pytest.fixture
def auditor(city):
    return staff("冯静", Role.AUDITOR, city)


@pytest.fixture
def security_admin(city):
    return staff("陈峰", Role.SECURITY_ADMIN, city)


@pytest.fixture
def admin(city):
    return staff("褚云", Role.SYSTEM_ADMIN, city)


@pytest.fixture
def stranger(wangqiao):
    """A clerk of the next township."""
    return staff("卫东", Role.INSTITUTE_CLERK, wangqiao)


@pytest.fixture
def other_dispatcher(zhangzi):
    """The dispatcher of the next county."""
    return staff("蒋明", Role.CENTER_DISPATCHER, zhangzi)
