"""Venues, rooms, bookings and imports."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from civic.core.fields import SealedTextField
from civic.venues.states import BatchState


class VenueKind(models.TextChoices):
    CENTER = "center", _("实践中心")
    INSTITUTE = "institute", _("实践所")
    STATION = "station", _("实践站")
    BASE = "base", _("实践基地")
    POINT = "point", _("实践点")
    POST = "post", _("邻里驿家")


# A statutory division has at most one of these in force; the others may be many.
STATUTORY = (VenueKind.CENTER, VenueKind.INSTITUTE, VenueKind.STATION)


class Platform(models.TextChoices):
    THEORY = "theory", _("理论宣讲")
    EDUCATION = "education", _("教育服务")
    CULTURE = "culture", _("文化服务")
    SCIENCE = "science", _("科技与科普服务")
    HEALTH_SPORTS = "health_sports", _("健身体育服务")


class VenueQuerySet(models.QuerySet["Venue"]):
    def open(self) -> "VenueQuerySet":
        """Venues that have not been closed for good."""
        return self.filter(closed_on=None)


class Venue(models.Model):
    """A practice site (阵地). Its clerks are grants over its place; its head is a name on the plaque."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="venues")
    kind = models.CharField(max_length=10, choices=VenueKind)
    name = models.CharField(max_length=80)
    brand = models.CharField(max_length=60, blank=True)
    intro = models.TextField(max_length=400, blank=True)
    head_name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=120, blank=True)
    area_m2 = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    household_count = models.PositiveIntegerField(null=True)
    person_count = models.PositiveIntegerField(null=True)
    platforms = ArrayField(models.CharField(max_length=16, choices=Platform), default=list)
    lon = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    lat = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    position_is_rough = models.BooleanField(default=True)
    search = SearchVectorField(null=True)
    sort_key = models.CharField(max_length=200, db_collation="C")
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = VenueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="venues_venue_kind_known", condition=Q(kind__in=VenueKind.values)),
            models.UniqueConstraint(
                name="venues_venue_one_statutory_site_per_place",
                fields=["place", "kind"],
                condition=Q(kind__in=STATUTORY, closed_on=None),
            ),
            models.UniqueConstraint(
                name="venues_venue_name_unique_in_place",
                fields=["place", "name"],
                condition=Q(closed_on=None),
            ),
            models.CheckConstraint(
                name="venues_venue_area_positive", condition=Q(area_m2=None) | Q(area_m2__gt=0)
            ),
            models.CheckConstraint(
                name="venues_venue_point_is_whole",
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="venues_venue_search")]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One span of one weekday; a venue with none has not told its hours."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="venues_hours_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="venues_hours_close_after_open", condition=Q(closes__gt=F("opens"))),
            models.UniqueConstraint(name="venues_hours_once", fields=["venue", "weekday", "opens"]),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Photo(models.Model):
    """A picture of a venue, re-encoded and without metadata."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="photos")
    file = models.ImageField(upload_to="venues/%Y/%m/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    caption = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.caption or str(self.file)


class Room(models.Model):
    """One room with many uses (一室多用)."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    seat_count = models.PositiveIntegerField(null=True)
    uses = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="venues_room_name_unique_in_venue", fields=["venue", "name"], condition=Q(closed_on=None)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A weekly use of a room: every `weekday` from `first_on` to `last_on`."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="series")
    title = models.CharField(max_length=60)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    first_on = models.DateField()
    last_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="venues_series_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="venues_series_close_after_open", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="venues_series_span", condition=Q(last_on__gte=F("first_on"))),
        ]

    def __str__(self) -> str:
        return self.title


class Booking(models.Model):
    """A room taken for a span of time. Standing bookings of one room never overlap."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="bookings")
    title = models.CharField(max_length=60)
    span = DateTimeRangeField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="venues_booking_room_is_taken_once",
                expressions=[("room", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                name="venues_booking_span_is_whole",
                condition=Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False),
            ),
            models.CheckConstraint(
                name="venues_booking_cancelled_at_and_by",
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.span}"


class TsTzRange(Func):
    """`tstzrange(start, end)`, closed below and open above."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


HALF_OPEN = RangeBoundary()


class Batch(models.Model):
    """One uploaded workbook: parsed, previewed, then taken in or not, and undone within 24 hours."""

    kind = models.CharField(max_length=20)  # what is imported: "venues"
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.PREVIEWED)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    total_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    wrong_count = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # A big one is handed to the worker, which takes it in part by part.
    queued_at = models.DateTimeField(null=True)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=200, blank=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="venues_batch_state_known", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="venues_batch_queued_at_and_by",
                condition=Q(queued_at=None, queued_by=None)
                | Q(queued_at__isnull=False, queued_by__isnull=False),
            ),
            models.CheckConstraint(
                name="venues_batch_applied_at_and_by",
                condition=Q(applied_at=None, applied_by=None)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
            ),
            models.CheckConstraint(
                name="venues_batch_undone_at_and_by",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class RowVerdict(models.TextChoices):
    NEW = "new", _("新增")
    CHANGED = "changed", _("更改")
    SAME = "same", _("相同")
    WRONG = "wrong", _("有错")


class BatchRow(models.Model):
    """One row of a workbook: what it said, the verdict, and, once applied, what stood there before."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=RowVerdict)
    cells = SealedTextField()
    errors = models.JSONField(default=list)
    target_id = models.BigIntegerField(null=True)
    before = SealedTextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="venues_batchrow_number_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="venues_batchrow_verdict_known", condition=Q(verdict__in=RowVerdict.values)
            ),
            models.CheckConstraint(
                name="venues_batchrow_errors_iff_wrong",
                condition=(Q(verdict="wrong") & ~Q(errors=[])) | (~Q(verdict="wrong") & Q(errors=[])),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} {self.verdict}"


class CircleRun(models.Model):
    """One count of the 15-minute circle: the rule it went by, and what came of it."""

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    urban_metres = models.PositiveIntegerField(default=0)
    rural_metres = models.PositiveIntegerField(default=0)
    sites_least = models.PositiveSmallIntegerField(default=0)
    site_count = models.PositiveIntegerField(default=0)
    surveyed_count = models.PositiveIntegerField(default=0)  # sites with coordinates of their own
    # A proof: no fewer new points can close what one point each can close, and `fewest_count` do.
    fewest_count = models.PositiveIntegerField(default=0)
    fewest_bound = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="venues_circlerun_bound_holds", condition=Q(fewest_bound__lte=F("fewest_count"))
            ),
            models.CheckConstraint(
                name="venues_circlerun_surveyed_are_sites", condition=Q(surveyed_count__lte=F("site_count"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%F %R}"


class Nearness(models.TextChoices):
    OWN = "own", _("本地有阵地")
    MEASURED = "measured", _("邻近有阵地")
    ESTIMATED = "estimated", _("邻近有阵地（估算）")
    GAP = "gap", _("圈外")


class CirclePlace(models.Model):
    """One village or community in one count: how it is served, and how far its nearest site is."""

    run = models.ForeignKey(CircleRun, models.CASCADE, related_name="places")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    nearness = models.CharField(max_length=10, choices=Nearness)
    site_count = models.PositiveIntegerField()  # within reach
    nearest = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+")
    metres = models.PositiveIntegerField(null=True)
    is_estimated = models.BooleanField()  # the position of the place, or of its nearest site
    household_count = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="venues_circleplace_once", fields=["run", "place"]),
            models.CheckConstraint(
                name="venues_circleplace_nearness_known", condition=Q(nearness__in=Nearness.values)
            ),
            models.CheckConstraint(
                name="venues_circleplace_metres_to_the_nearest",
                condition=Q(nearest=None, metres=None) | Q(nearest__isnull=False, metres__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.nearness}"

    @property
    def km(self) -> float | None:
        """Straight kilometres to the nearest site; for an estimated one tell no more than a tenth."""
        return None if self.metres is None else self.metres / 1000


class CirclePoint(models.Model):
    """Where the next point closes most gaps, after those of a lower rank."""

    run = models.ForeignKey(CircleRun, models.CASCADE, related_name="points")
    rank = models.PositiveIntegerField()  # from 1
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    closes = ArrayField(models.BigIntegerField())  # ids of places

    class Meta:
        constraints = [
            models.UniqueConstraint(name="venues_circlepoint_rank_once", fields=["run", "rank"]),
            models.CheckConstraint(name="venues_circlepoint_closes_some", condition=~Q(closes=[])),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.place}"
