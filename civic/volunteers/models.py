"""Skills, volunteers, teams and membership: what the order loop needs of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.volunteers.states import MembershipState


class Skill(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.name


class TeamKind(models.TextChoices):
    THEORY_POLICY = "theory_policy", _("理论政策宣讲")
    CULTURE_ARTS = "culture_arts", _("文化文艺服务")
    EDUCATION_AID = "education_aid", _("助学支教")
    HEALTH = "health", _("医疗健身")
    SCIENCE = "science", _("科学普及")
    LEGAL = "legal", _("法律服务")
    ENVIRONMENT = "environment", _("卫生环保")
    POVERTY_RELIEF = "poverty_relief", _("扶贫帮困")
    SPECIAL = "special", _("特色队伍")


CORE_KINDS = tuple(kind for kind in TeamKind if kind != TeamKind.SPECIAL)


class TeamTier(models.TextChoices):
    CORPS = "corps", _("总队")
    BRIGADE = "brigade", _("大队")
    SQUAD = "squad", _("小队")


class Volunteer(models.Model):
    """A person who serves. `matching` off means: never propose me automatically."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="volunteer")
    home = models.ForeignKey("places.Place", models.PROTECT, related_name="volunteers")
    skills = models.ManyToManyField(Skill, related_name="volunteers")
    matching = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"volunteer {self.pk}"


class Team(models.Model):
    """A volunteer team at a place; serves the subtree of its place. `matching` off: never propose it."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=TeamKind)
    tier = models.CharField(max_length=8, choices=TeamTier, default=TeamTier.SQUAD)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="teams_led")
    skills = models.ManyToManyField(Skill, related_name="teams")
    is_mobile = models.BooleanField(default=False)
    matching = models.BooleanField(default=True, db_default=True)
    intro = models.CharField(max_length=200, blank=True)
    founded_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="volunteers_team_kind_known", condition=Q(kind__in=TeamKind.values)),
            models.CheckConstraint(name="volunteers_team_tier_known", condition=Q(tier__in=TeamTier.values)),
            models.UniqueConstraint(
                name="volunteers_team_name_unique_in_place",
                fields=["place", "name"],
                condition=Q(closed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A volunteer in a team, over time; ended rows stay."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=8, choices=MembershipState, default=MembershipState.MEMBER)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="volunteers_membership_state_known", condition=Q(state__in=MembershipState.values)
            ),
            models.CheckConstraint(
                name="volunteers_membership_decided_at_and_by",
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="volunteers_membership_left_after_joining",
                condition=Q(left_at=None) | Q(left_at__gte=F("asked_at")),
            ),
            models.UniqueConstraint(
                name="volunteers_membership_one_standing",
                fields=["team", "volunteer"],
                condition=Q(state__in=("asked", "member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} in {self.team_id}"
