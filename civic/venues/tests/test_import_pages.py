"""A6 导入中心 as its pages show it."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from civic.venues.models import Batch, Venue
from civic.venues.services import imports
from civic.venues.tests.test_desk_pages import enter
from civic.venues.tests.workbooks import line, upload, workbook
from tests.html import parse
from tests.moments import NOON


@pytest.fixture
def desk(client, institute_clerk):
    return enter(client, institute_clerk)


def send(desk, guhan, *rows):
    return desk.post(reverse("venues:upload"), {"place": guhan.pk, "file": workbook(*rows)})


def test_from_the_template_to_the_undoing(desk, guhan, fuqian):
    made = load_workbook(io.BytesIO(desk.get(reverse("venues:template")).content))
    assert made.sheetnames == ["阵地", "填写说明"]
    answer = send(desk, guhan, line("甲", "府前社区"), line("乙", "府前社区", 电话="1390000"))
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("venues:batch", args=[batch.pk])
    page = parse(desk.get(answer["Location"]))
    assert [tag.get_text() for tag in page.select(".fig b")] == ["2", "1", "0", "0", "1"]
    assert "只导入正确的 1 行" in page.get_text()
    assert "第 3 行 电话：手机号少 4 位" in page.get_text()
    wrong = parse(desk.get(answer["Location"], {"only": "wrong"}))
    assert len(wrong.select("tbody tr")) == 1
    assert desk.post(reverse("venues:apply", args=[batch.pk]))["Location"] == answer["Location"]
    assert Venue.objects.get().name == "甲"
    failed = load_workbook(io.BytesIO(desk.get(reverse("venues:failed", args=[batch.pk])).content)).active
    assert failed.max_row == 2
    assert failed.cell(2, failed.max_column).value == "电话：手机号少 4 位，应是 11 位"
    batch.refresh_from_db()
    Batch.objects.update(applied_at=batch.uploaded_at)
    desk.post(reverse("venues:undo", args=[batch.pk]))
    assert not Venue.objects.exists()
    assert "已撤销导入" in desk.get(reverse("venues:imports")).content.decode()


def test_a_file_that_is_none_is_answered_with_422(desk, guhan):
    file = io.BytesIO(b"name\n1\n")
    file.name = "a.csv"
    answer = desk.post(reverse("venues:upload"), {"place": guhan.pk, "file": file})
    assert answer.status_code == 422
    assert "另存为 .xlsx" in answer.content.decode()


def test_another_area_is_no_choice(desk, danzhu):
    assert send(desk, danzhu, line("甲", "丹朱镇")).status_code == 422


def test_workbooks_of_others_are_absent(client, guhan, fuqian, institute_clerk, stranger):
    batch = upload(guhan, institute_clerk, line("甲", "府前社区"))
    enter(client, stranger)
    assert client.get(reverse("venues:batch", args=[batch.pk])).status_code == 404
    for name in ("apply", "drop", "undo"):
        assert client.post(reverse(f"venues:{name}", args=[batch.pk])).status_code == 404
    assert "阵地.xlsx" not in client.get(reverse("venues:imports")).content.decode()


@pytest.mark.parametrize("name", ["imports", "upload", "template"])
def test_a_station_clerk_does_not_import(client, station_clerk, name):
    assert enter(client, station_clerk).get(reverse(f"venues:{name}")).status_code == 403


def test_dropping_says_that_nothing_came_in(desk, guhan, fuqian):
    send(desk, guhan, line("甲", "府前社区"))
    page = desk.post(reverse("venues:drop", args=[Batch.objects.get().pk]), follow=True)
    assert "一行都没有导入" in page.content.decode()


def test_progress_is_shown_while_the_worker_works(desk, guhan, fuqian, institute_clerk, monkeypatch):
    monkeypatch.setattr(imports, "BIG", 1)
    monkeypatch.setattr(imports, "PART", 1)
    batch = upload(guhan, institute_clerk, line("甲", "府前社区"), line("乙", "府前社区"))
    page = desk.post(reverse("venues:apply", args=[batch.pk]), follow=True).content.decode()
    assert "开始导入" in page
    imports.take_in(batch_id=batch.pk, at=NOON)
    page = parse(desk.get(reverse("venues:batch", args=[batch.pk]), headers={"HX-Request": "true"}))
    assert page.select_one("progress")["value"] == "1"
    assert "已导入 1 行，共 2 行" in page.get_text()


def test_the_export_holds_what_the_clerk_reaches(desk, station, danzhu):
    raw = desk.post(reverse("venues:export"))
    sheet = load_workbook(io.BytesIO(raw.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [station.name]
    assert sheet["B2"].value == "襄垣县 古韩镇 府前社区"
    assert sheet["C2"].value == "140423100001"
    assert "attachment" in raw["Content-Disposition"]
