"""Order numbers: never twice, in blocks, by the day of the city."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from civic.orders.models import DayCounter
from civic.orders.services.numbering import BLOCK, forget_blocks, next_number
from civic.orders.tests.verbs import at_once
from tests.moments import NOON, SHANGHAI


@pytest.mark.django_db
def test_the_first_number_of_a_day():
    assert next_number(at=NOON) == "20261120-0001"
    assert DayCounter.objects.get().last == BLOCK


@pytest.mark.django_db
def test_the_day_is_the_citys():
    assert next_number(at=datetime(2026, 11, 20, 15, 59, tzinfo=UTC)).startswith("20261120")
    assert next_number(at=datetime(2026, 11, 20, 16, 1, tzinfo=UTC)).startswith("20261121")


@pytest.mark.django_db
def test_a_year_ends():
    assert next_number(at=datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)) == "20261231-0001"
    assert next_number(at=datetime(2027, 1, 1, 0, 1, tzinfo=SHANGHAI)) == "20270101-0001"


@pytest.mark.django_db
def test_a_busy_day_has_five_figures():
    DayCounter.objects.create(on=NOON.date(), last=9999)
    assert next_number(at=NOON) == "20261120-10000"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_statement_serves_twenty_orders(django_assert_num_queries):
    next_number(at=NOON)
    with django_assert_num_queries(0):
        serials = [next_number(at=NOON) for _ in range(BLOCK - 1)]
    assert serials == [f"20261120-{serial:04}" for serial in range(2, BLOCK + 1)]
    with django_assert_num_queries(1):
        assert next_number(at=NOON) == f"20261120-{BLOCK + 1:04}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_block_that_was_rolled_back_is_not_offered():
    with transaction.atomic():
        next_number(at=NOON)
        transaction.set_rollback(True)
    assert next_number(at=NOON) == "20261120-0001"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_yesterdays_block_is_dropped():
    yesterday = datetime(2026, 11, 19, 12, 0, tzinfo=SHANGHAI)
    next_number(at=yesterday)
    next_number(at=NOON)
    assert next_number(at=yesterday) == f"20261119-{BLOCK + 1:04}", "from a new block"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_another_process_goes_on_with_another_block():
    next_number(at=NOON)
    forget_blocks()
    assert next_number(at=NOON) == f"20261120-{BLOCK + 1:04}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_share_a_number():
    taken = []

    def take():
        taken.extend(next_number(at=NOON) for _ in range(3 * BLOCK))

    assert at_once(*[take] * 4) == ["done"] * 4
    assert len(set(taken)) == len(taken) == 12 * BLOCK
