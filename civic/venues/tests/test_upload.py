"""A workbook is judged row by row before anything is changed."""

import json

import pytest

from civic.core.errors import Denied, Refused
from civic.venues.models import Batch, BatchRow, Venue
from civic.venues.services import imports
from civic.venues.tests.workbooks import line, upload, workbook
from tests.moments import NOON


def verdicts(batch):
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def complaints(batch):
    return [
        f"第 {row.number} 行 {error['column']}：{error['words']}"
        for row in batch.rows.order_by("number")
        for error in row.errors
    ]


def test_new_changed_same_and_wrong_rows_are_told_apart(guhan, station, institute_clerk):
    station.phone = "0355-7221234"
    station.save()
    batch = upload(
        guhan,
        institute_clerk,
        line("邻里驿家·府前", "府前社区", "邻里驿家"),
        line(station.name, "襄垣县 古韩镇 府前社区", "实践站", 电话="0355-7220000"),
        line("又一个点", "古韩镇", "实践点", 电话="1390000000"),
    )
    assert verdicts(batch) == ["new", "changed", "wrong"]
    assert (batch.total_count, batch.new_count, batch.changed_count, batch.wrong_count) == (3, 1, 1, 1)
    same = upload(guhan, institute_clerk, line(station.name, "府前社区", "站", 电话="0355-7221234"))
    assert verdicts(same) == ["same"]
    assert Venue.objects.count() == 1


def test_each_wrong_row_says_where_and_what_and_keeps_its_value(guhan, fuqian, institute_clerk):
    batch = upload(
        guhan,
        institute_clerk,
        line("甲", "府前社区", "实践点", 电话="1390000000"),
        line("乙", "不在这里", "实践点"),
        line("丙", "府前社区", "中心"),
        line("丁", "府前社区", "亭子", 服务户数="三百"),
        line("", "府前社区", "实践点", 品牌名="x"),
        line("戊", "府前社区", "实践点", 平台="理论宣讲、打牌", 经度="113"),
        line("己", "", "实践点", 区划代码="999999999999", 服务人数="1.5"),
        line("庚" * 81, "", "实践点"),
        line("辛", "府前社区", "实践点", 经度="10", 纬度="36", 面积="0"),
    )
    assert complaints(batch) == [
        "第 2 行 电话：手机号少 1 位，应是 11 位",
        "第 3 行 所在地：您的辖区里没有这个地方",
        "第 4 行 类型：中心设在县区，所设在乡镇街道，站设在村社区",
        "第 5 行 类型：请从下拉里选",
        "第 5 行 服务户数：要填数字",
        "第 6 行 名称：没有填",
        "第 7 行 纬度：经度和纬度要一起填，或都空着",
        "第 7 行 平台：没有「打牌」这个平台",
        "第 8 行 区划代码：您的辖区里没有这个代码",
        "第 8 行 服务人数：要填整数",
        "第 9 行 所在地：所在地和区划代码至少填一个",
        "第 9 行 名称：多了 1 字",
        "第 10 行 经度：要在 70 和 140 之间",
    ]
    assert json.loads(batch.rows.get(number=2).cells)["电话"] == "1390000000"


def test_two_rows_about_one_venue_and_a_name_that_is_taken_are_wrong(guhan, station, institute_clerk):
    batch = upload(
        guhan,
        institute_clerk,
        line("甲", "府前社区", "实践站"),
        line("乙", "府前社区", "实践站"),
        line(station.name, "府前社区", "实践点"),
        line("甲", "府前社区", "实践点"),
    )
    assert verdicts(batch) == ["changed", "wrong", "wrong", "wrong"]


def test_a_name_that_two_places_bear_needs_the_path(xiangyuan, fuqian, wangqiao, dispatcher):
    from civic.places.tests.factories import PlaceFactory  # noqa: PLC0415 (only here)

    PlaceFactory(name="府前社区", parent=wangqiao)
    batch = upload(
        xiangyuan,
        dispatcher,
        line("甲", "府前社区"),
        line("甲", "王桥镇 府前社区"),
        line("甲", "古韩镇府前社区"),
    )
    assert complaints(batch) == ["第 2 行 所在地：有 2 个同名的地方，请写上县区和乡镇"]


def test_codes_and_aliases_name_a_place_too(guhan, fuqian, institute_clerk):
    fuqian.aliases.create(name="老衙门")
    batch = upload(
        guhan,
        institute_clerk,
        line("甲", "", 区划代码="140423100001"),
        line("乙", "老衙门", 面积="1,200.5"),
    )
    assert verdicts(batch) == ["new", "new"]


@pytest.mark.parametrize("who", ["stranger", "station_clerk", "zhang", "supervisor"])
def test_others_are_denied(guhan, request, who):
    with pytest.raises(Denied):
        upload(guhan, request.getfixturevalue(who), line("甲", "古韩镇"))


def test_a_place_out_of_reach_is_wrong_even_with_its_code(guhan, danzhu, institute_clerk):
    batch = upload(guhan, institute_clerk, line("甲", "", 区划代码=danzhu.code))
    assert verdicts(batch) == ["wrong"]


def test_a_workbook_without_the_columns_leaves_nothing_behind(guhan, institute_clerk):
    file = workbook({"x": "1"}, headers=["x"])
    with pytest.raises(Refused, match="名称、类型"):
        imports.upload(file=file, place_id=guhan.pk, by=institute_clerk, at=NOON)
    assert not Batch.objects.exists()


def test_what_was_typed_is_sealed_in_the_database(guhan, fuqian, institute_clerk):
    from django.db import connection  # noqa: PLC0415 (only here)

    upload(guhan, institute_clerk, line("秘密的点", "府前社区"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM venues_batchrow")
        assert "秘密" not in cursor.fetchone()[0]
    assert "秘密的点" in BatchRow.objects.get().cells
