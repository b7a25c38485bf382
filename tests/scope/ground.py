"""Three neighbourhoods with something in every drawer, each marked so that a leak can be seen.

home    府前社区, in 古韩镇, 襄垣县
next    a village of the next township of the same county
far     a village of the next county
"""

import io
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image

from civic.access.roles import Role
from civic.access.tests.factories import GrantFactory
from civic.fairs.tests.factories import FairFactory, FixedDayFactory, SessionFactory, SitingFactory
from civic.notices.models import Delivery, Notice
from civic.orders.models import (
    Attachment,
    CallBack,
    Claim,
    Feedback,
    Issue,
    Provision,
    Review,
    Ruling,
    Switch,
    Synonym,
    Visit,
)
from civic.orders.models.work import CallBackReason, FeedbackKind
from civic.orders.states import OrderState
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import bring
from civic.people.tests.factories import PersonFactory
from civic.places.models import Alias
from civic.places.tests.factories import PlaceFactory
from civic.pooling.tests.factories import (
    ContributionFactory,
    NeedFactory,
    PoolFactory,
    StopFactory,
    TourFactory,
)
from civic.venues.models import Batch, Photo, Series
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from civic.volunteers.models import TeamKind
from civic.volunteers.states import MembershipState
from civic.volunteers.tests.factories import MembershipFactory, TeamFactory, VolunteerFactory
from tests.moments import LONG_AGO, NOON

S = OrderState
BEGUN = (S.IN_SERVICE, S.SERVED, S.DISPUTED, S.REVIEWED, S.CLOSED)
DONE = (S.SERVED, S.DISPUTED, S.REVIEWED, S.CLOSED)


@dataclass(frozen=True)
class Marks:
    """What may not be read elsewhere: unmistakable names, phones, doors and sentences."""

    key: str
    number: int

    @property
    def name(self):
        return f"名丝雀{self.key}"

    @property
    def phone(self):
        return f"1370000{self.number:04}"

    @property
    def address(self):
        return f"门丝雀{self.key}3号楼"

    @property
    def words(self):
        return f"话丝雀{self.key}想修电饭锅"

    @property
    def leader_phone(self):
        return f"1350000{self.number:04}"

    @property
    def member_phone(self):
        return f"1340000{self.number:04}"

    @property
    def clerk_phone(self):
        return f"1330000{self.number:04}"

    @property
    def all(self):
        """What is the resident's."""
        return (self.name, self.phone, self.address, self.words)

    @property
    def helpers(self):
        """Phones of those who serve: they are called through the site, never shown."""
        return (self.leader_phone, self.member_phone, self.clerk_phone)


class Ground(SimpleNamespace):
    """One neighbourhood: its marks, place, resident, team, orders by state, and one thing of each kind."""


@dataclass
class City:
    """The three neighbourhoods and what the whole city shares."""

    root: object
    home: Ground
    next: Ground
    far: Ground
    item: object
    synonym: object
    switch: object

    @property
    def grounds(self):
        return (self.home, self.next, self.far)


def picture():
    """A small photograph, as a file."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return ContentFile(out.getvalue(), name=f"{uuid4().hex}.jpg")


def settle(key, number, place, item, skill):
    """A neighbourhood at `place`."""
    marks = Marks(key, number)
    here = Ground(marks=marks, place=place, orders={})
    here.resident = PersonFactory(name=marks.name, phone=marks.phone, home=place, address=marks.address)
    leader = PersonFactory(name=f"队长{key}", phone=marks.leader_phone, home=place)
    here.team = TeamFactory(name=f"{key}服务队", kind=TeamKind.SPECIAL, place=place.parent, leader=leader)
    here.team.skills.set([skill])
    here.member = VolunteerFactory(person__phone=marks.member_phone, home=place, skills=[skill])
    here.joined = MembershipFactory(team=here.team, volunteer=here.member)
    here.asking = MembershipFactory(
        team=here.team, volunteer__home=place, state=MembershipState.ASKED, decided_at=None, decided_by=None
    )
    _site(here, leader)
    _orders(here, item)
    _papers(here, item)
    _post(here)
    _fair(here)
    _pool(here, item)
    return here


def _orders(here, item):
    """An order in every state, with everything that hangs on it."""
    marks = here.marks
    for state in OrderState:
        order = bring(
            state,
            place=here.place,
            resident=here.resident,
            team=here.team,
            item=item,
            words=marks.words,
            contact_name=marks.name,
            contact_phone=marks.phone,
            address=marks.address,
        )
        here.orders[str(state)] = order
        if state in BEGUN:
            _visited(order, here, ended=state in DONE)
        if state in {S.REVIEWED, S.CLOSED}:
            Review.objects.create(
                order=order, grade=2, words=marks.words, reviewed_at=NOON, reviewed_by=here.resident
            )


def _visited(order, here, *, ended):
    start = NOON + timedelta(days=1)
    end = {"finished_at": start, "finished_by": here.team.leader, "summary": here.marks.words}
    Provision.objects.create(
        order=order, materials=here.marks.words, provisioned_at=NOON, provisioned_by=here.team.leader
    )
    Visit.objects.create(
        order=order,
        dispatch=order.current,
        started_at=start,
        started_by=here.team.leader,
        **(end if ended else {}),
    )
    order.current.members.add(here.member)


def _papers(here, item):
    """What hangs on the place and on the orders, one of each kind."""
    marks, person = here.marks, here.resident
    here.feedback = Feedback.objects.create(
        kind=FeedbackKind.COMPLAINT, place=here.place, words=marks.words, sent_at=NOON, sent_by=person
    )
    here.callback = CallBack.objects.create(
        order=here.orders[S.REVIEWED], reason=CallBackReason.LOW_GRADE, opened_at=NOON, due_at=NOON
    )
    here.issue = Issue.objects.create(
        place=here.place.parent.parent,
        month=date(2027, here.place.pk % 12 + 1, 1),
        number=here.place.pk % 30000,
        theme=f"{marks.key}主题",
        demonstration=here.venue,
        drafted_at=NOON,
        drafted_by=here.team.leader,
    )
    here.issue.items.set([item])
    here.claim = Claim.objects.create(
        item=item, venue=here.venue, claimed_at=NOON, claimed_by=here.team.leader
    )
    order = here.orders[S.ACCEPTED]
    here.attachment = Attachment.objects.create(order=order, key=uuid4(), file=picture(), at=NOON)
    here.ruling = Ruling.objects.create(
        order=here.orders[S.SCREENED],
        kind="forbid",
        target=f"team:{here.team.pk}",
        reason=marks.words,
        ruled_at=NOON,
        ruled_by=here.team.leader,
    )
    here.clerk = GrantFactory(role=Role.STATION_CLERK, place=here.place, person__phone=marks.clerk_phone)


def _fair(here):
    """A fair that is public, with a stall of the team, a fixed day and a proposal."""
    here.fair = FairFactory(place=here.place, state="published", planned_by=here.team.leader)
    here.session = SessionFactory(fair=here.fair, stall__place=here.place, stall__team=here.team)
    here.stall = here.session.stall
    here.fixed_day = FixedDayFactory(place=here.place, set_by=here.team.leader)
    here.siting = SitingFactory(place=here.place, asked_by=here.team.leader, solved_at=NOON)


def _pool(here, item):
    """A published round of the township, the team's tour with a stop for an order, and something put in."""
    signed = {"published_at": NOON, "published_by": here.team.leader}
    here.pool = PoolFactory(place=here.place.parent, created_by=here.team.leader, state="published", **signed)
    here.tour = TourFactory(pool=here.pool, team=here.team, depot=here.place)
    need = NeedFactory(pool=here.pool, place=here.place, item=item, order=here.orders[S.ACCEPTED])
    here.stop = StopFactory(tour=here.tour, need=need)
    here.contribution = ContributionFactory(pool=here.pool, venue=here.venue)


def _post(here):
    """A message in the inbox, and the same on its way out."""
    here.notice = Notice.objects.create(
        person=here.resident,
        kind="orders.placed",
        params={"number": "1120-1", "item": "", "when": ""},
        at=NOON,
    )
    here.delivery = Delivery.objects.create(
        key=f"sms {here.marks.key}",
        notice=here.notice,
        channel="file",
        to=here.marks.phone,
        text=here.marks.words,
        state="failed",
        next_try_at=NOON,
        queued_at=NOON,
    )


def _site(here, leader):
    """The station with a room, its bookings, a picture, and another name of the village."""
    here.venue = VenueFactory(place=here.place, phone="03550000000")
    here.room = RoomFactory(venue=here.venue)
    here.booking = BookingFactory(room=here.room)
    here.series = Series.objects.create(
        room=here.room,
        title="合唱",
        weekday=4,
        opens=time(9),
        closes=time(10),
        first_on=NOON.date(),
        last_on=NOON.date() + timedelta(days=30),
        at=LONG_AGO,
        by=leader,
    )
    here.photo = Photo.objects.create(venue=here.venue, file=picture(), at=LONG_AGO, by=leader)
    here.alias = Alias.objects.create(place=here.place, name=f"{here.marks.key}老名")
    here.batch = Batch.objects.create(
        kind="venues", file_name="阵地.xlsx", place=here.place, uploaded_at=NOON, uploaded_by=leader
    )


def build(cast):
    """The whole city, around the cast (`cast` gets one of them by name)."""
    root, fuqian, wangqiao, danzhu = (cast(name) for name in ("city", "fuqian", "wangqiao", "danzhu"))
    skill = cast("appliances")
    item = ItemFactory(skill=skill, name="小家电维修")
    by = PersonFactory(name="编单人")
    places = {
        "home": fuqian,
        "next": PlaceFactory(name="王桥社区", parent=wangqiao),
        "far": PlaceFactory(name="丹朱社区", parent=danzhu),
    }
    home, nearby, far = (
        settle(key, number, place, item, skill) for number, (key, place) in enumerate(places.items(), 1)
    )
    return City(
        root,
        home,
        nearby,
        far,
        item,
        Synonym.objects.create(item=item, words="修锅"),
        Switch.objects.create(item=ItemFactory(), place=fuqian.parent, months="6", at=LONG_AGO, by=by),
    )
