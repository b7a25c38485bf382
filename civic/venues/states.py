"""The life of an import."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from civic.core.machine import Machine, move


class BatchState(TextChoices):
    PREVIEWED = "previewed", _("待确认")
    APPLIED = "applied", _("已导入")
    DROPPED = "dropped", _("未导入")
    UNDONE = "undone", _("已撤销导入")


S = BatchState
IMPORT = Machine(
    initial=S.PREVIEWED,
    apply=move([S.PREVIEWED], S.APPLIED),
    drop=move([S.PREVIEWED], S.DROPPED),
    undo=move([S.APPLIED], S.UNDONE),
)
