"""A person's orders and feedback as chapters of her own data."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from civic.orders.models import Feedback, Order
from civic.people.queries import Chapter

if TYPE_CHECKING:
    from civic.people.models import Person


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def chapter_of(person: "Person") -> Chapter | None:
    """Every order and every word of feedback of a person; None when there is nothing."""
    orders = Order.objects.filter(resident=person).select_related("item", "place", "review").order_by("-id")
    rows = [_order(order) for order in orders]
    rows += [
        {
            _("意见"): feedback.words,
            _("提交时间"): _moment(feedback.sent_at),
            _("答复"): feedback.answer,
        }
        for feedback in Feedback.objects.filter(sent_by=person).order_by("-id")
    ]
    return Chapter("orders", _("点单和意见"), rows) if rows else None


def _order(order: Order) -> dict[str, str]:
    review = getattr(order, "review", None)
    return {
        _("单号"): order.number,
        _("服务"): order.item.name if order.item else "",
        _("说的话"): order.words,
        _("地方"): order.place.full_name,
        _("联系人"): order.contact_name,
        _("联系电话"): order.contact_phone,
        _("地址"): order.address,
        _("提交时间"): _moment(order.placed_at),
        _("状态"): str(order.get_state_display()),
        _("原因"): order.reason,
        _("评价"): f"{review.get_grade_display()} {review.words}".strip() if review else "",
    }
