"""The columns of a workbook of venues, and how a row of it is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from civic.core import words
from civic.core.sheets import Column, Row
from civic.places.models import Alias, Level, Place
from civic.venues.models import STATUTORY, Platform, Venue, VenueKind
from civic.venues.phones import clean_phone

# Headers and stored words are the city's own language whatever the reader's is.
COLUMNS = (
    Column(
        "名称", "牌子上的全名，最多 80 字。", "示例：府前社区新时代文明实践站", is_required=True, width=34
    ),
    Column(
        "所在地",
        "县区、乡镇街道、村社区，从大到小写全，中间空格；有区划代码时可以不填。",
        "襄垣县 古韩镇 府前社区",
        width=30,
    ),
    Column("区划代码", "12 位数字；有所在地时可以不填。", "140423100001", width=16),
    Column(
        "类型",
        "从下拉里选。",
        "实践站",
        choices=("实践中心", "实践所", "实践站", "实践基地", "实践点", "邻里驿家"),
        is_required=True,
    ),
    Column("品牌名", "没有就空着。", "邻里驿家"),
    Column("简介", "最多 400 字。", "", width=40),
    Column("负责人", "写在牌子上的名字，会公开。", ""),
    Column("电话", "公布给居民的电话，手机 11 位，座机带区号。", "0355-7221234", width=18),
    Column("地址", "门牌，最多 120 字。", "府前街 12 号", width=30),
    Column("面积", "平方米，数字。", "120"),
    Column("服务户数", "整数。", "860"),
    Column("服务人数", "整数。", "2150"),
    Column(
        "平台",
        "五大平台里有哪些，用顿号隔开：理论宣讲、教育服务、文化服务、科技与科普服务、健身体育服务。",
        "理论宣讲、文化服务",
        width=30,
    ),
    Column("经度", "WGS 84，和纬度一起填或都空着。", "113.05123"),
    Column("纬度", "", "36.53321"),
)
NOTES = (
    "一行一个阵地。第一行是表头，不要改；灰色的示例行可以留着，不会导入。",
    "按「所在地＋类型＋名称」认出已有的阵地：中心、所、站每个地方只有一个，认出来就更改，认不出就新增。",
    "空着的格子表示不改，不会清空原来的内容。",
    "上传后先看核对结果，再决定导入；导入后 24 小时内可以撤销。",
)
FIELDS = {
    "名称": "name",
    "品牌名": "brand",
    "简介": "intro",
    "负责人": "head_name",
    "电话": "phone",
    "地址": "street",
    "面积": "area_m2",
    "服务户数": "household_count",
    "服务人数": "person_count",
    "平台": "platforms",
    "经度": "lon",
    "纬度": "lat",
}
LIMITS = {"名称": 80, "品牌名": 60, "简介": 400, "负责人": 40, "地址": 120}
SHORT = {"中心": VenueKind.CENTER, "所": VenueKind.INSTITUTE, "站": VenueKind.STATION}
KINDS = {
    "实践中心": VenueKind.CENTER,
    "实践所": VenueKind.INSTITUTE,
    "实践站": VenueKind.STATION,
    "实践基地": VenueKind.BASE,
    "实践点": VenueKind.POINT,
    "邻里驿家": VenueKind.POST,
    **SHORT,
}
PLATFORMS = {
    "理论宣讲": Platform.THEORY,
    "教育服务": Platform.EDUCATION,
    "文化服务": Platform.CULTURE,
    "科技与科普服务": Platform.SCIENCE,
    "健身体育服务": Platform.HEALTH_SPORTS,
}
LEVEL_OF = {
    VenueKind.CENTER: Level.COUNTY,
    VenueKind.INSTITUTE: Level.TOWNSHIP,
    VenueKind.STATION: Level.VILLAGE,
}
POINT_BOUNDS = {"经度": (Decimal(70), Decimal(140)), "纬度": (Decimal(15), Decimal(55))}


@dataclass(slots=True)
class Reading:
    """A row understood: where, what, the columns it tells, and what is wrong (header → words)."""

    row: Row
    place: Place | None = None
    kind: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)

    def wrong(self, header: str, said: str) -> None:
        """Note what is wrong with a cell; the value itself stays in the row."""
        self.errors.append({"column": header, "words": said})


class Ground:
    """The places a workbook may speak of, looked up without a query per row."""

    def __init__(self, top: Place) -> None:
        places = list(Place.objects.valid().under(top.path).order_by("id"))
        above_top = Place.objects.filter(pk__in=top.ancestor_ids[:-1]).order_by("id")
        self.by_code = {place.code: place for place in places if place.code}
        by_id = {place.pk: place for place in [*above_top, *places]}
        self.by_name: dict[str, list[Place]] = {}
        aliases: dict[int, list[str]] = {}
        for alias in Alias.objects.filter(place__in=by_id).order_by("id"):
            aliases.setdefault(alias.place_id, []).append(alias.name)
        for place in places:
            above = [
                by_id[pk].name
                for pk in place.ancestor_ids[:-1]
                if pk in by_id and by_id[pk].level != Level.CITY
            ]
            for name in [place.name, *aliases.get(place.pk, [])]:
                for start in range(len(above) + 1):
                    self.by_name.setdefault("".join([*above[start:], name]), []).append(place)

    def find(self, text: str) -> list[Place]:
        """The places that a name or a path of names may mean."""
        return self.by_name.get(words.fold(text).replace(" ", "").replace("/", ""), [])


def read_row(row: Row, ground: Ground) -> Reading:
    """One row: which place, which kind, which columns, and what is wrong."""
    reading = Reading(row)
    _read_place(reading, ground)
    _read_kind(reading)
    for header, limit in LIMITS.items():
        _read_text(reading, header, limit)
    if not row.cells.get("名称"):
        reading.wrong("名称", _("没有填"))
    _read_phone(reading)
    _read_numbers(reading)
    _read_platforms(reading)
    return reading


def _read_place(reading: Reading, ground: Ground) -> None:
    code, text = reading.row.cells.get("区划代码", ""), reading.row.cells.get("所在地", "")
    if code:
        reading.place = ground.by_code.get(code.ljust(12, "0") if code.isdigit() else code)
        if reading.place is None:
            reading.wrong("区划代码", _("您的辖区里没有这个代码"))
        return
    if not text:
        reading.wrong("所在地", _("所在地和区划代码至少填一个"))
        return
    found = ground.find(text)
    if len(found) == 1:
        reading.place = found[0]
    else:
        reading.wrong(
            "所在地",
            _("有 {n} 个同名的地方，请写上县区和乡镇").format(n=len(found))
            if found
            else _("您的辖区里没有这个地方"),
        )


def _read_kind(reading: Reading) -> None:
    said = reading.row.cells.get("类型", "")
    kind = KINDS.get(said)
    if kind is None:
        reading.wrong("类型", _("请从下拉里选") if said else _("没有填"))
        return
    reading.kind = kind.value
    if reading.place and kind in LEVEL_OF and reading.place.level != LEVEL_OF[kind]:
        reading.wrong("类型", _("中心设在县区，所设在乡镇街道，站设在村社区"))


def _read_text(reading: Reading, header: str, limit: int) -> None:
    said = reading.row.cells.get(header, "")
    if len(said) > limit:
        reading.wrong(header, _("多了 {n} 字").format(n=len(said) - limit))
    elif said:
        reading.told[FIELDS[header]] = said


def _read_phone(reading: Reading) -> None:
    said = reading.row.cells.get("电话", "")
    if not said:
        return
    try:
        reading.told["phone"] = clean_phone(said)
    except ValidationError as error:
        reading.wrong("电话", "".join(error.messages))


def _read_numbers(reading: Reading) -> None:
    for header in ("面积", "经度", "纬度", "服务户数", "服务人数"):
        said = reading.row.cells.get(header, "").replace(",", "").replace("，", "")
        if said:
            _read_number(reading, header, said)
    if bool(reading.row.cells.get("经度")) != bool(reading.row.cells.get("纬度")):
        reading.wrong("纬度", _("经度和纬度要一起填，或都空着"))


def _read_number(reading: Reading, header: str, said: str) -> None:
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number > 9_999_999:
        reading.wrong(header, _("要填数字"))
    elif header in POINT_BOUNDS:
        least, most = POINT_BOUNDS[header]
        if least <= number <= most:
            reading.told[FIELDS[header]] = number.quantize(Decimal("0.00001"))
        else:
            reading.wrong(header, _("要在 {least} 和 {most} 之间").format(least=least, most=most))
    elif header == "面积":
        if number:
            reading.told["area_m2"] = number.quantize(Decimal("0.01"))
    elif number == number.to_integral_value():
        reading.told[FIELDS[header]] = int(number)
    else:
        reading.wrong(header, _("要填整数"))


def _read_platforms(reading: Reading) -> None:
    said = reading.row.cells.get("平台", "")
    names = [
        name.strip()
        for name in said.replace(",", "、").replace("，", "、").replace(";", "、").split("、")
        if name.strip()
    ]
    unknown = [name for name in names if name not in PLATFORMS]
    if unknown:
        reading.wrong("平台", _("没有「{name}」这个平台").format(name=unknown[0][:20]))
    elif names:
        reading.told["platforms"] = [PLATFORMS[name].value for name in names]


# --- Out again.


def as_cells(venue: Venue, trail: str) -> list[str]:
    """A venue as a row of the same workbook."""
    kind_words = {kind.value: text for text, kind in KINDS.items() if text not in SHORT}
    platform_words = {platform.value: text for text, platform in PLATFORMS.items()}
    point = ["", ""] if venue.position_is_rough else [str(venue.lon or ""), str(venue.lat or "")]
    return [
        venue.name,
        trail,
        venue.place.code or "",
        kind_words[venue.kind],
        venue.brand,
        venue.intro,
        venue.head_name,
        venue.phone,
        venue.street,
        _number(venue.area_m2),
        _number(venue.household_count),
        _number(venue.person_count),
        "、".join(platform_words[slug] for slug in venue.platforms),
        *point,
    ]


def headers() -> list[str]:
    """The headers in their order."""
    return [column.header for column in COLUMNS]


def _number(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def identity(place: Place, kind: str, name: str) -> tuple[int, str]:
    """What makes two rows speak of one venue: a place has one of each statutory kind, else the name tells."""
    return (place.pk, kind) if kind in STATUTORY else (place.pk, f"={name}")


def identities(venues: Iterable[Venue]) -> dict[tuple[int, str], Venue]:
    """Standing venues by their identity; a venue of a statutory kind is not found by its name."""
    return {identity(venue.place, venue.kind, venue.name): venue for venue in venues}
