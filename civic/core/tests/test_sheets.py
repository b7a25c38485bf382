import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from civic.core import sheets
from civic.core.errors import Refused
from civic.core.sheets import Column, Row

COLUMNS = (
    Column("名称", "牌子上的名字", example="示例：府前社区站", is_required=True),
    Column("电话", "公布的电话"),
    Column("类型", "从下拉里选", choices=("站", "所")),
)


def book(*rows, title="阵地"):
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


def test_columns_are_known_by_name_in_any_order_and_others_are_passed_over():
    got = sheets.read(
        book(["备注", "电话", "* 名称（必填）"], ["x", "0355", "府前站"], [], [None, 7, "  虒亭站 "]), COLUMNS
    )
    assert got == [
        Row(2, {"电话": "0355", "名称": "府前站"}),
        Row(4, {"电话": "7", "名称": "虒亭站"}),
    ]


def test_the_header_may_stand_below_a_title_and_the_sheet_may_be_the_second():
    made = Workbook()
    made.active.append(["说明"])
    second = made.create_sheet("阵地")
    second.append(["2026 年阵地表"])
    second.append(["名称"])
    second.append(["府前站"])
    out = io.BytesIO()
    made.save(out)
    assert sheets.read(out, COLUMNS) == [Row(3, {"名称": "府前站"})]


def test_the_example_is_not_a_row():
    raw = sheets.template(sheet="阵地", columns=COLUMNS, notes=["第一行是表头。"])
    with pytest.raises(Refused, match="没有要导入的行"):
        sheets.read(io.BytesIO(raw), COLUMNS)


def test_the_template_offers_choices_and_explains():
    made = load_workbook(io.BytesIO(sheets.template(sheet="阵地", columns=COLUMNS, notes=["先看这里"])))
    page, told = made.worksheets
    assert [cell.value for cell in page[1]] == ["名称", "电话", "类型"]
    assert page.data_validations.dataValidation[0].formula1 == '"站,所"'
    assert page["A2"].font.color.rgb == sheets.GREY
    assert told.title == "填写说明"
    assert told["A1"].value == "先看这里"


FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+cmd",
    "@SUM(A1)",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1",
    "\r\n@x",
    "\x00=1",
]


@pytest.mark.parametrize("evil", FORMULAS)
def test_nothing_that_we_write_is_a_formula(evil):
    raw = sheets.write(sheet="x", headers=["名称"], rows=[[evil]])
    cell = load_workbook(io.BytesIO(raw)).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert sheets.read(io.BytesIO(raw), COLUMNS)[0].cells["名称"] == evil.strip(" \t\r\n\x00")


@pytest.mark.parametrize("plain", ["0355-7221234", "-12.5", "007", "+86 138 0000 0000", ""])
def test_numbers_and_phones_stay_as_they_are(plain):
    assert sheets.harmless(plain) == plain


def test_codes_keep_their_zeros():
    raw = sheets.write(sheet="x", headers=["名称"], rows=[["000123"], [None], [7]])
    page = load_workbook(io.BytesIO(raw)).active
    assert (page["A2"].value, page["A2"].number_format) == ("000123", "@")
    assert [row.cells["名称"] for row in sheets.read(io.BytesIO(raw), COLUMNS)] == ["000123", "7"]


def test_dates_truth_and_numbers_read_as_people_write_them():
    from datetime import date, datetime, time  # noqa: PLC0415 (only here)

    row = ["站", datetime(2026, 11, 20, 9, 30), True]  # noqa: DTZ001 (a workbook has no zone)
    assert sheets.read(book(["名称", "电话", "类型"], row), COLUMNS)[0].cells == {
        "名称": "站",
        "电话": "2026-11-20 09:30",
        "类型": "是",
    }
    assert sheets._text(date(2026, 11, 20)) == sheets._text(datetime(2026, 11, 20)) == "2026-11-20"  # noqa: DTZ001
    assert sheets._text(time(9, 30)) == "09:30:00"
    assert sheets._text(1.5) == "1.5"


def squeezed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (io.BytesIO(b""), ".xlsx"),
        (io.BytesIO(b"name,phone\n1,2\n"), ".xlsx"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0" + bytes(600)), ".xlsx"),
        (squeezed({"a.txt": "x"}), ".xlsx"),
        (squeezed({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}), ".xlsx"),
        (squeezed({"xl/workbook.xml": "<broken"}), "打不开"),
        (squeezed({"xl/workbook.xml": "0" * 5_000_000}), "太大"),
        (book(["电话"], ["1"]), "没有找到这些列：名称"),
        (book(["别的"]), "没有找到这些列：名称"),
        (book(["名称"]), "没有要导入的行"),
    ],
)
def test_whatever_is_wrong_comes_out_as_one_sentence(file, words):
    with pytest.raises(Refused, match=words):
        sheets.read(file, COLUMNS)


def test_a_cut_off_workbook_is_said_so():
    whole = book(["名称"], ["站"]).read()
    with pytest.raises(Refused, match=r"xlsx|打不开"):
        sheets.read(io.BytesIO(whole[: len(whole) // 2]), COLUMNS)


def test_too_many_rows_and_too_big_a_file_are_refused(settings):
    settings.UPLOAD_WORKBOOK_MAX_ROWS = 20
    with pytest.raises(Refused, match="超过 20 行"):
        sheets.read(book(["名称"], *([f"站{n}"] for n in range(40))), COLUMNS)
    settings.UPLOAD_WORKBOOK_MAX_BYTES = 1024
    with pytest.raises(Refused, match="文件超过"):
        sheets.read(book(["名称"], *([f"站{n}"] for n in range(400))), COLUMNS)
