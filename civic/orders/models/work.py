"""What is done for an order: dispatches, provision, visits, review, call-backs; and feedback in general."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.orders.states import DispatchState


class Dispatch(models.Model):
    """One attempt to find who does it. To a team or site: a task. To a volunteer: an invitation.

    Several may wait for an answer at once; one of them becomes the order's. `answer_by` passed in silence
    ends an offer as a no without words. `card` is why the engine chose: its parts, in centi-minutes.
    """

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="dispatches")
    team = models.ForeignKey("volunteers.Team", models.PROTECT, null=True, related_name="dispatches")
    venue = models.ForeignKey("venues.Venue", models.PROTECT, null=True, related_name="dispatches")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="dispatches"
    )
    members = models.ManyToManyField("volunteers.Volunteer", related_name="assignments")
    state = models.CharField(max_length=10, choices=DispatchState, default=DispatchState.OFFERED)
    reasons = models.JSONField(default=list)
    dispatched_at = models.DateTimeField()
    dispatched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_auto = models.BooleanField(default=False, db_default=False)
    answer_by = models.DateTimeField(null=True)
    card = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_dispatch_state_known", condition=Q(state__in=DispatchState.values)
            ),
            models.CheckConstraint(
                name="orders_dispatch_to_exactly_one",
                condition=Q(team__isnull=False, venue=None, volunteer=None)
                | Q(team=None, venue__isnull=False, volunteer=None)
                | Q(team=None, venue=None, volunteer__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_dispatch_answered_at_and_by",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_dispatch_by_nobody_iff_auto",
                condition=Q(is_auto=True, dispatched_by=None) | Q(is_auto=False, dispatched_by__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_dispatch_lapses_by_a_time",
                condition=~Q(state=DispatchState.LAPSED) | Q(answer_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="orders_dispatch_one_accepted",
                fields=["order"],
                condition=Q(state=DispatchState.ACCEPTED),
            ),
            models.UniqueConstraint(
                name="orders_dispatch_one_offer_a_volunteer",
                fields=["volunteer"],
                condition=Q(state=DispatchState.OFFERED),
            ),
            models.UniqueConstraint(
                name="orders_dispatch_one_offer_a_team",
                fields=["order", "team"],
                condition=Q(state=DispatchState.OFFERED),
            ),
            models.UniqueConstraint(
                name="orders_dispatch_one_offer_a_venue",
                fields=["order", "venue"],
                condition=Q(state=DispatchState.OFFERED),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                name="orders_dispatch_answer_by",
                condition=Q(state="offered", answer_by__isnull=False),
            ),
            models.Index(fields=["team", "state"], name="orders_dispatch_team"),
            models.Index(fields=["venue", "state"], name="orders_dispatch_venue"),
            models.Index(fields=["volunteer", "state"], name="orders_dispatch_volunteer"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class Provision(models.Model):
    """配单: the room, the goods and the helpers made ready for an order."""

    order = models.OneToOneField("orders.Order", models.CASCADE, related_name="provision")
    booking = models.OneToOneField("venues.Booking", models.PROTECT, null=True, related_name="+")
    materials = models.CharField(max_length=200, blank=True)
    helpers = models.CharField(max_length=200, blank=True)
    safety = models.CharField(max_length=200, blank=True)
    provisioned_at = models.DateTimeField()
    provisioned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"provision of {self.order_id}"


class Visit(models.Model):
    """One time that help was given for an order: begun, ended, told in two lines."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="visits")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="visits")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    summary = models.TextField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="orders_visit_one_unfinished", fields=["order"], condition=Q(finished_at=None)
            ),
            models.CheckConstraint(
                name="orders_visit_finished_at_and_by",
                condition=Q(finished_at=None, finished_by=None)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_visit_ends_after_start",
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="orders_visit_finished_has_summary", condition=Q(finished_at=None) | ~Q(summary="")
            ),
        ]

    def __str__(self) -> str:
        return f"visit for {self.order_id}"


class Grade(models.IntegerChoices):
    VERY_BAD = 1, _("非常不满意")
    BAD = 2, _("不满意")
    FAIR = 3, _("基本满意")
    GOOD = 4, _("满意")
    VERY_GOOD = 5, _("非常满意")


class Review(models.Model):
    """评单: the resident's grade. One per order, never made up by default."""

    order = models.OneToOneField("orders.Order", models.CASCADE, related_name="review")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    words = models.TextField(max_length=300, blank=True)
    is_anonymous = models.BooleanField(default=False)
    by_phone = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_review_grade_1_to_5", condition=Q(grade__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.grade} for {self.order_id}"


class CallBackReason(models.TextChoices):
    LOW_GRADE = "low_grade", _("评价偏低")
    NOT_DONE = "not_done", _("居民说没做完")
    SAMPLE = "sample", _("抽查")
    PHONE_ORDER = "phone_order", _("电话点的单，代问评价")


class CallBack(models.Model):
    """A call the center owes a resident."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="callbacks")
    reason = models.CharField(max_length=12, choices=CallBackReason)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)
    is_content = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_callback_reason_known", condition=Q(reason__in=CallBackReason.values)
            ),
            models.CheckConstraint(
                name="orders_callback_called_iff_outcome",
                condition=Q(called_at=None, called_by=None, outcome="", is_content=None)
                | (Q(called_at__isnull=False, called_by__isnull=False) & ~Q(outcome="")),
            ),
            models.UniqueConstraint(
                name="orders_callback_one_open", fields=["order", "reason"], condition=Q(called_at=None)
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="orders_callback_due", condition=Q(called_at=None))]

    def __str__(self) -> str:
        return f"call {self.reason} for {self.order_id}"


class FeedbackKind(models.TextChoices):
    SUGGESTION = "suggestion", _("建议")
    COMPLAINT = "complaint", _("投诉")
    PRAISE = "praise", _("表扬")
    APPEAL = "appeal", _("申诉")


class Feedback(models.Model):
    """R24 意见反馈: what a person says about the service, and the answer."""

    kind = models.CharField(max_length=10, choices=FeedbackKind)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="feedback")
    words = models.TextField(max_length=500)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback")
    answer = models.TextField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_feedback_kind_known", condition=Q(kind__in=FeedbackKind.values)
            ),
            models.CheckConstraint(
                name="orders_feedback_answered_iff_answer",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sent_at:%F}"
