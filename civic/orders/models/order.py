"""The order itself, what happened to it, its pictures, and its daily number."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.core.fields import SealedTextField
from civic.orders.states import IN_HAND, OPEN, WITH_REASON, OrderState


class Channel(models.TextChoices):
    WEB = "web", _("网上")
    PHONE = "phone", _("电话")
    WALK_IN = "walk_in", _("来站")
    PAPER = "paper", _("纸条")
    MEETING = "meeting", _("村民说事日")


class HalfDay(models.TextChoices):
    ANY = "any", _("都可以")
    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("傍晚")


class Where(models.TextChoices):
    HOME = "home", _("到家里来")
    SITE = "site", _("我到站里去")


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        """Orders that have not ended."""
        return self.filter(state__in=OPEN)

    def to_screen(self) -> "OrderQuerySet":
        """Queue 待审."""
        return self.filter(state=OrderState.SUBMITTED)

    def to_dispatch(self) -> "OrderQuerySet":
        """Queue 待派."""
        return self.filter(state=OrderState.SCREENED)


class Order(models.Model):
    """A resident asks for help at a place. Its state moves only in `services`."""

    number = models.CharField(max_length=16, unique=True)  # 20261120-0037
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="orders")
    item = models.ForeignKey("orders.Item", models.PROTECT, null=True, related_name="orders")
    words = models.TextField(max_length=500)
    channel = models.CharField(max_length=10, choices=Channel)
    resident = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=40)
    contact_phone = SealedTextField(blank=True, default="")
    contact_phone_hash = models.CharField(max_length=64, blank=True, default="")
    where = models.CharField(max_length=4, choices=Where)
    address = SealedTextField(blank=True, default="")
    venue = models.ForeignKey("venues.Venue", models.PROTECT, null=True, related_name="orders")
    wanted_on = models.DateField(null=True)
    wanted_half = models.CharField(max_length=10, choices=HalfDay, default=HalfDay.ANY)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.SUBMITTED)
    reason = models.CharField(max_length=200, blank=True)
    referred_to = models.CharField(max_length=10, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    due_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    current = models.ForeignKey("orders.Dispatch", models.PROTECT, null=True, related_name="+")
    rework_count = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_order_state_known", condition=Q(state__in=OrderState.values)),
            models.CheckConstraint(
                name="orders_order_channel_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="orders_order_in_hand_has_a_dispatch",
                condition=~Q(state__in=(*IN_HAND, OrderState.DISPATCHED)) | Q(current__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_order_waiting_has_none",
                condition=~Q(state__in=(OrderState.SUBMITTED, OrderState.SCREENED, OrderState.RETURNED))
                | Q(current=None),
            ),
            models.CheckConstraint(
                name="orders_order_turned_away_has_reason",
                condition=~Q(state__in=WITH_REASON) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="orders_order_merged_iff_merged_into",
                condition=Q(state=OrderState.MERGED, merged_into__isnull=False)
                | (~Q(state=OrderState.MERGED) & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="orders_order_referred_iff_referred_to",
                condition=(Q(state=OrderState.REFERRED) & ~Q(referred_to=""))
                | (~Q(state=OrderState.REFERRED) & Q(referred_to="")),
            ),
            models.CheckConstraint(
                name="orders_order_scheduled_has_time",
                condition=~Q(state__in=(OrderState.SCHEDULED, OrderState.IN_SERVICE))
                | Q(starts_at__isnull=False, ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_order_time_span",
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="orders_order_screened_has_item",
                condition=Q(item__isnull=False)
                | Q(
                    state__in=(
                        "submitted",
                        "returned",
                        "rejected",
                        "referred",
                        "merged",
                        "withdrawn",
                        "cancelled",
                    )
                ),
            ),
            models.CheckConstraint(name="orders_order_words_not_empty", condition=~Q(words="")),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_at", "id"], name="orders_order_queue", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["resident", "-id"], name="orders_order_mine"),
            models.Index(fields=["place", "-id"], name="orders_order_place"),
            models.Index(fields=["placed_at"], name="orders_order_placed"),
            models.Index(
                fields=["contact_phone_hash"], name="orders_order_phone", condition=~Q(contact_phone_hash="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def short_number(self) -> str:
        """The number as people say it: month, day, serial."""
        return self.number[4:]


class Event(models.Model):
    """One step on the order's timeline; written once, readable by the resident unless internal."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=OrderState)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=80, blank=True)  # as shown: 「匠心家电」, 王师傅, 襄垣县中心
    is_internal = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["order", "id"], name="orders_event_timeline")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%F %T}"


class Attachment(models.Model):
    """A picture the resident added, re-encoded without metadata. Without an order yet: part of a draft."""

    order = models.ForeignKey(Order, models.CASCADE, null=True, related_name="attachments")
    key = models.UUIDField(unique=True)
    file = models.FileField(upload_to="orders/%Y/%m/")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)


class DayCounter(models.Model):
    """The last serial number handed out on a day; taken in blocks, so numbers may have gaps."""

    on = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.on} {self.last}"
