"""C6 at the desk: the month, one fair, its sheet, stalls, fixed days, proposals."""

import io
from datetime import date
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import load_workbook

from civic.access.models import CalendarDay
from civic.fairs.models import Fair, RecurringDay, Siting, Stall
from civic.fairs.services import siting as siting_services
from civic.fairs.tests.factories import (
    FixedDayFactory,
    SessionFactory,
    SitingFactory,
    StallFactory,
)
from civic.fairs.tests.verbs import fresh
from civic.journal.models import Entry
from civic.places.tests.factories import PlaceFactory
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("noon")
PLAN = {
    "title": "周五文明集市",
    "where": "府前",
    "spot": "门口",
    "at_site": "on",
    "day": "2026-11-27",
    "opens": "09:00",
    "closes": "11:30",
}


@pytest.fixture
def desk(client, institute_clerk):
    """A browser in which the clerk of 古韩镇 is signed in."""
    client.force_login(institute_clerk)
    return client


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def at(name, *ids):
    return reverse(f"fairs:{name}", args=[getattr(one, "pk", one) for one in ids])


# --- The month.


@pytest.mark.slow
def test_the_month_shows_fixed_days_holidays_and_fairs(desk, xiangyuan, fair_in):
    FixedDayFactory(place=xiangyuan)
    FixedDayFactory(place=xiangyuan, name="实践日", rhythm="monthly", weekday=None, day_of_month=20)
    CalendarDay.objects.create(on=date(2026, 11, 27), is_working=False, name="大雪")
    fair = fair_in("published")
    page = soup(desk.get(at("calendar")))
    days = {int(day.select_one(".num").text): day for day in page.select(".month-day")}
    assert "2026年11月" in page.h1.text
    assert [tag.text for tag in days[20].select(".tag")] == ["周五有约", "实践日"]
    assert "放假 大雪" in days[27].text
    assert days[21].select_one("a[href]")["href"] == at("fair", fair)
    assert "1 个摊位" in days[21].text
    assert len(page.select(".month-blank")) == 6  # the first of November 2026 is a Sunday


@pytest.mark.parametrize("count", [1, 3])
def test_the_month_asks_the_same_for_any_number_of_fairs(desk, guhan, count, django_assert_num_queries):
    for _ in range(count):
        SessionFactory(fair__place=PlaceFactory(parent=guhan))
    with django_assert_num_queries(7):  # session, sign-in, grants; fairs, fixed days, calendar, tops
        assert len(soup(desk.get(at("calendar"))).select(".month-fair")) == count


def test_an_empty_month_and_other_months(desk):
    page = soup(desk.get(at("calendar"), {"month": "2027-02"}))
    assert "还没有安排" in page.text
    links = [link["href"] for link in page.select("nav[aria-label=换月份] a")]
    assert links == ["?month=2027-01", "?month=2027-03"]


def test_a_supervisor_reads_and_plans_nothing(client, supervisor, fair_in):
    client.force_login(supervisor)
    fair = fair_in("planned")
    page = soup(client.get(at("fair", fair)))
    assert not page.select("main form")
    assert client.get(at("publish", fair)).status_code == 403


# --- Planning and the moves.


def test_from_the_plan_to_the_sheet(desk, fuqian, team):
    plan = desk.get(at("plan_fair"), {"day": "2026-11-20"})
    assert soup(plan).select_one("[name=day]")["value"] == "2026-11-20"
    answer = desk.post(at("plan_fair"), PLAN)
    fair = Fair.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at("fair", fair))

    stall = StallFactory(place=fuqian, team=team, title="修小家电")
    desk.post(at("join_fair", fair), {"stall": stall.pk})
    assert "修小家电" in soup(desk.get(at("fair", fair))).select_one("table").text
    desk.post(at("publish", fair))
    assert fresh(fair).state == "published"
    assert desk.get(at("sheet", fair)).status_code == 200


def test_a_fixed_day_fills_the_form(desk, guhan):
    fixed = FixedDayFactory(place=guhan)
    address = f"{at('plan_fair')}?day=2026-11-27&fixed={fixed.pk}"
    form = soup(desk.get(address))
    assert form.select_one("[name=title]")["value"] == "周五有约文明集市"
    assert form.select_one("[name=opens]")["value"] == "09:00"
    desk.post(address, PLAN | {"where": "古韩镇"})
    assert Fair.objects.get().fixed_day == fixed


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"where": "月亮"}, "没有找到"),
        ({"where": "王桥"}, "没有找到"),
        ({"closes": "08:00"}, "收摊要晚于开始"),
        ({"day": "2026-11-01"}, "已经过去"),
        ({"day": "周五"}, "请这样写日子"),
        ({"title": ""}, "请填写"),
    ],
)
def test_a_wrong_plan_is_told_in_words_and_keeps_what_was_typed(desk, fuqian, wangqiao, said, words):
    answer = desk.post(at("plan_fair"), PLAN | said)
    assert answer.status_code == 422
    page = soup(answer)
    assert words in page.text
    assert page.select_one("[name=spot]")["value"] == "门口"
    assert not Fair.objects.exists()


def test_several_places_become_choices(desk, fuqian, guhan):
    other = PlaceFactory(parent=guhan, name="府前新村")
    page = soup(desk.post(at("plan_fair"), PLAN | {"place": "x"}))
    assert {one["value"] for one in page.select("[type=radio][name=place]")} == {
        str(fuqian.pk),
        str(other.pk),
    }
    desk.post(at("plan_fair"), PLAN | {"place": other.pk})
    assert Fair.objects.get().place == other


def test_a_fair_is_moved_on_its_page(desk, fair_in):
    fair = fair_in("planned")
    form = soup(desk.get(at("edit_fair", fair)))
    assert form.select_one("[name=day]")["value"] == "2026-11-21"
    desk.post(at("edit_fair", fair), PLAN)
    assert fresh(fair).spot == "门口"


def test_moves_ask_for_what_they_need_and_say_when_it_is_too_late(desk, fair_in):
    fair = fair_in("published")
    assert desk.post(at("cancel", fair), {"reason": ""}).status_code == 422
    too_early = desk.post(at("start", fair))
    assert (too_early.status_code, "还没到时间" in too_early.content.decode()) == (422, True)
    desk.post(at("cancel", fair), {"reason": "有大风"})
    assert fresh(fair).reason == "有大风"
    over = soup(desk.get(at("cancel", fair)))
    assert "已经办过" in over.text
    assert not over.select("main form")


def test_an_open_fair_is_closed_with_its_outcome(desk, fair_in):
    fair = fair_in("open")
    assert "12 人" in soup(desk.get(at("close", fair))).text
    assert desk.post(at("close", fair), {"leaflet_count": "很多", "quiz_count": "0"}).status_code == 422
    said = {"leaflet_count": "500", "quiz_count": "60", "note": "好"}
    desk.post(at("close", fair), said)
    figures = [figure.text for figure in soup(desk.get(at("fair", fair))).select(".fig b")]
    assert figures == ["1", "12", "500", "60"]


def test_a_stall_is_taken_off(desk, fair_in):
    fair = fair_in("planned")
    desk.post(at("leave_fair", fair.sessions.get()))
    assert not fair.sessions.filter(left_at=None).exists()
    assert "新建摊位" not in soup(desk.get(at("fair", fair))).text


def test_the_sheet_is_a_workbook_too(desk, fair_in):
    fair = fair_in("held", leaflet_count=500, quiz_count=60)
    rows = list(load_workbook(io.BytesIO(desk.get(at("sheet_file", fair)).content)).active.values)
    assert rows[0][3:] == ("摊位", "种类", "谁出摊", "服务人数")
    assert rows[1][3:] == ("修小家电", "流动摊位", "匠心家电", "12")
    assert [row[6] for row in rows[2:]] == ["12", "500", "60"]
    assert Entry.objects.order_by("-id").first().what == "fairs.export"
    assert "500" in soup(desk.get(at("sheet", fair))).text


@pytest.mark.parametrize(
    "page", ["fair", "sheet", "sheet_file", "edit_fair", "publish", "close", "join_fair"]
)
def test_a_fair_out_of_reach_reads_as_absent(client, stranger, fair_in, page):
    client.force_login(stranger)
    assert client.get(at(page, fair_in("planned"))).status_code == 404


@pytest.mark.parametrize(
    "address", ["leave_fair", "drop_fixed_day", "close_stall", "edit_stall", "siting", "adopt_siting"]
)
def test_what_is_not_there_reads_as_absent(desk, address):
    number = SimpleNamespace(pk=0)
    method = desk.get if address in {"edit_stall", "siting", "adopt_siting"} else desk.post
    assert method(at(address, number)).status_code == 404


def test_a_button_that_comes_too_late_says_so(desk, fair_in):
    fair = fair_in("open")
    answer = desk.post(at("leave_fair", fair.sessions.get()), follow=True)
    assert "摊位不能再变" in soup(answer).text


def test_a_fixed_day_that_ends_before_it_begins_is_told(desk, guhan):
    said = {
        "name": "x",
        "where": "古韩镇",
        "rhythm": "weekly",
        "weekday": "4",
        "opens": "11:00",
        "closes": "9:00",
    }
    assert "结束要晚于开始" in soup(desk.post(at("set_fixed_day"), said)).text


# --- Stalls and fixed days.


def test_stalls_are_listed_changed_and_given_up(desk, guhan, team):
    said = {"title": "义务理发", "kind": "mobile", "where": "古韩镇", "team": team.pk, "partner": ""}
    assert soup(desk.post(at("open_stall"), said | {"partner": "理发店"})).select_one(
        ".error-summary, [id*=error]"
    )
    desk.post(at("open_stall"), said)
    stall = Stall.objects.get()
    assert "义务理发" in soup(desk.get(at("stalls"))).table.text
    desk.post(at("edit_stall", stall), said | {"title": "理发", "offer": "剪发"})
    stall.refresh_from_db()
    assert (stall.title, stall.place) == ("理发", guhan)
    desk.post(at("close_stall", stall))
    assert "还没有摊位" in soup(desk.get(at("stalls"))).text
    assert desk.get(at("edit_stall", stall)).status_code == 404


def test_fixed_days_are_set_and_dropped(desk, xiangyuan):
    twentieth = {"rhythm": "monthly", "weekday": None, "day_of_month": 20}
    FixedDayFactory(place=xiangyuan, name="全县实践日", **twentieth)
    said = {"name": "周五有约", "where": "古韩镇", "rhythm": "weekly", "opens": "09:00", "closes": "11:00"}
    assert "请选星期几" in soup(desk.post(at("set_fixed_day"), said)).text
    monthly = said | {"rhythm": "monthly"}
    assert "1 到 28" in soup(desk.post(at("set_fixed_day"), monthly)).text
    desk.post(at("set_fixed_day"), said | {"weekday": "4"})
    one = RecurringDay.objects.get(name="周五有约")
    page = soup(desk.get(at("fixed_days")))
    assert "每周五" in page.text
    assert "每月 20 日" in page.text
    assert len(page.select("table form")) == 1  # the county's is not hers to drop
    desk.post(at("drop_fixed_day", one))
    assert "周五有约" not in soup(desk.get(at("fixed_days"))).table.text
    assert desk.post(at("drop_fixed_day", one)).status_code == 404


# --- Where to hold fairs.


@pytest.mark.slow
def test_a_proposal_is_asked_for_awaited_read_and_taken_over(desk, fuqian, guhan, institute_clerk):
    PlaceFactory(parent=guhan)
    answer = desk.post(at("ask_siting"), {"where": "古韩镇", "fair_count": "1", "radius": "5000"})
    siting = Siting.objects.get()
    assert answer["Location"] == at("siting", siting)
    waiting = soup(desk.get(at("siting", siting)))
    assert "正在算" in waiting.text
    assert waiting.select_one("#siting")["hx-get"] == at("siting", siting)

    siting_services.solve_siting(siting_id=siting.pk, at=NOON)
    page = soup(desk.get(at("siting", siting)))
    assert "没有别的选法" in page.text
    assert "示意位置" in page.text
    assert "覆盖" in soup(desk.get(at("sitings"))).text
    rows = list(load_workbook(io.BytesIO(desk.get(at("siting_file", siting)).content)).active.values)
    assert {row[4] for row in rows[1:] if row[4]} <= {place.name for place in guhan.children.order_by("id")}
    assert any("没有别的选法" in str(row[0]) for row in rows)
    taken = desk.post(
        at("adopt_siting", siting),
        {"title": "文明集市", "day": "2026-12-20", "opens": "09:00", "closes": "11:00"},
    )
    assert taken["Location"] == f"{at('calendar')}?month=2026-12"
    assert Fair.objects.get().siting == siting
    assert not soup(desk.get(at("siting", siting))).select("main form")


def test_a_proposal_that_does_not_come_says_so(desk, guhan, institute_clerk):
    siting = SitingFactory(
        place=guhan, asked_by=institute_clerk, asked_at=NOON - siting_services.PATIENCE, solved_at=None
    )
    page = desk.get(at("siting", siting)).text
    assert "一直没有算出来" in page
    assert "一般几秒钟" not in page


def test_a_question_without_an_answer_says_why(desk, guhan):
    siting = SitingFactory(place=guhan, solved_at=NOON, problem="算不出方案")
    assert "算不出方案" in soup(desk.get(at("siting", siting))).text
    assert desk.get(at("siting_file", siting)).status_code == 404
    too_many = desk.post(at("ask_siting"), {"where": "古韩镇", "fair_count": "9", "radius": "1000"})
    assert too_many.status_code == 422
