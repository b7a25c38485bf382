"""Uploaded pictures: what they are is told by their content, and only their pixels are kept.

The file is decoded and drawn anew as JPEG, so whatever else it carried (position, camera, a second file
hidden behind the pixels) stays outside. Bounds are checked before anything is decoded.
"""

import io
import warnings
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from civic.core.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP")  # what Pillow may try; nothing else is even opened
MOST_PIXELS = 40_000_000  # a phone of 2026 takes 12 to 50 million; more is a bomb or a scan
LONGEST_SIDE = 1600
QUALITY = 82


def clean_picture(upload: UploadedFile | IO[bytes]) -> ContentFile:  # type: ignore[type-arg]
    """The picture as a fresh JPEG: upright, at most 1600 pixels long, without metadata.

    The name is new and says nothing. Raises Refused when the file is too big, is not a picture of a kind
    that browsers show, is damaged, or holds too many pixels.
    """
    raw = _bounded(upload)
    picture = _decoded(raw)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name=f"{uuid4().hex}.jpg")


def _bounded(upload: UploadedFile | IO[bytes]) -> bytes:  # type: ignore[type-arg]
    limit: int = settings.UPLOAD_PICTURE_MAX_BYTES
    upload.seek(0)
    raw: bytes = upload.read(limit + 1)
    if not raw:
        raise Refused(_("这个文件是空的，请换一张照片。"))
    if len(raw) > limit:
        raise Refused(_("照片超过 {size} MB，请换一张小一点的。").format(size=limit // (1024 * 1024)))
    return raw


def _decoded(raw: bytes) -> Image.Image:
    """Pixels only, upright, on white where the picture was clear, no longer than the longest side."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # counted by ourselves, below
            picture = Image.open(io.BytesIO(raw), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused(_("照片尺寸太大，请换一张小一点的。"))
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded small at once
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    except UnidentifiedImageError:
        raise Refused(_("认不出这张照片，请上传 JPG、PNG 或 WebP 图片。")) from None
    except Image.DecompressionBombError:
        raise Refused(_("照片尺寸太大，请换一张小一点的。")) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(_("这张照片打不开，可能已损坏，请换一张。")) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen = (
        upright.convert("RGBA") if "transparency" in upright.info or upright.mode in {"LA", "PA"} else upright
    )
    if seen.mode == "RGBA":
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    # A fresh canvas: `info` (EXIF, comments, profiles) does not come along.
    fresh = Image.new("RGB", seen.size)
    fresh.paste(seen.convert("RGB"))
    return fresh
