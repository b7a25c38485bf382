"""A round's day as numbers."""

from datetime import time

import pytest

from civic.pooling.valuing import clock, masks, minute_of, window, worth


def test_windows_hold_the_whole_service():
    assert window("morning", 40) == (8 * 60, 11 * 60 + 20)
    assert window("afternoon", 60) == (14 * 60, 17 * 60)
    assert window("any", 600) == (8 * 60, 8 * 60)


def test_worth_grows_with_people_and_doubles_with_priority():
    assert worth(1, 0) == 31
    assert worth(20, 1) == 100
    assert worth(20, 2) == 200
    with pytest.raises(ValueError, match="negative"):
        worth(-1, 0)


def test_clock_and_back():
    assert all(minute_of(clock(minute)) == minute for minute in range(1440))
    assert clock(570) == time(9, 30)


def test_a_bit_for_each_skill():
    assert masks([7, 3, 7]) == {3: 1, 7: 2}
