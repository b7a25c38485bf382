import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from civic.core import pictures
from civic.core.errors import Refused
from civic.core.pictures import clean_picture


def shot(form="JPEG", mode="RGB", size=(60, 40), **options):
    out = io.BytesIO()
    Image.new(mode, size, options.pop("color", 0)).save(out, form, **options)
    return out.getvalue()


def upload(raw, name="a.jpg"):
    return SimpleUploadedFile(name, raw, content_type="image/jpeg")


def opened(kept):
    return Image.open(io.BytesIO(kept.read()))


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("WEBP", "RGB")]
)
def test_a_picture_of_any_kind_becomes_a_jpeg(form, mode):
    kept = clean_picture(upload(shot(form, mode)))
    assert opened(kept).format == "JPEG"
    assert kept.name.endswith(".jpg")


def test_what_is_clear_becomes_white():
    kept = clean_picture(upload(shot("PNG", "RGBA", color=(0, 0, 0, 0))))
    assert opened(kept).getpixel((1, 1)) == (255, 255, 255)


def test_position_and_camera_stay_outside_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x010F] = "a camera of Lao Wang"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    kept = clean_picture(upload(shot(exif=exif.tobytes())))
    picture = opened(kept)
    assert picture.size == (40, 60)
    assert dict(picture.getexif()) == {}
    kept.seek(0)
    assert b"Lao Wang" not in kept.read()


def test_a_second_file_behind_the_pixels_is_cut_off():
    script = b"<?php echo 1 ?><script>alert(1)</script>PK\x03\x04"
    kept = clean_picture(upload(shot() + script))
    assert script not in kept.read()


def test_long_pictures_are_made_smaller():
    assert max(opened(clean_picture(upload(shot(size=(2400, 1200))))).size) == 1600


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "空的"),
        (b"MZ this is a program", "认不出"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "认不出"),
        (shot("GIF", "P"), "认不出"),
        (shot(size=(400, 400))[:300], "打不开"),
    ],
)
def test_what_is_no_picture_is_refused_in_plain_words(raw, words):
    with pytest.raises(Refused, match=words):
        clean_picture(upload(raw))


def test_a_file_too_big_is_refused(settings):
    settings.UPLOAD_PICTURE_MAX_BYTES = 1024 * 1024
    with pytest.raises(Refused, match="1 MB"):
        clean_picture(upload(shot() + bytes(1024 * 1024)))


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    bomb = shot("PNG")
    monkeypatch.setattr(PngImageFile, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(Refused, match="尺寸太大"):
        clean_picture(upload(bomb))


def test_a_huge_bomb_is_refused_when_it_is_opened(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Refused, match="尺寸太大"):
        clean_picture(upload(shot("PNG")))
