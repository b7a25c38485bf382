"""The line of steps: what was done and by whom, where it is, what comes and by when."""

from datetime import timedelta

import pytest

from civic.orders.draft import Draft
from civic.orders.models import Event
from civic.orders.queries import resident as queries
from civic.orders.services import dispatching, placing, reviewing, screening
from civic.orders.states import OrderState
from civic.orders.targets import Target
from civic.orders.tests.factories import ItemFactory, OrderFactory, walk
from tests.moments import NOON

pytestmark = pytest.mark.django_db
AHEAD = ["受理", "派单", "接单", "配单", "服务完成", "评单"]


@pytest.fixture
def placed(fuqian, zhang):
    whole = Draft(
        place_id=fuqian.pk,
        item_id=ItemFactory().pk,
        words="电饭锅不通电",
        contact_name="张桂兰",
        contact_phone="13903551234",
        address="3号楼",
    )
    return placing.place(draft=whole, by=zhang, at=NOON)


def line(order, person=None):
    return queries.timeline(queries.order_of(person or order.resident, order.pk))


def titles(steps, kind):
    return [step.title for step in steps if step.kind == kind]


def test_a_new_order_stands_at_its_first_step_with_the_promise_of_the_next(placed):
    steps = line(placed)
    assert titles(steps, "now") == ["已提交"]
    assert titles(steps, "") == AHEAD
    assert steps[0].when == "11月20日 12:00"
    assert steps[0].note == f"单号 {placed.short_number}"
    assert [step.promised_by for step in steps if step.promised_by] == [placed.due_at]


def test_a_city_of_four_steps_has_no_provision(placed, city_sets):
    city_sets("orders.steps", 4)
    assert titles(line(placed), "") == [word for word in AHEAD if word != "配单"]


def test_every_step_tells_who_and_when(placed, dispatcher, team):
    walk(placed, "served", dispatcher=dispatcher, team=team)
    steps = line(placed)
    assert titles(steps, "done") == [
        "已提交",
        "古韩镇实践所已受理",
        "襄垣县实践中心已派单",
        "「匠心家电」已接单",
        "古韩镇实践所已配单",
        "约好 11月21日 12:00",
        "已到场，开始服务",
    ]
    assert steps[2].note == "给「匠心家电」"
    assert titles(steps, "now") == ["服务完成"]
    assert steps[-2].note == "换了保险丝，试过能用。"
    assert titles(steps, "") == ["评单"]
    assert all(step.when for step in steps if step.kind)


@pytest.mark.parametrize(
    ("state", "hint"),
    [
        ("screened", "正在找合适的人"),
        ("accepted", "会打电话跟您约时间"),
        ("scheduled", "有变化请早点打电话"),
    ],
)
def test_the_step_being_made_says_what_to_expect(placed, dispatcher, team, state, hint):
    walk(placed, state, dispatcher=dispatcher, team=team)
    assert next(step.note for step in line(placed) if step.kind == "now") == hint


def test_a_reviewed_order_has_nothing_ahead(placed, dispatcher, team):
    walk(placed, "reviewed", dispatcher=dispatcher, team=team)
    steps = line(placed)
    assert steps[-1].title == "已评单"
    assert steps[-1].note == "非常满意"


def test_a_disputed_order_waits_for_the_call(placed, dispatcher, team):
    walk(placed, "served", dispatcher=dispatcher, team=team)
    reviewing.dispute(order_id=placed.pk, words="还是不热", by=placed.resident, at=NOON + timedelta(days=2))
    steps = line(placed)
    assert titles(steps, "now") == ["您说没做完"]
    assert all(step.promised_by is None for step in steps)


def test_why_a_team_said_no_stays_in_the_office(placed, dispatcher, team):
    walk(placed, "dispatched", dispatcher=dispatcher, team=team)
    dispatching.decline(order_id=placed.pk, reason="队长住院了", by=team.leader, at=NOON)
    steps = line(placed)
    assert titles(steps, "now") == ["「匠心家电」这次来不了，正在另找人"]
    assert not any("住院" in step.note for step in steps)


def test_a_transfer_gives_its_reason(placed, dispatcher, team, station):
    walk(placed, "accepted", dispatcher=dispatcher, team=team)
    dispatching.transfer(
        order_id=placed.pk, target=Target("venue", station.pk), reason="站里更近", by=dispatcher, at=NOON
    )
    assert next(step.note for step in line(placed) if step.kind == "now") == f"给{station.name}。站里更近"


@pytest.mark.parametrize(
    ("end", "title", "note"),
    [
        (
            lambda order, by: screening.reject(order_id=order.pk, reason="要厂家修", by=by, at=NOON),
            "无法服务",
            "要厂家修",
        ),
        (
            lambda order, by: screening.refer(
                order_id=order.pk, target="12345", reason="归市政管", by=by, at=NOON
            ),
            "已转介",
            "请拨打 12345。归市政管",
        ),
        (
            lambda order, by: screening.cancel(order_id=order.pk, reason="下大雪", by=by, at=NOON),
            "襄垣县实践中心取消了这一单",
            "下大雪",
        ),
        (
            lambda order, _by: placing.withdraw(
                order_id=order.pk, reason="已经办好了", by=order.resident, at=NOON
            ),
            "已撤单",
            "已经办好了",
        ),
    ],
)
def test_an_order_that_ends_early_ends_with_its_reason(placed, dispatcher, end, title, note):
    end(placed, dispatcher)
    steps = line(placed)
    assert (steps[-1].kind, steps[-1].title, steps[-1].note) == ("stop", title, note)


def test_a_merged_order_follows_the_other(placed, fuqian, dispatcher):
    into = OrderFactory(place=fuqian)
    screening.merge(order_id=placed.pk, into_id=into.pk, reason="同一台锅", by=dispatcher, at=NOON)
    assert line(placed)[-1].note == f"并入 {into.short_number}（已提交）。同一台锅"


def test_a_returned_order_shows_what_is_asked_and_all_that_still_comes(placed, dispatcher):
    screening.send_back(order_id=placed.pk, reason="请写型号", by=dispatcher, at=NOON)
    steps = line(placed)
    assert titles(steps, "now") == ["古韩镇实践所请您补充"]
    assert next(step.note for step in steps if step.kind == "now") == "请写型号"
    assert titles(steps, "") == AHEAD


def test_another_wanted_day_is_written_out(placed):
    placing.change_time(
        order_id=placed.pk,
        wanted_on=NOON.date() + timedelta(days=7),
        wanted_half="morning",
        by=placed.resident,
        at=NOON,
    )
    assert [(step.title, step.note) for step in line(placed) if step.kind == "now"] == [
        ("改了希望的时间", "11月27日 上午")
    ]


def test_an_overdue_order_says_that_somebody_was_pressed(placed):
    Event.objects.create(order=placed, at=NOON, what="urge", state=OrderState.SUBMITTED)
    Event.objects.create(order=placed, at=NOON, what="escalate", state=OrderState.SUBMITTED)
    steps = line(placed)
    assert titles(steps, "done")[-1] == "过了时间，已催办"
    assert titles(steps, "now") == ["已报给襄垣县实践中心负责人"]


def test_internal_events_stay_in_the_office(placed):
    Event.objects.create(
        order=placed, at=NOON, what="call", state=OrderState.SUBMITTED, note="没接", is_internal=True
    )
    assert "没接" not in str(line(placed))


def test_a_place_without_township_or_county_has_an_office_all_the_same(city, zhang, dispatcher):
    order = OrderFactory(place=city, resident=zhang, state="screened")
    Event.objects.create(order=order, at=NOON, what="screen", state=OrderState.SCREENED)
    assert line(order)[0].title == "实践中心已受理"


def test_an_order_without_events_shows_only_what_comes(zhang, fuqian):
    assert titles(line(OrderFactory(place=fuqian, resident=zhang)), "") == AHEAD


def test_the_first_page_gets_the_middle_of_the_line(placed, dispatcher, team):
    walk(placed, "scheduled", dispatcher=dispatcher, team=team)
    shown = queries.nearest_steps(line(placed))
    assert [step.title for step in shown] == [
        "「匠心家电」已接单",
        "古韩镇实践所已配单",
        "约好 11月21日 12:00",
        "服务完成",
    ]
    assert queries.nearest_steps([]) == []


# --- Whom to call


def test_who_serves_is_called_then_the_site_then_the_nearest(fuqian, zhang, station, center, order_in):
    center.phone = "0355-1"
    center.save()
    order = order_in("submitted")
    assert queries.phone_of(order) == center
    station.phone = "0355-2"
    station.save()
    assert queries.phone_of(order) == station
    order.venue = center
    assert queries.phone_of(order) == center


def test_a_site_that_serves_is_called_itself(order_in, station, center, dispatcher):
    center.phone, station.phone = "0355-1", "0355-2"
    center.save()
    station.save()
    order = order_in("screened")
    dispatching.dispatch(order_id=order.pk, target=Target("venue", center.pk), by=dispatcher, at=NOON)
    assert queries.phone_of(queries.order_of(order.resident, order.pk)) == center


def test_without_any_phone_nobody_is_called(order_in):
    assert queries.phone_of(order_in("submitted")) is None
