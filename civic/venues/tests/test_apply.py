"""Taking in the right rows: small workbooks at once, big ones by the worker."""

import threading

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.access.models import Grant
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.places import services as places
from civic.places.tests.factories import PlaceFactory
from civic.venues import queries
from civic.venues.models import Venue
from civic.venues.services import imports
from civic.venues.tests.factories import VenueFactory
from civic.venues.tests.workbooks import line, upload
from tests.moments import NOON


def apply(batch, by):
    return imports.apply(batch_id=batch.pk, by=by, at=NOON)


def test_300_rows_of_which_7_are_wrong_bring_in_293(guhan, fuqian, institute_clerk):
    rows = [line(f"实践点{n}", "府前社区", 电话="139" if n % 43 == 1 else "0355-7221234") for n in range(300)]
    batch = upload(guhan, institute_clerk, *rows)
    assert batch.wrong_count == 7
    batch = apply(batch, institute_clerk)
    assert (batch.state, batch.applied_by, Venue.objects.count()) == ("applied", institute_clerk, 293)
    assert Entry.objects.get(what="venues.apply").details == {"new_count": 293, "changed_count": 0}
    assert queries.found_by_words("实践点7", at=NOON)[0].venue.place == fuqian


def test_a_changed_row_changes_only_what_it_tells(guhan, station, institute_clerk):
    station.intro = "老城里的站"
    station.save()
    apply(
        upload(guhan, institute_clerk, line(station.name, "府前社区", "站", 电话="0355-7221234")),
        institute_clerk,
    )
    station.refresh_from_db()
    assert (station.phone, station.intro, station.version) == ("0355-7221234", "老城里的站", 2)


def test_a_point_of_its_own_is_no_longer_rough(guhan, station, institute_clerk):
    batch = upload(guhan, institute_clerk, line(station.name, "府前社区", "站", 经度="113.05", 纬度="36.53"))
    apply(batch, institute_clerk)
    station.refresh_from_db()
    assert (str(station.lon), station.position_is_rough) == ("113.05000", False)


@pytest.mark.parametrize("who", ["stranger", "station_clerk", "zhang", "supervisor"])
def test_others_are_denied(guhan, fuqian, institute_clerk, request, who):
    batch = upload(guhan, institute_clerk, line("甲", "府前社区"))
    with pytest.raises(Denied):
        apply(batch, request.getfixturevalue(who))


def test_once_is_enough(guhan, fuqian, institute_clerk):
    batch = upload(guhan, institute_clerk, line("甲", "府前社区"))
    apply(batch, institute_clerk)
    with pytest.raises(Refused):
        apply(batch, institute_clerk)


def test_nothing_to_take_in_is_said_so(guhan, fuqian, institute_clerk):
    with pytest.raises(Refused, match="没有要新增"):
        apply(upload(guhan, institute_clerk, line("甲", "哪里")), institute_clerk)


def test_what_changed_since_the_preview_refuses_all(guhan, fuqian, institute_clerk, head):
    batch = upload(guhan, institute_clerk, line("甲", "古韩镇"), line("乙", "府前社区"))
    places.close(place_id=fuqian.pk, reason="撤", by=head, at=NOON)
    with pytest.raises(Refused, match="第 3 行"):
        apply(batch, institute_clerk)
    assert Venue.objects.count() == 0


def test_a_venue_opened_since_the_preview_refuses_all(guhan, fuqian, institute_clerk):
    first = upload(guhan, institute_clerk, line("甲", "府前社区"))
    second = upload(guhan, institute_clerk, line("甲", "府前社区"))
    apply(first, institute_clerk)
    with pytest.raises(Refused, match="刚刚有人建了"):
        apply(second, institute_clerk)


def test_a_venue_closed_since_the_preview_refuses_all(guhan, station, institute_clerk):
    batch = upload(guhan, institute_clerk, line(station.name, "府前社区", "站", 电话="0355-7221234"))
    Venue.objects.update(closed_on=NOON.date())
    with pytest.raises(Refused, match="已经关闭"):
        apply(batch, institute_clerk)


# --- Big ones.


@pytest.fixture
def big(guhan, fuqian, institute_clerk, monkeypatch):
    """A workbook that is big here: five rows, taken in two at a time."""
    monkeypatch.setattr(imports, "BIG", 4)
    monkeypatch.setattr(imports, "PART", 2)
    return upload(guhan, institute_clerk, *(line(f"点{n}", "府前社区") for n in range(5)))


def test_a_big_workbook_is_the_workers_business(big, institute_clerk):
    batch = apply(big, institute_clerk)
    assert (batch.state, batch.queued_by) == ("previewed", institute_clerk)
    assert ProcrastinateJob.objects.get(task_name=imports.TASK).args == {"batch_id": batch.pk}
    with pytest.raises(Refused, match="正在导入"):
        apply(big, institute_clerk)
    with pytest.raises(Refused, match="正在导入"):
        imports.drop(batch_id=big.pk, by=institute_clerk, at=NOON)
    assert [imports.take_in(batch_id=batch.pk, at=NOON) for _ in range(4)] == [3, 1, 0, 0]
    batch.refresh_from_db()
    assert (batch.state, batch.queued_at, Venue.objects.count()) == ("applied", None, 5)


def test_the_task_takes_every_part_and_may_run_twice(big, institute_clerk):
    from civic.venues.tasks import take_in  # noqa: PLC0415 (only here)

    apply(big, institute_clerk)
    take_in(batch_id=big.pk, something="from newer code")
    take_in(batch_id=big.pk)
    assert Venue.objects.count() == 5


def test_a_refusal_of_the_worker_is_shown_and_frees_the_workbook(big, fuqian, institute_clerk, head):
    apply(big, institute_clerk)
    imports.take_in(batch_id=big.pk, at=NOON)
    places.close(place_id=fuqian.pk, reason="撤", by=head, at=NOON)
    assert imports.take_in(batch_id=big.pk, at=NOON) == 0
    big.refresh_from_db()
    assert "重新上传" in big.problem
    assert (big.state, big.queued_at) == ("previewed", None)


def test_who_lost_the_right_meanwhile_brings_nothing_in(big, institute_clerk):
    apply(big, institute_clerk)
    Grant.objects.update(revoked_at=NOON, revoked_by=institute_clerk)
    assert imports.take_in(batch_id=big.pk, at=NOON) == 0
    big.refresh_from_db()
    assert "没有这里的权限" in big.problem
    assert not Venue.objects.exists()


def test_a_name_taken_since_the_preview_refuses_all(guhan, station, institute_clerk):
    batch = upload(guhan, institute_clerk, line("新名", "府前社区", "站"))
    VenueFactory(place=station.place, kind="post", name="新名")
    with pytest.raises(Refused, match="第 2 行的名称"):
        apply(batch, institute_clerk)


def test_a_point_that_is_there_is_changed_and_a_decimal_is_kept(guhan, fuqian, institute_clerk):
    point = VenueFactory(place=fuqian, kind="point", name="凉亭")
    batch = upload(guhan, institute_clerk, line("凉亭", "府前社区", 面积="12.5", 服务户数="1，200"))
    apply(batch, institute_clerk)
    point.refresh_from_db()
    assert (str(point.area_m2), point.household_count) == ("12.50", 1200)
    assert point.sort_key.startswith("liang2")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_take_in_once(guhan, fuqian, institute_clerk):
    batch = upload(guhan, institute_clerk, *(line(f"点{n}", "府前社区") for n in range(20)))
    line_up, answers = threading.Barrier(2), []

    def press():
        line_up.wait()
        try:
            apply(batch, institute_clerk)
            answers.append("applied")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["applied", "refused"]
    assert Venue.objects.count() == 20


def test_the_county_reads_its_own_export_as_unchanged(xiangyuan, station, institute, center, dispatcher):
    PlaceFactory(parent=xiangyuan, level="township", name="夏店镇")
    raw = imports.export(by=dispatcher, at=NOON)
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 (only here)

    file = SimpleUploadedFile("阵地.xlsx", raw)
    batch = imports.upload(file=file, place_id=xiangyuan.pk, by=dispatcher, at=NOON)
    assert (batch.total_count, batch.same_count) == (3, 3)
    assert Entry.objects.filter(what="venues.export").count() == 1
