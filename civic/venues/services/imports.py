"""Workbooks of venues: uploaded, judged row by row, taken in or not, undone within a day."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Field, ProtectedError, Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.core import sheets, words
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.places import queries as places
from civic.places.models import Place, within
from civic.venues import columns, queries, rules
from civic.venues.columns import Ground, Reading
from civic.venues.models import STATUTORY, Batch, BatchRow, RowVerdict, Venue, VenueKind
from civic.venues.services.loading import refresh_search
from civic.venues.states import IMPORT, BatchState

if TYPE_CHECKING:
    from civic.people.models import Person

KIND = "venues"
BIG = 500  # rows; more than that is the worker's business
PART = 200  # rows the worker takes in one transaction
UNDO_WITHIN = timedelta(hours=24)
NAMED = 3
TASK = "venues.take_in"


# --- Upload.


@transaction.atomic
def upload(*, file: "UploadedFile[Any]", place_id: int, by: "Person", at: datetime) -> Batch:
    """Read a workbook and judge every row; nothing is changed yet.

    Raises Denied out of reach; Refused with one sentence for a file that cannot be read.
    """
    place = Place.objects.get(pk=place_id)
    if not reaches(by, Permission.VENUES_IMPORT, place.path):
        raise Denied
    ground = Ground(place)
    readings = [columns.read_row(row, ground) for row in sheets.read(file, columns.COLUMNS)]
    standing = columns.identities(
        Venue.objects.open()
        .filter(within([place.path], "place__path"))
        .select_related("place")
        .order_by("id")
    )
    rows = _judged(readings, standing)
    batch = Batch.objects.create(
        kind=KIND,
        file_name=str(file.name)[-120:],
        place=place,
        total_count=len(rows),
        uploaded_at=at,
        uploaded_by=by,
        **{f"{verdict.value}_count": sum(row.verdict == verdict for row in rows) for verdict in RowVerdict},
    )
    for row in rows:
        row.batch = batch
    BatchRow.objects.bulk_create(rows, batch_size=1000)
    journal.write(at=at, by=by, what="venues.upload", about=batch, place_path=place.path, row_count=len(rows))
    return batch


def _judged(readings: Sequence[Reading], standing: dict[tuple[int, str], Venue]) -> list[BatchRow]:
    """A verdict for every row; of two rows about one venue, or of one name, the second is wrong."""
    seen: dict[tuple[int, str], int] = {}
    names = {(venue.place_id, venue.name): venue.pk for venue in standing.values()}
    rows = []
    for reading in readings:
        venue = None
        if reading.place is not None and reading.kind:
            name = reading.row.cells.get("名称", "")
            key = columns.identity(reading.place, reading.kind, name)
            venue = standing.get(key)
            mine = venue.pk if venue else -reading.row.number
            if key in seen:
                reading.wrong("名称", _("和第 {n} 行是同一个阵地").format(n=seen[key]))
            elif names.setdefault((reading.place.pk, name), mine) != mine:
                reading.wrong("名称", _("这个地方已经有叫这个名字的阵地"))
            seen.setdefault(key, reading.row.number)
        rows.append(
            BatchRow(
                number=reading.row.number,
                verdict=_verdict(reading, venue),
                cells=json.dumps(reading.row.cells, ensure_ascii=False),
                errors=reading.errors,
                target_id=venue.pk if venue else None,
            )
        )
    return rows


def _verdict(reading: Reading, venue: Venue | None) -> str:
    if reading.errors:
        return RowVerdict.WRONG
    if venue is None:
        return RowVerdict.NEW
    same = all(getattr(venue, field) == value for field, value in reading.told.items())
    return RowVerdict.SAME if same else RowVerdict.CHANGED


# --- Taking in.


@transaction.atomic
def apply(*, batch_id: int, by: "Person", at: datetime) -> Batch:
    """Take in the rows that are right; the wrong ones stay out and can be downloaded.

    A big workbook is handed to the worker and stays in preview until the last part is in. Raises Denied;
    Refused when it was taken in or dropped before, when no row is right, or when a place closed meanwhile.
    """
    batch = _locked(batch_id)
    if not rules.may_apply(by, batch):
        raise Denied
    target = IMPORT.step("apply", batch.state)
    if batch.queued_at is not None:
        raise Refused(_("正在导入，请稍等。"))
    if not batch.new_count + batch.changed_count:
        raise Refused(_("没有要新增或更改的行。"))
    if batch.new_count + batch.changed_count > BIG:
        batch.queued_at, batch.queued_by = at, by
        batch.save(update_fields=["queued_at", "queued_by"])
        jobs.configure_task(TASK, queue="imports").defer(batch_id=batch.pk)
        return batch
    while _take_part(batch):
        pass
    return _finish(batch, target, by=by, at=at)


@transaction.atomic
def take_in(*, batch_id: int, at: datetime) -> int:
    """Take in the next part of a big workbook; returns how many rows are left. Safe to repeat.

    A refusal is written to the workbook, whose progress page shows it, and frees it from the queue.
    """
    batch = _locked(batch_id)
    if batch.state != BatchState.PREVIEWED or batch.queued_by is None:
        return 0
    try:
        if not rules.may_apply(batch.queued_by, batch):
            raise Denied
        with transaction.atomic():
            left = _take_part(batch)
    except (Refused, Denied) as refusal:
        said = str(refusal) or _("导入的人已经没有这里的权限。")
        batch.problem, batch.queued_at, batch.queued_by = said[:200], None, None
        batch.save(update_fields=["problem", "queued_at", "queued_by"])
        return 0
    if not left:
        _finish(batch, IMPORT.step("apply", batch.state), by=batch.queued_by, at=at)
    return left


@transaction.atomic
def drop(*, batch_id: int, by: "Person", at: datetime) -> Batch:
    """Take nothing in. Raises Denied; Refused when it was taken in before, or is being."""
    batch = _locked(batch_id)
    if not rules.may_drop(by, batch):
        raise Denied
    if batch.queued_at is not None or _taken(batch).exists():
        raise Refused(_("正在导入，不能放弃。导入后可以撤销。"))
    batch.state = IMPORT.step("drop", batch.state)
    batch.save(update_fields=["state"])
    journal.write(at=at, by=by, what="venues.drop", about=batch, place_path=batch.place.path)
    return batch


def _take_part(batch: Batch) -> int:
    """Take in up to PART rows that are not in yet; returns how many are left after them."""
    waiting = batch.rows.filter(verdict__in=(RowVerdict.NEW, RowVerdict.CHANGED), before="").order_by(
        "number"
    )
    part = list(waiting[:PART])
    ground = Ground(batch.place)
    touched = [_take(row, ground) for row in part]
    BatchRow.objects.bulk_update(part, ["before", "target_id"])
    refresh_search(touched)
    return int(waiting.count())


def _take(row: BatchRow, ground: Ground) -> Venue:
    """Write one row, and keep in it what stood there before."""
    reading = columns.read_row(sheets.Row(row.number, json.loads(row.cells)), ground)
    if reading.place is None or reading.errors:
        raise Refused(_("第 {n} 行的地方已经变了，请重新上传。").format(n=row.number))
    try:
        with transaction.atomic():
            venue, before = _changed(row, reading) if row.target_id else (_added(row, reading), {})
    except IntegrityError:
        raise Refused(_("第 {n} 行的名称刚刚被别的阵地用了，请重新上传。").format(n=row.number)) from None
    row.target_id = venue.pk
    row.before = json.dumps({"version": venue.version, "columns": before}, cls=DjangoJSONEncoder)
    return venue


def _changed(row: BatchRow, reading: Reading) -> tuple[Venue, dict[str, Any]]:
    venue = (
        Venue.objects.select_for_update(of=("self",))
        .select_related("place")
        .filter(pk=row.target_id or 0)
        .first()
    )
    if venue is None or venue.closed_on is not None:
        raise Refused(_("第 {n} 行的阵地已经关闭，请重新上传。").format(n=row.number))
    told = dict(reading.told)
    if "lon" in told:
        told["position_is_rough"] = False
    if venue.kind not in STATUTORY:  # the three by law sort with their places
        told["sort_key"] = words.sort_key(told["name"])[:200]
    before = {name: getattr(venue, name) for name in told}
    for name, value in told.items():
        setattr(venue, name, value)
    venue.version += 1
    venue.save(update_fields=[*told, "version"])
    return venue, before


def _added(row: BatchRow, reading: Reading) -> Venue:
    place = cast(Place, reading.place)
    name = reading.told["name"]
    here = Venue.objects.open().filter(place=place)
    same = here.filter(kind=reading.kind) if reading.kind in STATUTORY else here.filter(name=name)
    if same.exists():
        raise Refused(_("第 {n} 行的阵地刚刚有人建了，请重新上传。").format(n=row.number))
    told = {"lon": place.lon, "lat": place.lat, "position_is_rough": "lon" not in reading.told} | reading.told
    sort_key = words.sort_key(name)[:200]
    return Venue.objects.create(place=place, kind=VenueKind(reading.kind), sort_key=sort_key, **told)


def _finish(batch: Batch, state: str, *, by: "Person", at: datetime) -> Batch:
    batch.state, batch.applied_at, batch.applied_by = state, at, by
    batch.queued_at = batch.queued_by = None
    batch.problem = ""
    batch.save(update_fields=["state", "applied_at", "applied_by", "queued_at", "queued_by", "problem"])
    journal.write(
        at=at,
        by=by,
        what="venues.apply",
        about=batch,
        place_path=batch.place.path,
        new_count=batch.new_count,
        changed_count=batch.changed_count,
    )
    return batch


# --- Undoing.


@transaction.atomic
def undo(*, batch_id: int, by: "Person", at: datetime) -> Batch:
    """Put everything back as it stood before the import.

    Raises Denied; Refused after 24 hours, and when a venue was changed or put to use since, saying which.
    """
    batch = _locked(batch_id)
    if not rules.may_undo(by, batch):
        raise Denied
    target = IMPORT.step("undo", batch.state)
    if batch.applied_at is None or at - batch.applied_at > UNDO_WITHIN:
        raise Refused(_("超过 24 小时，不能撤销了。请逐个修改。"))
    rows = {row.target_id: row for row in _taken(batch) if row.target_id is not None}
    venues = list(
        Venue.objects.select_for_update(of=("self",))
        .select_related("place")
        .filter(pk__in=rows)
        .order_by("id")
    )
    _demand_untouched(venues, rows)
    _put_back(venues, rows)
    batch.state, batch.undone_at, batch.undone_by = target, at, by
    batch.save(update_fields=["state", "undone_at", "undone_by"])
    journal.write(at=at, by=by, what="venues.undo", about=batch, place_path=batch.place.path)
    return batch


def _demand_untouched(venues: Sequence[Venue], rows: dict[int, BatchRow]) -> None:
    """No venue was saved, closed or furnished since the import."""
    new = [venue.pk for venue in venues if rows[venue.pk].verdict == RowVerdict.NEW]
    used = set(
        Venue.objects.filter(pk__in=new)
        .filter(Q(rooms__isnull=False) | Q(hours__isnull=False) | Q(photos__isnull=False))
        .values_list("pk", flat=True)
    )
    touched = [
        f"{_('第 {n} 行').format(n=rows[venue.pk].number)} {venue.name}"
        for venue in venues
        if venue.pk in used or venue.version != json.loads(rows[venue.pk].before)["version"]
    ]
    if touched:
        names = "；".join(touched[:NAMED])
        raise Refused(_("导入后又改过 {n} 个，不能整批撤销：{names}").format(n=len(touched), names=names))


def _put_back(venues: Sequence[Venue], rows: dict[int, BatchRow]) -> None:
    new, changed = [], []
    for venue in venues:
        if rows[venue.pk].verdict == RowVerdict.NEW:
            new.append(venue.pk)
            continue
        for name, value in json.loads(rows[venue.pk].before)["columns"].items():
            setattr(venue, name, cast(Field, Venue._meta.get_field(name)).to_python(value))  # type: ignore[type-arg]
        venue.version += 1
        changed.append(venue)
    fields = [*columns.FIELDS.values(), "position_is_rough", "sort_key", "version"]
    Venue.objects.bulk_update(changed, fields, batch_size=500)
    refresh_search(changed)
    try:
        with transaction.atomic():
            Venue.objects.filter(pk__in=new).delete()
    except ProtectedError as error:
        raise Refused(_("新建的阵地已经在用了，不能整批撤销。")) from error


# --- Out again.


@transaction.atomic
def export(*, by: "Person", at: datetime) -> bytes:
    """Every open venue where the person imports, as a workbook of the same columns; journalled."""
    venues = list(queries.export_rows(by))
    trails = {spot.place.pk: spot for spot in places.spots(venue.place for venue in venues)}
    rows = [
        columns.as_cells(venue, f"{trails[venue.place_id].trail} {venue.place.name}".strip())
        for venue in venues
    ]
    journal.write(at=at, by=by, what="venues.export", venue_count=len(rows))
    return sheets.write(sheet="阵地", headers=columns.headers(), rows=rows)


# --- Their parts.


def _locked(batch_id: int) -> Batch:
    return Batch.objects.select_for_update(of=("self",)).select_related("place", "queued_by").get(pk=batch_id)


def _taken(batch: Batch) -> Any:
    return batch.rows.exclude(before="").order_by("number")
