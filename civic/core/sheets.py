"""Workbooks in and out: bounded when read, harmless when written. Knows columns, not what they mean.

A workbook from outside is a zip of XML written by anybody: its size, its unpacked size and its rows are
bounded before a cell is looked at, and whatever is wrong with it comes out as one sentence. A workbook that
we write holds text only: no cell of it is a formula, whatever a resident typed.

The library that packs workbooks is loaded when the first one is asked for: it takes numpy along where that is
installed, and a web process that nobody asked for a workbook stays small.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from civic.core.errors import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PARTS = 500
MOST_UNPACKED = 120 * 1024 * 1024
MOST_RATIO = 200  # a sheet of equal rows packs about fifty to one
MOST_COLUMNS = 60
MOST_GAP = 10_000
HEADER_WITHIN = 10  # the header stands in one of the first rows
EXAMPLE = "示例"  # a row whose first told cell begins so is ours, not the reader's
DANGEROUS = ("=", "+", "@", "-")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no workbook may hold them
PLAIN_NUMBER = re.compile(r"^[+-]?[\d\s.\-]+$")
GREY = "FF8A8A8A"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, and what the template says and offers about it."""

    header: str
    hint: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    width: int = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed: its number in the workbook, and its cells by header."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)


# --- Reading.


def read(upload: "UploadedFile[Any] | IO[bytes]", columns: Sequence[Column]) -> list[Row]:
    """The rows of the first sheet that has the headers, as text; empty and example rows are left out.

    Headers are matched by name, in any order; columns nobody asked for are passed over. Raises Refused, in
    one sentence, for a file that is too big, no workbook, damaged, without a needed header, or without rows.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - large, and rarely asked for

    raw = _bounded(upload)
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        rows = _rows_of(book, columns)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 (a foreign file can make the parser raise anything)
        raise Refused(_("这个工作簿打不开，可能已损坏。请用 Excel 或 WPS 另存一份再上传。")) from None
    if not rows:
        raise Refused(_("工作簿里没有要导入的行。请从表头下面一行开始填。"))
    return rows


def _bounded(upload: "UploadedFile[Any] | IO[bytes]") -> bytes:
    limit: int = settings.UPLOAD_WORKBOOK_MAX_BYTES
    upload.seek(0)
    raw: bytes = upload.read(limit + 1)
    if len(raw) > limit:
        raise Refused(_("文件超过 {size} MB，请分成几个文件。").format(size=limit // (1024 * 1024)))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            _demand_harmless(packed)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise Refused(_("请上传 .xlsx 工作簿。旧的 .xls 和 .csv 请先另存为 .xlsx。")) from None
    return raw


def _demand_harmless(packed: zipfile.ZipFile) -> None:
    """No bomb, no lock, no entities; and a workbook at all."""
    parts = packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed_size = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked / packed_size > MOST_RATIO:
        raise Refused(_("工作簿展开后太大，请删掉多余的表和格式再上传。"))
    if "xl/workbook.xml" not in packed.namelist():
        raise ValueError("no workbook")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(65_536).upper():
                    raise ValueError("a document type where none belongs")


def _rows_of(book: Any, columns: Sequence[Column]) -> list[Row]:
    missing: list[str] = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        lines = _lines(sheet)
        head, missing_here = _header(lines, columns)
        if head:
            return list(_told(lines, head))
        missing = missing or missing_here
    names = "、".join(missing or [column.header for column in columns if column.is_required])
    raise Refused(_("没有找到这些列：{names}。请用模板，不要改表头。").format(names=names))


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows as text; rows beyond the bound are Refused, not read.

    A table ends where MOST_GAP empty rows follow: a single cell in the last row of a sheet would otherwise
    make a million of them.
    """
    most: int = settings.UPLOAD_WORKBOOK_MAX_ROWS
    told = gap = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        texts = [_text(cell) for cell in cells]
        told += any(texts)
        gap = 0 if any(texts) else gap + 1
        if gap > MOST_GAP:
            return
        if told > most + HEADER_WITHIN:
            raise Refused(_("超过 {most} 行，请分成几个文件。").format(most=most))
        yield number, texts


def _header(
    lines: Iterator[tuple[int, list[str]]], columns: Sequence[Column]
) -> tuple[dict[int, str], list[str]]:
    """Position → header of the asked columns, taken from the first row that has all the needed ones."""
    wanted = {_plain(column.header): column for column in columns}
    closest: list[str] = []
    for number, texts in lines:
        found = {
            index: wanted[_plain(text)].header for index, text in enumerate(texts) if _plain(text) in wanted
        }
        missing = [c.header for c in columns if c.is_required and c.header not in found.values()]
        if found and not missing:
            return found, []
        if found:
            closest = missing
        if number >= HEADER_WITHIN:
            break
    return {}, closest


def _told(lines: Iterator[tuple[int, list[str]]], head: dict[int, str]) -> Iterator[Row]:
    for number, texts in lines:
        cells = {header: texts[index] if index < len(texts) else "" for index, header in head.items()}
        first = next((text for text in texts if text), "")
        if any(cells.values()) and not first.startswith(EXAMPLE):
            yield Row(number, cells)


def _plain(header: str) -> str:
    """A header without blanks, stars and remarks in brackets: 「* 名称（必填）」 is 名称."""
    text = re.sub(r"\([^)]*必填[^)]*\)", "", unicodedata.normalize("NFKC", header))
    return re.sub(r"[\s*]", "", text)


def _text(cell: object) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = CONTROLS.sub("", str(cell)).strip()
    # What `write` put before a dangerous beginning is taken away again.
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text


# --- Writing.


def harmless(value: object) -> str:
    """Text that no program takes for a formula; plain numbers and phones stay as they are."""
    text = "" if value is None else CONTROLS.sub("", str(value)).strip()
    if text.startswith(DANGEROUS) and not PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text


def write(*, sheet: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet, every cell text, so that codes keep their zeros and nothing is a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - large, and rarely asked for
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - large, and rarely asked for

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet[:31])
    page.freeze_panes = "A2"
    for number in range(1, len(headers) + 1):
        page.column_dimensions[get_column_letter(number)].width = 18
    page.append([_cell(page, header, bold=True) for header in headers])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    return _packed(book)


def template(*, sheet: str, columns: Sequence[Column], notes: Sequence[str]) -> bytes:
    """An empty workbook to fill: headers, one grey example, drop-downs, and a sheet 填写说明."""
    from openpyxl import Workbook  # noqa: PLC0415 - large, and rarely asked for
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - large, and rarely asked for

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet[:31])
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        if column.choices:
            page.data_validations.append(_drop_down(letter, column.choices))
    page.append([_cell(page, column.header, bold=True) for column in columns])
    page.append([_cell(page, column.example, grey=True) for column in columns])
    told = book.create_sheet(_("填写说明"))
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 20, 70
    for note in notes:
        told.append([_cell(told, note)])
    told.append([])
    for column in columns:
        must = _("必填。") if column.is_required else _("选填。")
        told.append([_cell(told, column.header, bold=True), _cell(told, f"{must}{column.hint}")])
    return _packed(book)


def _drop_down(letter: str, choices: Sequence[str]) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - large, and rarely asked for

    rule = DataValidation(type="list", formula1='"{}"'.format(",".join(choices)), allow_blank=True)
    rule.error = _("请从下拉里选")
    rule.add(f"{letter}2:{letter}{settings.UPLOAD_WORKBOOK_MAX_ROWS}")
    return rule


@cache
def _looks() -> dict[str, Any]:
    """The looks of a header and of an example."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - large, and rarely asked for

    return {
        "bold": Font(bold=True),
        "faint": Font(color=GREY, italic=True),
        "ground": PatternFill("solid", fgColor="FFEFEAE2"),
        "wrapped": Alignment(vertical="top", wrap_text=True),
    }


def _cell(page: Any, value: object, *, bold: bool = False, grey: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - large, and rarely asked for

    cell = WriteOnlyCell(page, value="")
    cell.value = harmless(value)
    cell.data_type = "s"  # openpyxl would read a leading "=" as a formula
    cell.number_format = "@"
    if bold:
        looks = _looks()
        cell.font, cell.fill, cell.alignment = looks["bold"], looks["ground"], looks["wrapped"]
    if grey:
        cell.font = _looks()["faint"]
    return cell


def _packed(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
