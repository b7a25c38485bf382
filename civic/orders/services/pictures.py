"""Pictures that residents add to an order."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from civic.core.pictures import clean_picture
from civic.orders.models import Attachment


@transaction.atomic
def keep_picture(*, upload: "UploadedFile[Any]", at: datetime) -> Attachment:
    """Re-encode the picture without metadata and keep it for a draft. Raises Refused with what is wrong."""
    picture = clean_picture(upload)
    kept = Attachment(key=uuid.uuid4(), at=at)
    kept.file.save(f"{kept.key}.jpg", picture, save=False)
    kept.save(force_insert=True)
    return kept


def drop_forgotten(*, at: datetime) -> int:
    """Delete pictures of drafts that were never placed, after two days; returns how many."""
    old = list(Attachment.objects.filter(order=None, at__lt=at - timedelta(days=2)).order_by("id")[:500])
    for picture in old:
        picture.file.delete(save=False)
        picture.delete()
    return len(old)
