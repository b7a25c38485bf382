"""The life of an order (domain §3.9) and of a dispatch."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from civic.core.machine import Machine, move


class OrderState(TextChoices):
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回补充")
    SCREENED = "screened", _("已受理")
    DISPATCHED = "dispatched", _("已派单")
    ACCEPTED = "accepted", _("已接单")
    PROVISIONED = "provisioned", _("已配单")
    SCHEDULED = "scheduled", _("已约好时间")
    IN_SERVICE = "in_service", _("服务中")
    SERVED = "served", _("已完成，待评价")
    DISPUTED = "disputed", _("居民说没做完")
    REVIEWED = "reviewed", _("已评价")
    CLOSED = "closed", _("已办结")
    REJECTED = "rejected", _("无法服务")
    REFERRED = "referred", _("已转介")
    MERGED = "merged", _("并入重复单")
    WITHDRAWN = "withdrawn", _("已撤单")
    CANCELLED = "cancelled", _("已取消")


S = OrderState
# Not yet ended: someone still has to do something, if only to review.
OPEN = (
    S.SUBMITTED, S.RETURNED, S.SCREENED, S.DISPATCHED, S.ACCEPTED, S.PROVISIONED,
    S.SCHEDULED, S.IN_SERVICE, S.SERVED, S.DISPUTED, S.REVIEWED,
)  # fmt: skip
# A team, a site or a volunteer holds the order.
IN_HAND = (S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE, S.SERVED, S.REVIEWED)
WITH_REASON = (S.RETURNED, S.REJECTED, S.REFERRED, S.MERGED, S.CANCELLED)

LIFE = Machine(
    initial=S.SUBMITTED,
    repair=move([S.RETURNED], S.SUBMITTED),
    screen=move([S.SUBMITTED], S.SCREENED),
    send_back=move([S.SUBMITTED], S.RETURNED),
    reject=move([S.SUBMITTED, S.SCREENED], S.REJECTED),
    refer=move([S.SUBMITTED, S.SCREENED], S.REFERRED),
    merge=move([S.SUBMITTED, S.SCREENED], S.MERGED),
    dispatch=move([S.SCREENED], S.DISPATCHED),
    accept=move([S.DISPATCHED], S.ACCEPTED),
    take=move([S.SCREENED], S.ACCEPTED),
    decline=move([S.DISPATCHED], S.SCREENED),
    lapse_offer=move([S.DISPATCHED], S.SCREENED),
    transfer=move([S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED], S.DISPATCHED),
    provision=move([S.ACCEPTED, S.PROVISIONED], S.PROVISIONED),
    schedule=move([S.ACCEPTED, S.PROVISIONED, S.SCHEDULED], S.SCHEDULED),
    start=move([S.SCHEDULED], S.IN_SERVICE),
    finish=move([S.IN_SERVICE], S.SERVED),
    review=move([S.SERVED], S.REVIEWED),
    dispute=move([S.SERVED], S.DISPUTED),
    rework=move([S.DISPUTED], S.SCREENED),
    close=move([S.REVIEWED, S.DISPUTED], S.CLOSED),
    lapse=move([S.SERVED], S.CLOSED),
    withdraw=move([S.SUBMITTED, S.RETURNED, S.SCREENED, S.DISPATCHED], S.WITHDRAWN),
    cancel=move(
        [
            S.SUBMITTED,
            S.RETURNED,
            S.SCREENED,
            S.DISPATCHED,
            S.ACCEPTED,
            S.PROVISIONED,
            S.SCHEDULED,
            S.IN_SERVICE,
        ],
        S.CANCELLED,
    ),
)


class DispatchState(TextChoices):
    """Order state and dispatch state are two axes: an order waits while its dispatches come and go."""

    OFFERED = "offered", _("等待接单")
    ACCEPTED = "accepted", _("已接单")
    DECLINED = "declined", _("未接单")
    LAPSED = "lapsed", _("未回复")
    RECALLED = "recalled", _("已收回")
    DONE = "done", _("已完成")


STANDING = (DispatchState.OFFERED, DispatchState.ACCEPTED)
