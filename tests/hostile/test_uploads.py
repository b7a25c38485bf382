"""Spoilt files through the pages that take files: a clear sentence, nothing kept, nothing else lost.

What a picture or a workbook may be is tested beside civic/core/pictures.py and civic/core/sheets.py.
"""

import io
import struct
import time
import zipfile
import zlib
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from civic.core.sheets import XLSX
from civic.orders.models import Attachment
from civic.orders.tests.verbs import bring
from civic.venues.models import Batch, Photo, Venue
from tests.scope.ground import picture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LONGEST_SECONDS = 20  # on a busy machine; a file that takes a minute is a weapon


def jpeg(**saved):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", **saved)
    return out.getvalue()


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width, height, *more):
    """A PNG that says it is so large, with hardly any pixels in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = [
        b"\x89PNG\r\n\x1a\n",
        head,
        *more,
        chunk(b"IDAT", zlib.compress(b"\0" * 100)),
        chunk(b"IEND", b""),
    ]
    return b"".join(parts)


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


def placed():
    """A photograph that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "丝雀相机"
    exif.get_ifd(0x8825)[2] = (36.0, 11.0, 12.0)
    return jpeg(exif=exif)


BAD_PICTURES = {
    "a script that is also a GIF": b"GIF89a/*\x00\x00*/=alert(1);//" + bytes(200),
    "an SVG with script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a program": b"\x7fELF" + bytes(500),
    "PHP with a JPEG head": b"\xff\xd8\xff\xe0<?php system($_GET[0]); ?>",
    "half a JPEG": jpeg()[:300],
    "a bomb of pixels": png(60_000, 60_000),
    "a bomb of text": png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))),
    "no pixels at all": png(0, 0),
    "nothing": b"",
    "a TIFF": b"II*\x00" + bytes(100),
    "a PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</JS(app.alert(1))>>>>",
}
BAD_BOOKS = {
    "nothing": b"",
    "a text": b"a,b\n1,2",
    "a page": b"<html><script>alert(1)</script>",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a zip of something": zipped(a_dot_txt="x"),
    "half a zip": zipped(xl__workbook_dot_xml="x" * 9000)[:150],
    "a bomb": zipped(xl__workbook_dot_xml="0" * 30_000_000),
    "a macro book": zipped(xl__vbaProject_dot_bin="MZ", xl__workbook_dot_xml="<workbook/>"),
    "entities": zipped(xl__workbook_dot_xml="<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
    "a way out": zipped(**{"..__..__etc__passwd": "x", "xl__workbook_dot_xml": "<workbook/>"}),
    "many parts": zipped(**{f"xl__{number}_dot_xml": "" for number in range(900)}),
}  # fmt: skip
NAMES = [
    "../../../etc/passwd.jpg",
    "a.jpg.php",
    "<script>.jpg",
    "长" * 300 + ".jpg",
    "\u202egpj.exe",
    "CON.jpg",
    ".htaccess",
]
kinds = pytest.mark.parametrize


@pytest.fixture
def clerk(client, institute_clerk):
    client.force_login(institute_clerk)
    return client


def files():
    """Every stored file of pictures."""
    return Attachment.objects.count() + Photo.objects.count()


# --- Pictures.


@kinds("name", BAD_PICTURES)
def test_what_is_no_picture_is_told_and_the_words_stay(client, name, count):
    upload = SimpleUploadedFile("photo.jpg", BAD_PICTURES[name], content_type="image/jpeg")
    began = time.monotonic()
    answer = client.post(reverse("orders:tell"), {"words": "电饭锅不通电", "photo": upload})
    count(1)

    assert answer.status_code == 422
    assert "电饭锅不通电" in answer.text
    assert not files()
    assert time.monotonic() - began < LONGEST_SECONDS


@kinds("name", BAD_PICTURES)
def test_nor_is_it_hung_up_at_a_site(clerk, station, name, count):
    upload = SimpleUploadedFile("photo.jpg", BAD_PICTURES[name], content_type="image/jpeg")
    answer = clerk.post(
        reverse("venues:add_photo", args=[station.pk]), {"file": upload, "caption": "门口的牌子"}
    )
    count(1)

    assert answer.status_code == 422
    assert "门口的牌子" in answer.text
    assert not files()


def test_too_big_a_picture_is_told(client, settings, count):
    settings.UPLOAD_PICTURE_MAX_BYTES = 2000
    upload = SimpleUploadedFile("a.jpg", jpeg() + bytes(2000), content_type="image/jpeg")
    answer = client.post(reverse("orders:tell"), {"words": "修锅", "photo": upload})
    count(1)
    assert answer.status_code == 422
    assert "照片超过" in answer.text


@kinds("tail", [zipped(a="x"), b"<?php ?>", b"<script>alert(1)</script>" * 50], ids=["zip", "php", "script"])
def test_only_the_pixels_of_a_picture_are_kept(client, tail, count):
    upload = SimpleUploadedFile("a.jpg", placed() + tail, content_type="text/html")
    answer = client.post(reverse("orders:tell"), {"words": "修锅", "photo": upload})
    count(1)
    assert answer.status_code == 302

    kept = Attachment.objects.get()
    with default_storage.open(kept.file.name) as stored:
        raw = stored.read()
    assert tail not in raw
    assert "丝雀相机".encode() not in raw
    assert not Image.open(io.BytesIO(raw)).getexif()
    assert kept.file.name.endswith(".jpg")


@kinds("name", NAMES, ids=lambda name: name[:12].encode("unicode_escape").decode())
def test_the_name_of_a_file_means_nothing(client, name, count):
    upload = SimpleUploadedFile("x", picture().read(), content_type="image/jpeg")
    upload.name = name  # past the cleaning that Django's constructor does
    answer = client.post(reverse("orders:tell"), {"words": "修锅", "photo": upload})
    count(1)
    assert answer.status_code == 302
    kept = Attachment.objects.get().file.name
    assert kept.startswith("orders/")
    assert UUID(kept.rsplit("/", 1)[1].removesuffix(".jpg"))


def test_a_picture_is_served_as_a_picture_and_nothing_else(client, zhang, fuqian, team):

    order = bring("submitted", place=fuqian, resident=zhang, team=team)
    client.force_login(zhang)
    client.post(reverse("orders:tell"), {"words": "修锅", "photo": picture()})
    kept = Attachment.objects.get()
    Attachment.objects.update(order=order)
    answer = client.get(reverse("orders:picture", args=[kept.key]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    answer.close()


def test_a_picture_of_a_draft_is_nobodys_yet(client, neighbour):
    """Before the order is placed its picture cannot be fetched, not even with its key."""
    client.post(reverse("orders:tell"), {"words": "修锅", "photo": picture()})
    key = Attachment.objects.get().key
    client.force_login(neighbour)
    assert client.get(reverse("orders:picture", args=[key])).status_code == 404


# --- Workbooks.


def send(client, place, raw, name="阵地.xlsx"):
    upload = SimpleUploadedFile(name, raw, content_type=XLSX)
    return client.post(reverse("venues:upload"), {"place": place.pk, "file": upload})


def book(*rows, **cells):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for where, value in cells.items():
        made.active[where] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@kinds("name", BAD_BOOKS)
def test_what_is_no_workbook_is_told(clerk, guhan, name, count):
    began = time.monotonic()
    answer = send(clerk, guhan, BAD_BOOKS[name])
    count(1)
    assert answer.status_code == 422
    assert not Batch.objects.exists()
    assert time.monotonic() - began < LONGEST_SECONDS


HEAD = ("名称", "所在地", "类型")


@kinds(
    ("name", "raw"),
    [
        ("a cell at the end of the world", book(HEAD, XFD1="x", A1048576="y")),
        ("a formula", book(HEAD, ("=cmd|' /C calc'!A0", "府前社区", "站"))),
        ("markup", book(HEAD, ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "站"))),
        ("signs", book(HEAD, ("\u202e站\ufffe", "府前\u0000社区".replace("\0", ""), "🏠" * 900))),
        ("other headers", book(("a", "b", "c"), ("x", "y", "z"))),
        ("headers twice", book((*HEAD, *HEAD), ("站", "府前社区", "站", "站", "府前社区", "站"))),
        ("numbers", book(HEAD, (1e308, -1, 10**15), (True, None, 0.1 + 0.2))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_odd_cells_are_read_or_told(clerk, guhan, fuqian, name, raw, count):
    """Whatever the cells hold: the rows are shown with their verdicts, or one sentence says why not."""
    began = time.monotonic()
    venues = Venue.objects.count()
    answer = send(clerk, guhan, raw)
    count(1)
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        page = clerk.get(answer.url)
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.text
    assert Venue.objects.count() == venues
    assert time.monotonic() - began < LONGEST_SECONDS


def test_a_workbook_of_ten_thousand_rows_is_judged_or_refused(clerk, guhan, settings, count):
    settings.UPLOAD_WORKBOOK_MAX_ROWS = 300
    answer = send(clerk, guhan, book(HEAD, *((f"站{number}", "府前社区", "站") for number in range(400))))
    count(1)
    assert answer.status_code == 422
    assert "300 行" in answer.text


def test_the_name_of_a_workbook_is_only_shown(clerk, guhan, fuqian, count):
    answer = send(
        clerk, guhan, book(HEAD, ("站", "府前社区", "站")), name="<img src=x onerror=alert(1)>.xlsx"
    )
    count(1)
    assert answer.status_code == 302
    assert "<img src=x" not in clerk.get(answer.url).text
