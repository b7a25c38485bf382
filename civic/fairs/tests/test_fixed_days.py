"""Fixed days: every Friday, every 20th."""

from datetime import time

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.services import fixed_days
from civic.fairs.tests.factories import FixedDayFactory
from civic.fairs.tests.verbs import OTHERS, last_line
from tests.moments import NOON

SAID = {"name": "周五有约", "rhythm": "weekly", "number": 4, "opens": time(9), "closes": time(11)}


def set_day(place, by, **said):
    return fixed_days.set_fixed_day(place_id=place.pk, by=by, at=NOON, **(SAID | said))


def drop(one, by):
    return fixed_days.drop_fixed_day(fixed_day_id=one.pk, by=by, at=NOON)


def test_a_weekday_and_a_day_of_the_month(guhan, institute_clerk):
    friday = set_day(guhan, institute_clerk)
    twentieth = set_day(guhan, institute_clerk, name="实践日", rhythm="monthly", number=20)
    assert (friday.weekday, friday.day_of_month) == (4, None)
    assert (twentieth.weekday, twentieth.day_of_month) == (None, 20)
    assert last_line(twentieth) == ("fairs.set_fixed_day", institute_clerk)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"closes": time(8)}, "晚于"),
        ({"number": 7}, "1 到 28"),
        ({"rhythm": "monthly", "number": 31}, "1 到 28"),
        ({"rhythm": "monthly", "number": 0}, "1 到 28"),
    ],
)
def test_what_makes_no_sense_is_refused(guhan, institute_clerk, said, words):
    with pytest.raises(Refused, match=words):
        set_day(guhan, institute_clerk, **said)


def test_a_place_has_one_fixed_day_of_a_name_until_it_ends(guhan, institute_clerk):
    first = set_day(guhan, institute_clerk)
    with pytest.raises(Refused, match="同名"):
        set_day(guhan, institute_clerk)
    drop(first, institute_clerk)
    with pytest.raises(Refused, match="已经停了"):
        drop(first, institute_clerk)
    assert set_day(guhan, institute_clerk).dropped_at is None


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sets_or_drops_it(guhan, person, who):
    one, by = FixedDayFactory(place=guhan), person(who)
    with pytest.raises(Denied):
        set_day(guhan, by, name="别的")
    with pytest.raises(Denied):
        drop(one, by)
