"""What the database itself refuses."""

from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction

from civic.pooling.models import Contribution, Need, Pool, Stop, Tour
from civic.pooling.tests.days import MONDAY

pytestmark = pytest.mark.django_db


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (Pool, {"state": "lost"}, "pooling_pool_state_known"),
        (Pool, {"state": "published"}, "pooling_pool_published_is_signed"),
        (Pool, {"queued_at": MONDAY}, "pooling_pool_queued_at_and_by"),
        (Pool, {"planned_at": MONDAY}, "pooling_pool_planned_at_and_by"),
        (Need, {"minutes": 5}, "pooling_need_lasts_10_to_240_minutes"),
        (Need, {"people": 0}, "pooling_need_is_of_somebody"),
        (Need, {"half": "night"}, "pooling_need_half_known"),
        (Need, {"how": "magic"}, "pooling_need_how_known"),
        (Need, {"why": "magic"}, "pooling_need_why_known"),
        (Need, {"priority": 7}, "pooling_need_priority_known"),
        (Need, {"released_at": MONDAY}, "pooling_need_released_at_and_by"),
        (Tour, {"state": "lost"}, "pooling_tour_state_known"),
        (Tour, {"closes": time(7)}, "pooling_tour_closes_after_it_opens"),
        (Tour, {"departs": time(9), "returns": time(8)}, "pooling_tour_returns_after_departing"),
        (Tour, {"answered_at": MONDAY}, "pooling_tour_answered_at_and_by"),
        (Tour, {"state": "handed_back"}, "pooling_tour_handed_back_has_reason"),
        (Stop, {"state": "lost"}, "pooling_stop_state_known"),
        (Stop, {"leaves": time(0, 1)}, "pooling_stop_leaves_after_arriving"),
        (Stop, {"arrived_at": MONDAY}, "pooling_stop_arrived_at_and_by"),
    ],
)
def test_rows_that_make_no_sense(planned, model, fields, name):
    row = model.objects.order_by("id").first()
    with refused(name), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**fields)


def test_the_end_of_a_round_is_signed_and_has_a_reason(pool, dispatcher):
    ended = {"ended_at": MONDAY, "ended_by": dispatcher}
    with refused("pooling_pool_cancelled_has_reason"), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(state="cancelled", **ended)
    with refused("pooling_pool_ended_is_signed"), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(state="cancelled", reason="雪")


def test_a_stop_that_ended_says_what(planned, dispatcher):
    with refused("pooling_stop_ended_says_what"), transaction.atomic():
        Stop.objects.update(ended_at=MONDAY, ended_by=dispatcher)


def test_an_order_waits_in_one_round(planned, pooled):
    pooled.pk = None
    with refused("pooling_need_order_waits_in_one_pool"), transaction.atomic():
        pooled.save()


def test_a_need_stands_on_one_tour(planned, tour):
    stop = tour.stops.first()
    stop.pk, stop.position = None, 99
    with refused("pooling_stop_once_for_a_need"), transaction.atomic():
        stop.save()


def test_no_two_stops_at_one_place_of_the_row(planned, tour):
    with refused("pooling_stop_position_once_in_a_tour"), transaction.atomic():
        tour.stops.update(position=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_team_drives_one_tour_a_day(tour, next_township_pool):
    tour.pk, tour.pool = None, next_township_pool
    with refused("pooling_tour_one_a_day_for_a_team"), transaction.atomic():
        tour.save()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"partner": ""}, "pooling_contribution_of_exactly_one"),
        ({"words": ""}, "pooling_contribution_has_words"),
        ({"kind": "money"}, "pooling_contribution_kind_known"),
        ({"state": "lost"}, "pooling_contribution_state_known"),
        ({"answered_at": MONDAY}, "pooling_contribution_answered_at_and_by"),
    ],
)
def test_what_is_put_in(pool, tour, dispatcher, fields, name):
    given = Contribution.objects.create(
        pool=pool, kind="idea", partner="农商行", words="小品", offered_at=MONDAY, offered_by=dispatcher
    )
    with refused(name), transaction.atomic():
        Contribution.objects.filter(pk=given.pk).update(**fields)
    with refused("pooling_contribution_rides_when_taken"), transaction.atomic():
        Contribution.objects.filter(pk=given.pk).update(tour=tour)
