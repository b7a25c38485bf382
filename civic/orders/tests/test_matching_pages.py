"""缺人地图, 派单成效 and the modes of the engine."""

import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import load_workbook

from civic.orders.models import Dispatch, Event, Shortage
from civic.orders.queries import reliability
from civic.orders.states import DispatchState
from civic.orders.tests.factories import CategoryFactory
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import SkillFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SHORTAGES, MATCHING, MODES = "/desk/shortages/", "/city/matching/", "/admin/dispatch/"


def lack(place, price, **fields):
    return Shortage.objects.create(
        **{"skill": SkillFactory(), "place": place, "lacking": 2, "price": price, "made_at": NOON} | fields
    )


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def listed(client, url=SHORTAGES):
    rows = soup(client.get(url)).select("#shortages tbody tr")
    return [row.select_one("td").get_text() for row in rows]


# --- 缺人地图.


def test_the_dearest_stands_first_and_only_within_reach(client, institute_clerk, guhan, wangqiao):
    cheap, dear = lack(guhan, 900), lack(guhan, 4400, wanted_on=date(2026, 11, 27), wanted_half="morning")
    lack(wangqiao, 9900)
    client.force_login(institute_clerk)

    assert listed(client) == [dear.skill.name, cheap.skill.name]
    page = client.get(SHORTAGES).content.decode()
    assert "44.00 分" in page
    assert "2026年11月27日 周五 上午" in page


def test_the_filters_narrow_the_list(client, dispatcher, guhan, wangqiao):
    here, there = lack(guhan, 900), lack(wangqiao, 800)
    client.force_login(dispatcher)

    assert listed(client, f"{SHORTAGES}?place={wangqiao.pk}") == [there.skill.name]
    assert listed(client, f"{SHORTAGES}?skill={here.skill_id}") == [here.skill.name]
    assert len(listed(client, f"{SHORTAGES}?skill=x&place=99999999")) == 2


def test_the_supervisor_sees_the_counties_on_a_map(client, supervisor, guhan, danzhu):
    lack(guhan, 900, lacking=5)
    lack(danzhu, 900)
    client.force_login(supervisor)

    tiles = [tile.get_text(" ", strip=True) for tile in soup(client.get(SHORTAGES)).select(".tile")]

    assert sorted(tiles) == ["襄垣县 缺 5", "长子县 缺 2"]


def test_a_station_clerk_sees_nothing_and_an_old_list_says_so(client, station_clerk, dispatcher, guhan):
    lack(guhan, 900, made_at=NOON - timedelta(days=2))
    client.force_login(station_clerk)
    assert listed(client) == []

    client.force_login(dispatcher)
    assert "这是以前算的" in client.get(SHORTAGES).content.decode()


def test_a_long_list_is_paged_without_loss(client, dispatcher, guhan):
    everything = [lack(guhan, 100 * (n // 2)) for n in range(40)]
    client.force_login(dispatcher)

    first = soup(client.get(SHORTAGES))
    link = first.select_one("a[href*=after]")["href"]
    names = listed(client) + listed(client, SHORTAGES + link)

    assert sorted(names) == sorted(one.skill.name for one in everything)
    assert len(listed(client, f"{SHORTAGES}?after=x~y")) == 30


def test_the_list_leaves_as_a_workbook(client, dispatcher, guhan):
    one = lack(guhan, 4400)
    client.force_login(dispatcher)

    answer = client.get(f"{SHORTAGES}sheet/")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1] == ("襄垣县", "古韩镇", one.skill.name, "都可以", "2", "44.00")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries_for_any_number_of_rows(
    client, dispatcher, guhan, count, django_assert_num_queries
):
    for n in range(count):
        lack(PlaceFactory(parent=guhan), 100 * n)
    client.force_login(dispatcher)
    client.get(SHORTAGES)

    with django_assert_num_queries(8):
        client.get(SHORTAGES)


# --- 派单成效.


def answered(order, volunteer, chance, state, **fields):
    return Dispatch.objects.create(
        order=order,
        volunteer=volunteer,
        state=state,
        is_auto=True,
        dispatched_at=NOON - timedelta(days=3),
        answer_by=NOON,
        card={"chance": chance},
        **fields,
    )


@pytest.fixture
def history(order_in, li):
    """Ten offers of 80 percent, of which six were accepted; ten of 25, of which one was."""
    accepted = {"answered_at": NOON, "answered_by": li}
    for chance, yes in ((800, 6), (250, 1)):
        for n in range(10):
            state = (
                DispatchState.DONE if n < yes else DispatchState.LAPSED if n % 2 else DispatchState.DECLINED
            )
            answered(order_in("screened"), li.volunteer, chance, state, **(accepted if n < yes else {}))
    answered(order_in("screened"), li.volunteer, 990, DispatchState.RECALLED)  # nobody knows
    answered(order_in("screened"), li.volunteer, 800, DispatchState.RECALLED, **accepted)  # a yes, moved on


def test_predicted_stands_against_happened(supervisor, history):
    found = reliability.diagram(supervisor, NOON)

    told = [(one.lowest, one.count, one.predicted, one.happened) for one in found.bins]
    assert told == [(20, 10, 25.0, 10.0), (80, 11, 80.0, 63.6)]
    assert found.error == round((10 * 15.0 + 11 * 16.4) / 21, 1)


def test_the_diagram_is_drawn_and_told(client, supervisor, history):
    client.force_login(supervisor)

    page = soup(client.get(MATCHING))

    assert len(page.select("svg circle")) == 2
    assert "63.6%" in page.get_text()


def test_nothing_is_told_out_of_reach(client, head, supervisor, history, danzhu, zhangzi):
    assert reliability.diagram(head, NOON).count == 21
    Dispatch.objects.all()[0].order.place.__class__.objects.filter(name="府前社区").update(path="9/9/")
    assert reliability.diagram(head, NOON).count == 0
    client.force_login(head)
    assert "还没有有结果的邀请" in client.get(MATCHING).content.decode()


def test_overrides_are_counted_by_week_and_reason(client, supervisor, order_in, dispatcher):
    order = order_in("screened")
    for days, what, note in (
        (1, "override", "居民点名"),
        (2, "override", "居民点名"),
        (9, "forbid", "去不了"),
    ):
        Event.objects.create(
            order=order, at=NOON - timedelta(days=days), by=dispatcher, what=what, state="screened", note=note
        )
    client.force_login(supervisor)

    tables = [
        [cell.get_text() for cell in table.select("td")]
        for table in soup(client.get(MATCHING)).select("table")
    ]

    assert tables == [["改派给别人", "居民点名", "2"], ["不派给", "去不了", "1"]]


# --- Modes.


def test_the_mode_of_a_category_is_changed(client, admin):
    category = CategoryFactory(name="便民维修")
    client.force_login(admin)
    url = reverse("orders:set_dispatch_mode", args=[category.slug])

    assert "夜里不发" in client.get(MODES).content.decode()
    said = client.post(url, {"mode": "send"}, follow=True).content.decode()
    assert "「便民维修」改为：" in said
    category.refresh_from_db()
    assert category.dispatch_mode == "send"

    wrong = client.post(url, {"mode": "always"}, follow=True).content.decode()
    assert "请从三种做法里选一种" in wrong
    category.refresh_from_db()
    assert category.dispatch_mode == "send"
