"""Fixed days, fairs, stalls, what they counted, and proposals of where to hold fairs."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.fairs.states import FairState

PERSON = settings.AUTH_USER_MODEL
STEPS = (-1, 1, 5)  # what one tap may add


def together(*names: str) -> Q:
    """All of these columns are empty, or none is."""
    return Q(**dict.fromkeys(names)) | Q(**{f"{name}__isnull": False for name in names})


def whole(field: str) -> Q:
    """A span with a beginning and an end."""
    ends = ("isempty", "lower_inf", "upper_inf")
    return Q(**{f"{field}__{end}": False for end in ends})


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("每周")
    MONTHLY = "monthly", _("每月")


class RecurringDay(models.Model):
    """A fixed activity day (固定活动日) of a place and all below it: every Friday, the 20th of each month."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="fixed_days")
    name = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    weekday = models.PositiveSmallIntegerField(null=True)  # 0 is Monday
    day_of_month = models.PositiveSmallIntegerField(null=True)
    opens = models.TimeField()
    closes = models.TimeField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fairs_fixed_day_has_one_rhythm",
                condition=Q(rhythm="weekly", weekday__isnull=False, weekday__lte=6, day_of_month=None)
                | Q(rhythm="monthly", weekday=None, day_of_month__isnull=False, day_of_month__range=(1, 28)),
            ),
            models.CheckConstraint(
                name="fairs_fixed_day_closes_after_opening", condition=Q(closes__gt=F("opens"))
            ),
            models.CheckConstraint(
                name="fairs_fixed_day_dropped_at_and_by", condition=together("dropped_at", "dropped_by")
            ),
            models.UniqueConstraint(
                name="fairs_fixed_day_name_unique_in_place",
                fields=["place", "name"],
                condition=Q(dropped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Siting(models.Model):
    """A question and its answer: where to hold so many fairs so that most people have one in reach."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="sitings")
    fair_count = models.PositiveSmallIntegerField()
    radius_m = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    solved_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    counts_people = models.BooleanField(default=False)  # else every village counts as one
    weight_total = models.PositiveIntegerField(default=0)
    weight_covered = models.PositiveIntegerField(default=0)
    weight_bound = models.PositiveIntegerField(default=0)  # no choice of places covers more
    weight_largest = models.PositiveIntegerField(default=0)  # when the largest villages are taken instead
    village_count = models.PositiveIntegerField(default=0)
    reached_count = models.PositiveIntegerField(default=0)
    estimated_count = models.PositiveIntegerField(default=0)  # villages whose position is only estimated
    unsized_count = models.PositiveIntegerField(default=0)  # villages whose number of people is estimated
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fairs_siting_asks_for_fairs_in_reach",
                condition=Q(fair_count__range=(1, 60), radius_m__range=(200, 20000)),
            ),
            models.CheckConstraint(
                name="fairs_siting_covers_no_more_than_the_bound",
                condition=Q(weight_covered__lte=F("weight_bound"), weight_bound__lte=F("weight_total")),
            ),
            models.CheckConstraint(
                name="fairs_siting_adopted_at_and_by", condition=together("adopted_at", "adopted_by")
            ),
            models.CheckConstraint(
                name="fairs_siting_adopted_only_when_solved",
                condition=Q(adopted_at=None) | Q(solved_at__isnull=False, problem=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair_count} fairs in {self.place_id}"


class SitingPlace(models.Model):
    """One chosen place of a proposal: what it adds to those before it, and the villages it reaches."""

    siting = models.ForeignKey(Siting, models.CASCADE, related_name="chosen")
    rank = models.PositiveSmallIntegerField()
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    weight_added = models.PositiveIntegerField()
    is_estimated = models.BooleanField()
    reached = models.ManyToManyField("places.Place", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fairs_siting_place_once", fields=["siting", "place"]),
            models.UniqueConstraint(name="fairs_siting_rank_once", fields=["siting", "rank"]),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.place_id}"


class FairQuerySet(models.QuerySet["Fair"]):
    def standing(self) -> "FairQuerySet":
        """Fairs that were not called off."""
        return self.exclude(state=FairState.CANCELLED)


class Fair(models.Model):
    """文明集市: one day, one place, some stalls. Its state moves only in services."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="fairs")
    venue = models.ForeignKey("venues.Venue", models.PROTECT, null=True, related_name="fairs")
    fixed_day = models.ForeignKey(RecurringDay, models.PROTECT, null=True, related_name="fairs")
    siting = models.ForeignKey(Siting, models.PROTECT, null=True, related_name="fairs")
    title = models.CharField(max_length=60)
    spot = models.CharField(max_length=80, blank=True)
    span = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=FairState, default=FairState.PLANNED)
    reason = models.CharField(max_length=120, blank=True)
    leaflet_count = models.PositiveIntegerField(default=0)
    quiz_count = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=400, blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    objects = FairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="fairs_fair_state_known", condition=Q(state__in=FairState.values)),
            models.CheckConstraint(name="fairs_fair_span_is_whole", condition=whole("span")),
            ExclusionConstraint(
                name="fairs_fair_one_at_a_place_at_a_time",
                expressions=[("place", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=~Q(state=FairState.CANCELLED),
            ),
            models.CheckConstraint(
                name="fairs_fair_published_at_and_by", condition=together("published_at", "published_by")
            ),
            models.CheckConstraint(
                name="fairs_fair_started_at_and_by", condition=together("started_at", "started_by")
            ),
            models.CheckConstraint(
                name="fairs_fair_closed_at_and_by", condition=together("closed_at", "closed_by")
            ),
            models.CheckConstraint(
                name="fairs_fair_cancelled_at_and_by", condition=together("cancelled_at", "cancelled_by")
            ),
            models.CheckConstraint(
                name="fairs_fair_planned_was_not_published",
                condition=~Q(state=FairState.PLANNED) | Q(published_at=None),
            ),
            models.CheckConstraint(
                name="fairs_fair_shown_was_published",
                condition=~Q(state__in=("published", "open", "held")) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="fairs_fair_held_iff_closed",
                condition=Q(state=FairState.HELD, closed_at__isnull=False)
                | (~Q(state=FairState.HELD) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="fairs_fair_cancelled_iff_with_a_reason",
                condition=(Q(state=FairState.CANCELLED, cancelled_at__isnull=False) & ~Q(reason=""))
                | (~Q(state=FairState.CANCELLED) & Q(cancelled_at=None, reason="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "place"], name="fairs_fair_desk")]

    def __str__(self) -> str:
        return self.title


class StallKind(models.TextChoices):
    FIXED = "fixed", _("固定摊位")
    MOBILE = "mobile", _("流动摊位")


class Stall(models.Model):
    """摊位: a convenience service with who offers it. Fixed at its place, or moving within its place."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="stalls")
    kind = models.CharField(max_length=6, choices=StallKind)
    title = models.CharField(max_length=40)
    offer = models.CharField(max_length=200, blank=True)
    team = models.ForeignKey("volunteers.Team", models.PROTECT, null=True, related_name="stalls")
    partner = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="fairs_stall_kind_known", condition=Q(kind__in=StallKind.values)),
            models.CheckConstraint(
                name="fairs_stall_by_a_team_or_a_partner",
                condition=Q(team__isnull=False, partner="") | (Q(team=None) & ~Q(partner="")),
            ),
            models.CheckConstraint(
                name="fairs_stall_closed_at_and_by", condition=together("closed_at", "closed_by")
            ),
            models.UniqueConstraint(
                name="fairs_stall_title_unique_in_place",
                fields=["place", "title"],
                condition=Q(closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StallSession(models.Model):
    """出摊: a stall at a fair. `span`, `team`, `is_mobile` repeat the fair and the stall for the guards."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="sessions")
    stall = models.ForeignKey(Stall, models.PROTECT, related_name="sessions")
    span = DateTimeRangeField()
    team = models.ForeignKey("volunteers.Team", models.PROTECT, null=True, related_name="stall_sessions")
    is_mobile = models.BooleanField()
    members = models.ManyToManyField("volunteers.Volunteer", related_name="stall_sessions")
    served_count = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="fairs_session_span_is_whole", condition=whole("span")),
            ExclusionConstraint(
                name="fairs_session_stall_stands_once",
                expressions=[("stall", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(left_at=None),
            ),
            ExclusionConstraint(
                name="fairs_session_mobile_team_is_at_one_fair",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("fair", RangeOperators.NOT_EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
                condition=Q(left_at=None, is_mobile=True),
            ),
            models.CheckConstraint(
                name="fairs_session_left_at_and_by", condition=together("left_at", "left_by")
            ),
        ]

    def __str__(self) -> str:
        return f"stall {self.stall_id} at {self.fair_id}"


class Tap(models.Model):
    """One press of the counter; rows are only added, and their sum is the session's `served_count`."""

    session = models.ForeignKey(StallSession, models.PROTECT, related_name="taps")
    step = models.SmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="fairs_tap_step_known", condition=Q(step__in=STEPS))]

    def __str__(self) -> str:
        return f"{self.step:+d}"
