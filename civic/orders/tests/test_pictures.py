"""Pictures of an order: redrawn, nameless, without position; what is no picture is refused."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from civic.core.errors import Refused
from civic.orders.models import Attachment
from civic.orders.services.pictures import drop_forgotten, keep_picture
from tests.moments import NOON

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
POSITION = {1: "N", 2: (36.0, 11.0, 42.0), 3: "E", 4: (113.0, 6.0, 59.0)}


def drawn(kind="JPEG", size=(64, 48), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def upload(content, name="IMG_家门口.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def keep(content):
    return keep_picture(upload=upload(content), at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_for_the_draft(kind):
    kept = Attachment.objects.get(pk=keep(drawn(kind)).pk)
    assert (kept.order, kept.at) == (None, NOON)
    with Image.open(kept.file) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 48))


@pytest.mark.django_db
def test_its_name_says_nothing():
    kept = keep(drawn())
    assert "家门口" not in kept.file.name
    assert str(kept.key) in kept.file.name


@pytest.mark.django_db
def test_position_and_camera_are_left_behind():
    exif = Image.Exif()
    exif[MAKER] = "HUAWEI"
    exif.get_ifd(GPS).update(POSITION)
    content = drawn(exif=exif)
    assert b"HUAWEI" in content

    kept = keep(content).file.read()

    assert b"HUAWEI" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {}
        assert "exif" not in picture.info


@pytest.mark.django_db
def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    with Image.open(keep(drawn(size=(64, 48), exif=exif)).file) as picture:
        assert picture.size == (48, 64)


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [b"<script>alert(1)</script>", b"<?php system($_GET['c']); ?>"])
def test_what_hides_behind_the_pixels_stays_outside(hidden):
    assert hidden not in keep(drawn() + hidden).file.read()


@pytest.mark.django_db
def test_an_archive_behind_the_pixels_stays_outside():
    archive = io.BytesIO(drawn())
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr("virus.txt", "x")
    assert zipfile.is_zipfile(io.BytesIO(archive.getvalue()))
    assert not zipfile.is_zipfile(keep(archive.getvalue()).file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7 ...",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        drawn()[:200],
        drawn("GIF"),
        drawn("BMP"),
    ],
    ids=["empty", "text", "pdf", "svg", "cut short", "gif", "bmp"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(Refused):
        keep(content)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_too_big_is_refused(settings):
    settings.UPLOAD_PICTURE_MAX_BYTES = 1000
    assert len(drawn()) <= 1000
    keep(drawn())
    with pytest.raises(Refused):
        keep(drawn() + b"x" * 1000)


@pytest.mark.django_db
@pytest.mark.slow
def test_a_bomb_of_pixels_is_refused():
    with pytest.raises(Refused):
        keep(drawn("PNG", size=(8000, 8000), mode="1"))


@pytest.mark.django_db
def test_pictures_of_drafts_that_were_never_placed_go_after_two_days(order_in):
    forgotten, fresh, placed = keep(drawn()), keep(drawn()), keep(drawn())
    Attachment.objects.filter(pk__in=[forgotten.pk, placed.pk]).update(at=NOON - timedelta(days=2, minutes=1))
    Attachment.objects.filter(pk=placed.pk).update(order=order_in("submitted"))

    assert drop_forgotten(at=NOON) == 1

    assert set(Attachment.objects.all()) == {fresh, placed}
    assert not forgotten.file.storage.exists(forgotten.file.name)
    assert fresh.file.storage.exists(fresh.file.name)
    assert drop_forgotten(at=NOON) == 0
