"""Workbooks for tests of imports."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from civic.venues import columns
from civic.venues.services import imports
from tests.moments import NOON


def workbook(*rows, headers=None):
    """A workbook as a person would fill it: each row a dict by header."""
    told = headers or columns.headers()
    made = Workbook()
    made.active.append(list(told))
    for row in rows:
        made.active.append([row.get(header) for header in told])
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("阵地.xlsx", out.getvalue())


def line(name, place, kind="实践点", **told):
    return {"名称": name, "所在地": place, "类型": kind, **told}


def upload(place, by, *rows, at=NOON):
    return imports.upload(file=workbook(*rows), place_id=place.pk, by=by, at=at)
