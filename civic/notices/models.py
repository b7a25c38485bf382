"""Inbox, outbox, and what people switched off."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.core.fields import SealedTextField


class Notice(models.Model):
    """One message in a person's inbox. Its words are made from kind and params in the reader's language."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_notice_inbox"),
            models.Index(fields=["person"], name="notices_notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


class Delivery(models.Model):
    """One message on its way out through a channel. `key` makes a second one of the same impossible."""

    key = models.CharField(max_length=80, unique=True)
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries")
    channel = models.CharField(max_length=20)
    to = SealedTextField()
    text = SealedTextField()
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED)
    try_count = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    useless_after = models.DateTimeField(null=True)  # a one-time code that comes too late is not sent
    last_error = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="notices_delivery_due", condition=Q(state="queued")),
        ]
        constraints = [
            models.CheckConstraint(
                name="notices_delivery_state_known", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="notices_delivery_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Mute(models.Model):
    """A kind of notice that a person switched off."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="notices_mute_once", fields=["person", "kind"])]

    def __str__(self) -> str:
        return self.kind
