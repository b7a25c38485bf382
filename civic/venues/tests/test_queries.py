"""Lists that go on by pages, and questions with nothing to answer."""

from datetime import date, time

from civic.venues import queries
from civic.venues.models import VenueKind
from civic.venues.tests.factories import RoomFactory, VenueFactory
from civic.venues.tests.workbooks import line, upload
from tests.moments import NOON


def test_files_go_on_where_they_ended(guhan, institute_clerk):
    for number in range(queries.PAGE + 2):
        VenueFactory(place=guhan, kind=VenueKind.POINT, name=f"点{number}")
    first = queries.files(institute_clerk)
    rest = queries.files(institute_clerk, after=first.next_cursor)
    assert (len(first.rows), len(rest.rows), rest.next_cursor) == (queries.PAGE, 2, None)
    assert not {venue.pk for venue in first.rows} & {venue.pk for venue in rest.rows}


def test_rows_of_a_workbook_go_on_where_they_ended(guhan, fuqian, institute_clerk):
    batch = upload(guhan, institute_clerk, *(line(f"点{n}", "府前社区") for n in range(queries.PAGE + 2)))
    rows, after = queries.batch_rows(batch)
    rest, end = queries.batch_rows(batch, after=str(after))
    assert (len(rows), len(rest), end) == (queries.PAGE, 2, None)
    assert queries.batch_rows(batch, after="x")[0] == rows


def test_nothing_asked_finds_nothing(station):
    assert queries.found_by_words("  ", at=NOON) == []
    assert queries.venue_counts([]) == {}
    assert queries.venue_file(0) is None


def test_a_week_without_its_day_has_no_dates(station):
    plan = queries.weekly_plan(
        RoomFactory(venue=station),
        weekday=4,
        opens=time(9),
        closes=time(10),
        first_on=date(2026, 12, 5),
        last_on=date(2026, 12, 6),
    )
    assert plan == []
