"""The dispatcher's pages: the round, the editor with its price, the sheet; counted queries."""

import pytest
from django.urls import reverse

from civic.pooling.models import Contribution, Need, Pool, Stop, Tour
from civic.pooling.pages import editor
from civic.pooling.services import giving, planning
from civic.pooling.tests.days import MONDAY, bring, driven, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def desk(client, dispatcher, noon):
    client.force_login(dispatcher)
    return client


def url(name, pool, *more):
    return reverse(f"pooling:{name}", args=[pool.pk, *more])


def test_the_list(desk, planned, django_assert_num_queries):
    with django_assert_num_queries(4):
        page = desk.get("/desk/pools/")
    assert "冬月进村" in page.text
    assert "4 项需求，1 支队" in page.text


def test_a_round_is_made_and_opened(desk, guhan):
    said = {"place": guhan.pk, "title": "冬月", "on": "2026-11-24", "words": "您好"}
    bad = desk.post("/desk/pools/new/", said | {"on": "2026-11-01"})
    assert bad.status_code == 422
    assert "已经过了" in bad.text
    assert "您好" in bad.text
    made = desk.post("/desk/pools/new/", said)
    pool = Pool.objects.get()
    assert made.url == url("pool", pool)
    assert "还是草稿" in desk.get(made.url).text
    desk.post(url("open_pool", pool))
    assert fresh(pool).state == "open"
    changed = desk.post(url("edit_pool", pool), {"title": "冬至", "on": "2026-11-25", "words": ""})
    assert changed.status_code == 302
    assert fresh(pool).title == "冬至"


def test_the_round(desk, planned, station, station_clerk, django_assert_num_queries):
    giving.offer(pool_id=planned.pk, kind="idea", giver=station, words="快板", by=station_clerk, at=MONDAY)
    with django_assert_num_queries(9):
        page = desk.get(url("pool", planned))
    for words in ("北关村 · 义剪", "文明集市队", "快板", "看线路、改线路", "能办的"):
        assert words in page.text


def test_orders_are_chosen(desk, pool, order):
    assert order.short_number in desk.get(url("add_orders", pool)).text
    assert desk.post(url("add_orders", pool), {}).status_code == 422
    desk.post(url("add_orders", pool), {"orders": [order.pk]})
    assert Need.objects.get().order == order
    assert "没有等着派的单" in desk.get(url("add_orders", pool)).text


def test_teams_come_and_go(desk, pool, van, guhan):
    assert van.name in desk.get(url("add_team", pool)).text
    said = {"team": van.pk, "depot": guhan.pk, "opens": "18:00", "closes": "08:00"}
    bad = desk.post(url("add_team", pool), said)
    assert bad.status_code == 422
    assert "晚于出车" in bad.text
    desk.post(url("add_team", pool), said | {"opens": "08:00", "closes": "18:00"})
    tour = Tour.objects.get()
    desk.post(url("remove_team", pool), {"tour": tour.pk})
    assert not Tour.objects.exists()
    assert desk.post(url("remove_team", pool), {"tour": "x"}).status_code == 404


def test_what_is_offered_is_answered(desk, pool, tour, station, station_clerk, haircut):
    def offer(words):
        return giving.offer(
            pool_id=pool.pk, kind="talent", giver=station, words=words, by=station_clerk, at=MONDAY
        )

    good, bad = offer("张师傅"), offer("试用装")
    assert tour.team.name in desk.get(url("take", pool, good.pk)).text
    desk.post(url("take", pool, good.pk), {"tour": tour.pk})
    desk.post(url("turn_down", pool, bad.pk), {"answer": "谢谢"})
    assert fresh(good).tour == tour
    assert fresh(bad).answer == "谢谢"
    assert desk.post(url("take", pool, bad.pk), {"tour": ""}).status_code == 422
    desk.post(url("ride", pool, good.pk), {"tour": ""})
    assert fresh(good).tour is None
    assert desk.get(url("take", pool, Contribution.objects.count() + 99)).status_code == 404


def test_the_editor(desk, planned, django_assert_num_queries):
    with django_assert_num_queries(10):
        page = desk.get(url("tours", planned))
    for words in ("文明集市队", "发布线路", "排线路", "挪动", "拿下", "示意位置估算"):
        assert words in page.text
    part = desk.get(url("tours", planned), headers={"HX-Request": "true"})
    assert "<html" not in part.text


def test_the_worker_is_asked_and_the_page_waits(desk, planned):
    desk.post(url("plan", planned))
    page = desk.get(url("tours", planned))
    assert "正在排线路" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert "请稍等" in desk.post(url("plan", planned), follow=True).text


def test_the_page_does_not_wait_for_ever(desk, planned):
    desk.post(url("plan", planned))
    asked = fresh(planned).queued_at
    Pool.objects.filter(pk=planned.pk).update(queued_at=asked - planning.PATIENCE)
    page = desk.get(url("tours", planned)).text
    assert "系统一直没有排出来" in page
    assert 'hx-trigger="every 2s"' not in page
    assert " disabled" not in page
    desk.post(url("plan", planned))
    assert "正在排线路" in desk.get(url("tours", planned)).text


def test_the_price_is_shown_before_the_change(desk, planned, tour, asked):
    before = driven(planned)[tour.pk]
    page = desk.get(url("move_stop", planned), {"need": asked[0].pk, "tour": tour.pk, "position": 2})
    assert "data-price" in page.text
    assert "挪到这里" in page.text
    assert driven(planned)[tour.pk] == before
    said = {"need": asked[0].pk, "tour": tour.pk, "position": 2, "stamp": planned.stamp}
    assert desk.post(url("move_stop", planned), said).status_code == 302
    assert driven(planned)[tour.pk].index(asked[0].pk) == 2
    again = desk.post(url("move_stop", planned), said)
    assert again.status_code == 422
    assert "刚才有人改过" in again.text


def test_every_place_is_offered(desk, planned, tour, asked):
    page = desk.get(url("move_stop", planned), {"need": asked[0].pk}, headers={"HX-Request": "true"})
    assert page.text.count("data-price") == 3
    out = desk.get(url("move_stop", planned), {"need": asked[0].pk, "out": "1"})
    assert "从线路上拿下来" in out.text
    desk.post(url("move_stop", planned), {"need": asked[0].pk, "out": "1", "stamp": planned.stamp})
    assert "派单员拿下了线路" in desk.get(url("tours", planned)).text


def test_what_cannot_be_driven_says_why(desk, planned, tour, asked):
    Need.objects.filter(pk=asked[0].pk).update(half="morning", minutes=240)
    Stop.objects.filter(need=asked[0]).delete()
    page = desk.get(url("move_stop", planned), {"need": asked[0].pk, "tour": tour.pk, "position": 3})
    assert "要晚" in page.text
    gone = desk.get(url("move_stop", planned), {"need": "999999"}, follow=True)
    assert "不在这一轮里" in gone.text


def test_pins(desk, planned, asked):
    desk.post(url("pin", planned), {"need": asked[0].pk, "pin": "0"})
    assert not Stop.objects.get(need=asked[0]).is_pinned
    page = desk.post(url("pin", planned), {"need": asked[0].pk, "pin": "1"}, follow=True)
    assert "松开" in page.text
    assert desk.post(url("pin", planned), {"need": "x"}).status_code == 404


def test_published_wrapped_up_and_printed(desk, planned, dispatcher, order):
    assert "已派给各队" in desk.post(url("publish", planned), {"stamp": planned.stamp}, follow=True).text
    assert "还有 4 站" in desk.post(url("wrap_up", planned), follow=True).text
    assert order.short_number in desk.get(url("sheet", planned)).text


def test_a_round_that_is_done_still_shows_its_day(desk, planned, dispatcher):
    done = bring(planned, "done", by=dispatcher)
    page = desk.get(url("pool", done))
    assert "北关村 · 义剪" in page.text
    assert "36" in page.text  # four stops with nine people each
    assert "办完了" in desk.get(url("tours", done)).text


def test_cancelled(desk, planned):
    assert desk.post(url("cancel", planned), {"reason": ""}).status_code == 422
    desk.post(url("cancel", planned), {"reason": "大雪"})
    assert "取消的原因：大雪" in desk.get(url("pool", planned)).text


@pytest.mark.parametrize("name", ["pool", "tours", "sheet", "add_orders", "move_stop", "edit_pool", "cancel"])
def test_the_next_county_reads_nothing(client, planned, other_dispatcher, name):
    client.force_login(other_dispatcher)
    assert client.get(url(name, planned)).status_code == 404


@pytest.mark.parametrize(
    ("value", "bound", "is_proven", "gap"),
    [(90, 100.0, False, 10), (100, 100.0, False, 1), (90, 100.0, True, None), (None, None, False, None)],
)
def test_how_much_better_it_could_be(value, bound, is_proven, gap):
    assert editor._gap(Pool(value=value, bound=bound, is_proven=is_proven)) == gap
