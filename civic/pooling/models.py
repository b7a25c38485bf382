"""Shape: a round, what is needed, what is put in, the teams' tours of the day and their stops."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.pooling.states import ContributionState, PoolState, StopState, TourState

PERSON = settings.AUTH_USER_MODEL


def _both_or_neither(moment: str, person: str) -> Q:
    return Q(**{moment: None, person: None}) | Q(**{f"{moment}__isnull": False, f"{person}__isnull": False})


class Pool(models.Model):
    """One round: the open demands of a place's villages, pooled for one day. `stamp` counts every change."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="pools")
    title = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    state = models.CharField(max_length=10, choices=PoolState, default=PoolState.DRAFT)
    stamp = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=200, blank=True)  # why the last planning came to nothing
    value = models.IntegerField(null=True)  # of the tours as they stand, in minutes of driving
    bound = models.FloatField(null=True)  # no plan of this day is worth more
    is_proven = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField(null=True)
    queued_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    queued_stamp = models.PositiveIntegerField(null=True)  # the round as the planning was asked for
    planned_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="pooling_pool_state_known", condition=Q(state__in=PoolState.values)),
            models.CheckConstraint(
                name="pooling_pool_cancelled_has_reason",
                condition=~Q(state=PoolState.CANCELLED) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="pooling_pool_published_is_signed",
                condition=~Q(state__in=(PoolState.PUBLISHED, PoolState.DONE)) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pooling_pool_ended_is_signed",
                condition=~Q(state__in=(PoolState.DONE, PoolState.CANCELLED)) | Q(ended_at__isnull=False),
            ),
            *(
                models.CheckConstraint(
                    name=f"pooling_pool_{word}_at_and_by",
                    condition=_both_or_neither(f"{word}_at", f"{word}_by"),
                )
                for word in ("queued", "planned", "published", "ended")
            ),
        ]
        indexes = [models.Index(fields=["place", "-on", "-id"], name="pooling_pool_place")]

    def __str__(self) -> str:
        return self.title


class Half(models.TextChoices):
    ANY = "any", _("全天都行")
    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")


class Priority(models.IntegerChoices):
    PLAIN = 0, _("一般")
    HIGH = 1, _("优先")
    URGENT = 2, _("急")


class How(models.TextChoices):
    """The way in which a need is met."""

    NONE = "none", _("暂未安排")
    TOUR = "tour", _("流动队")
    SINGLE = "single", _("单独派单")
    FAIR = "fair", _("集市摊位")


class Why(models.TextChoices):
    """Why a need is on no tour."""

    SKILL = "skill", _("当天的队伍里没有会这个的")
    FAR = "far", _("路远，当天赶不到或者赶不回来")
    DETOUR = "detour", _("绕路太多，不划算")
    FULL = "full", _("各队的时间排满了")
    TAKEN_OUT = "taken_out", _("派单员拿下了线路")
    MOVED_ON = "moved_on", _("这一单已经另外办了")
    HANDED_BACK = "handed_back", _("队伍去不了")


class Need(models.Model):
    """What a village waits for: an order that was taken in, or what a site or clerk says is wanted there."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="needs")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="needs")
    item = models.ForeignKey("orders.Item", models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    half = models.CharField(max_length=9, choices=Half, default=Half.ANY)
    people = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.PLAIN)
    words = models.CharField(max_length=100, blank=True)
    how = models.CharField(max_length=6, choices=How, default=How.NONE)
    why = models.CharField(max_length=11, choices=Why, blank=True)
    advice = models.CharField(max_length=80, blank=True)  # who could do it alone, or at which fair
    single = models.ForeignKey("volunteers.Team", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="pooling_need_half_known", condition=Q(half__in=Half.values)),
            models.CheckConstraint(name="pooling_need_how_known", condition=Q(how__in=How.values)),
            models.CheckConstraint(
                name="pooling_need_single_when_dispatched_singly",
                condition=Q(single=None) | Q(how=How.SINGLE),
            ),
            models.CheckConstraint(
                name="pooling_need_why_known", condition=Q(why="") | Q(why__in=Why.values)
            ),
            models.CheckConstraint(
                name="pooling_need_priority_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="pooling_need_lasts_10_to_240_minutes", condition=Q(minutes__range=(10, 240))
            ),
            models.CheckConstraint(name="pooling_need_is_of_somebody", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="pooling_need_released_at_and_by",
                condition=_both_or_neither("released_at", "released_by"),
            ),
            models.UniqueConstraint(
                name="pooling_need_order_waits_in_one_pool",
                fields=["order"],
                condition=Q(released_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"need {self.pk} of pool {self.pool_id}"


class Tour(models.Model):
    """One mobile team's day in a round: where it starts, from when to when, and the road as planned."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="tours")
    team = models.ForeignKey("volunteers.Team", models.PROTECT, related_name="tours")
    on = models.DateField()
    depot = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    opens = models.TimeField()
    closes = models.TimeField()
    departs = models.TimeField(null=True)
    returns = models.TimeField(null=True)
    drive_minutes = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=11, choices=TourState, default=TourState.WAITING)
    is_off = models.BooleanField(default=False)  # its round was cancelled
    reason = models.CharField(max_length=100, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="pooling_tour_state_known", condition=Q(state__in=TourState.values)),
            models.CheckConstraint(
                name="pooling_tour_closes_after_it_opens", condition=Q(closes__gt=F("opens"))
            ),
            models.CheckConstraint(
                name="pooling_tour_returns_after_departing",
                condition=Q(departs=None, returns=None)
                | Q(departs__isnull=False, returns__isnull=False, returns__gte=F("departs")),
            ),
            models.CheckConstraint(
                name="pooling_tour_answered_at_and_by",
                condition=_both_or_neither("answered_at", "answered_by"),
            ),
            models.CheckConstraint(
                name="pooling_tour_handed_back_has_reason",
                condition=~Q(state=TourState.HANDED_BACK) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                name="pooling_tour_one_a_day_for_a_team",
                fields=["team", "on"],
                condition=Q(is_off=False) & ~Q(state=TourState.HANDED_BACK),
            ),
        ]
        indexes = [models.Index(fields=["pool", "id"], name="pooling_tour_pool")]

    def __str__(self) -> str:
        return f"tour of {self.team_id} on {self.on}"


class Kind(models.TextChoices):
    TALENT = "talent", _("拼人才")
    IDEA = "idea", _("拼创意")
    MATERIAL = "material", _("拼物资")


class Contribution(models.Model):
    """What a site, a team or a partner puts in. A talent may ride along on a tour and bring a skill."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="contributions")
    kind = models.CharField(max_length=8, choices=Kind)
    venue = models.ForeignKey("venues.Venue", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("volunteers.Team", models.PROTECT, null=True, related_name="+")
    partner = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=100)
    amount = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=6, blank=True)
    skill = models.ForeignKey("volunteers.Skill", models.PROTECT, null=True, related_name="+")
    tour = models.ForeignKey(Tour, models.SET_NULL, null=True, related_name="riders")
    state = models.CharField(max_length=8, choices=ContributionState, default=ContributionState.OFFERED)
    answer = models.CharField(max_length=100, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="pooling_contribution_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="pooling_contribution_state_known", condition=Q(state__in=ContributionState.values)
            ),
            models.CheckConstraint(name="pooling_contribution_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="pooling_contribution_of_exactly_one",
                condition=Q(venue__isnull=False, team=None, partner="")
                | Q(venue=None, team__isnull=False, partner="")
                | (Q(venue=None, team=None) & ~Q(partner="")),
            ),
            models.CheckConstraint(
                name="pooling_contribution_rides_when_taken",
                condition=Q(tour=None) | Q(state=ContributionState.TAKEN, kind=Kind.TALENT),
            ),
            models.CheckConstraint(
                name="pooling_contribution_answered_at_and_by",
                condition=_both_or_neither("answered_at", "answered_by"),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Stop(models.Model):
    """A need on a tour: when the team comes, begins and leaves, and what became of it."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="stops")
    need = models.ForeignKey(Need, models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField()
    arrives = models.TimeField()
    starts = models.TimeField()
    leaves = models.TimeField()
    drive_minutes = models.PositiveSmallIntegerField()
    is_pinned = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=StopState, default=StopState.AHEAD)
    served = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="pooling_stop_state_known", condition=Q(state__in=StopState.values)),
            models.CheckConstraint(
                name="pooling_stop_leaves_after_arriving",
                condition=Q(starts__gte=F("arrives"), leaves__gte=F("starts")),
            ),
            models.CheckConstraint(
                name="pooling_stop_ended_says_what", condition=Q(ended_at=None) | ~Q(note="")
            ),
            *(
                models.CheckConstraint(
                    name=f"pooling_stop_{word}_at_and_by",
                    condition=_both_or_neither(f"{word}_at", f"{word}_by"),
                )
                for word in ("arrived", "ended")
            ),
            models.UniqueConstraint(
                name="pooling_stop_once_for_a_need",
                fields=["need"],
                condition=~Q(state=StopState.SKIPPED),
            ),
            models.UniqueConstraint(
                name="pooling_stop_position_once_in_a_tour",
                fields=["tour", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"stop {self.position} of tour {self.tour_id}"
