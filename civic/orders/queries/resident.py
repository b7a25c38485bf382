"""A resident's own orders, and how each of them stands, told as a line of steps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.access.queries import setting
from civic.orders.models import Attachment, Event, Feedback, Order
from civic.orders.models.order import HalfDay
from civic.orders.states import OPEN, OrderState
from civic.people.models import Person
from civic.places import queries as places
from civic.places.models import Level, Place
from civic.venues.models import Venue

S = OrderState
# States that end an order before it was served; the last step of the line says why.
STOPPED = (S.REJECTED, S.REFERRED, S.MERGED, S.WITHDRAWN, S.CANCELLED)
# While these last, another day may be asked for (services.placing.change_time).
TIME_OPEN = (S.SUBMITTED, S.RETURNED, S.SCREENED, S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED)
# What still lies ahead of an order that goes its usual way: state, word, what it means.
AHEAD: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (S.SCREENED, gettext_lazy("受理"), gettext_lazy("实践所看您的单")),
    (S.DISPATCHED, gettext_lazy("派单"), gettext_lazy("中心找合适的队伍")),
    (S.ACCEPTED, gettext_lazy("接单"), gettext_lazy("队伍答应来办")),
    (S.PROVISIONED, gettext_lazy("配单"), gettext_lazy("备好人手和东西")),
    (S.SERVED, gettext_lazy("服务完成"), ""),
    (S.REVIEWED, gettext_lazy("评单"), gettext_lazy("完成后请您评一评")),
)
# How far along each open state is: the steps of AHEAD already behind it.
PASSED = {
    S.SUBMITTED: 0, S.RETURNED: 0, S.SCREENED: 1, S.DISPATCHED: 2, S.ACCEPTED: 3, S.PROVISIONED: 4,
    S.SCHEDULED: 4, S.IN_SERVICE: 4, S.SERVED: 5, S.DISPUTED: 5, S.REVIEWED: 6,
}  # fmt: skip
# How a step that was made reads; {who} is the team, the site or the office.
MADE: dict[str, str | Promise] = {
    "place": gettext_lazy("已提交"),
    "repair": gettext_lazy("已补充，重新提交"),
    "screen": gettext_lazy("{who}已受理"),
    "send_back": gettext_lazy("{who}请您补充"),
    "reject": gettext_lazy("无法服务"),
    "refer": gettext_lazy("已转介"),
    "merge": gettext_lazy("并入重复的单"),
    "dispatch": gettext_lazy("{who}已派单"),
    "transfer": gettext_lazy("{who}改派了人"),
    "accept": gettext_lazy("{who}已接单"),
    "take": gettext_lazy("{who}已接单"),
    "decline": gettext_lazy("{who}这次来不了，正在另找人"),
    "lapse_offer": gettext_lazy("{who}还没有回复，正在另找人"),
    "provision": gettext_lazy("{who}已配单"),
    "schedule": gettext_lazy("约好了时间"),
    "start": gettext_lazy("已到场，开始服务"),
    "finish": gettext_lazy("服务完成"),
    "review": gettext_lazy("已评单"),
    "dispute": gettext_lazy("您说没做完"),
    "rework": gettext_lazy("{who}重新安排"),
    "close": gettext_lazy("{who}已办结"),
    "lapse": gettext_lazy("过了评单的时间，已办结"),
    "withdraw": gettext_lazy("已撤单"),
    "cancel": gettext_lazy("{who}取消了这一单"),
    "change_time": gettext_lazy("改了希望的时间"),
    "urge": gettext_lazy("过了时间，已催办"),
    "escalate": gettext_lazy("已报给{who}负责人"),
}
BY_TOWNSHIP = ("screen", "send_back", "provision")
HANDED_TO = ("dispatch", "transfer")  # events whose actor is whom the order was given to
DAY = re.compile(r"(?<!\d)(\d{1,2})(?:-|月)(\d{1,2})(?:日|(?!\d))")


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the line: `kind` is done, now, stop, or empty for what lies ahead."""

    kind: str
    title: str
    note: str = ""
    when: str = ""
    promised_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """Open orders of neighbours for the same thing; nothing about who."""

    count: int
    latest: Sequence[tuple[datetime, str]] = field(default=())


def place_of(person: Person | AnonymousUser, chosen_id: int | None) -> Place | None:
    """Where a reader is: the place chosen in the browser, else her home; never the whole city."""
    for place_id in (chosen_id, person.home_id if person.is_authenticated else None):
        place = places.by_id(place_id)
        if place is not None and place.level != Level.CITY:
            return place
    return None


def my_orders(person: Person, *, is_open: bool) -> QuerySet[Order]:
    """The person's orders that go on, or those that have ended; the newest first."""
    mine = Order.objects.filter(resident_id=person.pk)
    mine = mine.filter(state__in=OPEN) if is_open else mine.exclude(state__in=OPEN)
    return mine.select_related("item", "place").order_by("-id")


def order_of(person: Person, order_id: int) -> Order | None:
    """The person's order with all that its page shows; None for anybody else's, which reads as absent."""
    return (
        Order.objects.filter(resident_id=person.pk, pk=order_id)
        .select_related(
            "item",
            "place",
            "venue",
            "merged_into",
            "current__team",
            "current__venue",
            "current__volunteer__person",
        )
        .first()
    )


def picture_of(person: Person, key: UUID) -> Attachment | None:
    """The picture, if it belongs to an order of the person."""
    return Attachment.objects.filter(key=key, order__resident_id=person.pk).first()


def newest_open(person: Person) -> Order | None:
    """The order for the person's first page: one that waits for her before the newest."""
    hers = Case(When(state__in=(S.RETURNED, S.SERVED), then=Value(0)), default=Value(1))
    return my_orders(person, is_open=True).order_by(hers, "-id").first()


def similar_open(item_id: int, place: Place, *, besides: Person | None) -> Similar:
    """Open orders for the same item in the same village, without those of `besides`."""
    found = Order.objects.filter(item_id=item_id, place=place, state__in=OPEN)
    if besides is not None:
        found = found.exclude(resident_id=besides.pk)
    rows = list(found.order_by("-id").values_list("placed_at", "state")[:20])
    return Similar(len(rows), [(at, str(S(state).label)) for at, state in rows[:3]])


def is_repeatable(order: Order) -> bool:
    """Whether the order can be asked for again: it has ended and its item is still on the menu."""
    return order.state not in OPEN and order.item is not None and order.item.withdrawn_on is None


def feedback_of(person: Person) -> QuerySet[Feedback]:
    """What the person said about the service, with the answers; the newest first."""
    return Feedback.objects.filter(sent_by_id=person.pk).select_related("order", "place").order_by("-id")


# --- The line of steps


def timeline(order: Order) -> list[Step]:
    """What happened to the order, where it is, and what comes; internal events stay in the office.

    The next step carries the promise of the city's deadlines.
    """
    offices = _offices(order.place)
    events = list(order.events.filter(is_internal=False).order_by("id"))
    steps = [_made(order, event, offices) for event in events]
    if steps:
        last = steps[-1]
        kind = "stop" if order.state in STOPPED else "now" if order.state in OPEN else "done"
        steps[-1] = Step(kind, last.title, last.note or _hint(order), last.when)
    return steps + _ahead(order)


def nearest_steps(steps: list[Step]) -> list[Step]:
    """The line cut to what matters on the first page: two steps made, the one being made, one ahead."""
    now = next((index for index, step in enumerate(steps) if step.kind in {"now", "stop"}), len(steps) - 1)
    return steps[max(0, now - 2) : now + 2]


def _made(order: Order, event: Event, offices: dict[str, str]) -> Step:
    level = Level.TOWNSHIP if event.what in BY_TOWNSHIP else Level.COUNTY
    office = offices.get(level) or _("实践中心")
    who = office if event.what in HANDED_TO else event.actor or office
    title = str(MADE.get(event.what, S(event.state).label)).format(who=who)
    if event.what == "schedule":
        title = _("约好 {when}").format(when=DAY.sub(_written_out, event.note))
    return Step("done", title, _note(order, event), _moment(event.at))


def _moment(at: datetime) -> str:
    """11月20日 09:12, in the city's time."""
    return _("{month}月{day}日 {clock}").format(
        month=(local := localtime(at)).month, day=local.day, clock=f"{local:%H:%M}"
    )


def _note(order: Order, event: Event) -> str:
    """What stands in small below the step; why a team said no stays in the office."""
    if event.what == "place":
        return _("单号 {number}").format(number=order.short_number)
    if event.what in HANDED_TO:
        given = _("给{who}").format(who=event.actor)
        return given if event.what == "dispatch" else f"{given}。{event.note}"
    if event.what == "refer":
        return _("请拨打 {phone}。{reason}").format(phone=order.referred_to, reason=event.note)
    if event.what == "merge" and order.merged_into is not None:
        into = order.merged_into
        return _("并入 {number}（{state}）。{reason}").format(
            number=into.short_number, state=S(into.state).label, reason=event.note
        )
    if event.what == "change_time":
        return DAY.sub(_written_out, event.note)
    return "" if event.what in {"decline", "schedule"} else event.note


def _written_out(found: "re.Match[str]") -> str:
    return _("{month}月{day}日").format(month=int(found[1]), day=int(found[2]))


def _hint(order: Order) -> str:
    """What the resident can do now, where the event itself left no words."""
    hints = {
        S.RETURNED: _("补充以后会重新受理"),
        S.SCREENED: _("正在找合适的人"),
        S.DISPATCHED: _("等对方答应"),
        S.ACCEPTED: _("会打电话跟您约时间"),
        S.SCHEDULED: _("有变化请早点打电话"),
        S.SERVED: _("请您评一评"),
        S.DISPUTED: _("中心会打电话问情况"),
        S.REVIEWED: _("谢谢您"),
    }
    return hints.get(S(order.state), "")


def _ahead(order: Order) -> list[Step]:
    if order.state not in PASSED:
        return []
    left = AHEAD[PASSED[S(order.state)] :]
    if setting("orders.steps") == 4:
        left = tuple(row for row in left if row[0] != S.PROVISIONED)
    steps = [Step("", str(word), str(meaning)) for _state, word, meaning in left]
    if steps and order.due_at is not None and order.state != S.DISPUTED:
        steps[0] = replace(steps[0], promised_by=order.due_at)
    return steps


def _offices(place: Place) -> dict[str, str]:
    """How the institute and the center above a place are called on the line."""
    names = dict(Place.objects.filter(pk__in=place.ancestor_ids).values_list("level", "name"))
    offices = {}
    if Level.TOWNSHIP in names:
        offices[str(Level.TOWNSHIP)] = _("{place}实践所").format(place=names[Level.TOWNSHIP])
    if Level.COUNTY in names:
        offices[str(Level.COUNTY)] = _("{place}实践中心").format(place=names[Level.COUNTY])
    return offices


# --- Whom to call


def phone_of(order: Order) -> Venue | None:
    """The site to call about an order: who serves it, where it is served, or the nearest above its place."""
    for site in (order.current.venue if order.current else None, order.venue):
        if site is not None and site.phone:
            return site
    return (
        Venue.objects.open()
        .filter(place_id__in=order.place.ancestor_ids)
        .exclude(phone="")
        .order_by("-place__level_order", "sort_key", "id")
        .first()
    )


# --- Words for a draft


def place_named(place_id: int) -> Place | None:
    """The place of a draft, for its name."""
    return Place.objects.filter(pk=place_id).first()


def venue_named(venue_id: int | None) -> Venue | None:
    """The site of a draft, for its name."""
    return Venue.objects.filter(pk=venue_id).first() if venue_id else None


def half_words(half: str) -> str:
    """上午, 下午, 傍晚, 都可以."""
    return str(HalfDay(half).label)
