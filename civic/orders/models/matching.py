"""What the matching engine plans (`Plan`, `Shortage`) and what people rule about it (`Ruling`).

Plans and shortages are worked out anew at any time; nothing is lost with them. Times and prices are whole
centi-minutes: hundredths of a minute of the network's travel and trouble (`civic.matching.costs`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.orders.models.order import HalfDay

TARGET = r"^(team|venue|volunteer):[0-9]{1,18}$"


class Plan(models.Model):
    """Who should do an order, as the engine sees it with all others in view. `target` reads ``team:7``."""

    order = models.OneToOneField("orders.Order", models.CASCADE, related_name="plan")
    made_at = models.DateTimeField()
    target = models.CharField(max_length=30, blank=True)
    # Thousandths: how likely it is that somebody accepts before it is too late.
    chance = models.PositiveSmallIntegerField(null=True)
    # What the network pays for this order, at the margin.
    price = models.BigIntegerField(default=0)
    card = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_plan_target_reads", condition=Q(target="") | Q(target__regex=TARGET)
            ),
            models.CheckConstraint(
                name="orders_plan_chance_in_thousandths",
                condition=Q(chance=None) | Q(chance__isnull=False, chance__range=(0, 1000)),
            ),
        ]

    def __str__(self) -> str:
        return f"plan of {self.order_id}"


class RulingKind(models.TextChoices):
    PIN = "pin", _("指定")
    FORBID = "forbid", _("不派")


class Ruling(models.Model):
    """A person's word that the engine never undoes: this order goes to `target`, or never does."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="rulings")
    kind = models.CharField(max_length=6, choices=RulingKind)
    target = models.CharField(max_length=30)
    reason = models.CharField(max_length=200)
    # What the network pays more for it, as the engine reckoned when it was ruled; unknown without a plan.
    price = models.BigIntegerField(null=True)
    ruled_at = models.DateTimeField()
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_ruling_kind_known", condition=Q(kind__in=RulingKind.values)),
            models.CheckConstraint(name="orders_ruling_target_reads", condition=Q(target__regex=TARGET)),
            models.CheckConstraint(name="orders_ruling_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="orders_ruling_lifted_at_and_by",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="orders_ruling_once", fields=["order", "target"], condition=Q(lifted_at=None)
            ),
            models.UniqueConstraint(
                name="orders_ruling_one_pin", fields=["order"], condition=Q(lifted_at=None, kind="pin")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} for {self.order_id}"


class Shortage(models.Model):
    """Where people are missing: so many orders of a skill, in a township, at a time, that nobody can take."""

    skill = models.ForeignKey("volunteers.Skill", models.CASCADE, related_name="+")
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    wanted_on = models.DateField(null=True)
    wanted_half = models.CharField(max_length=10, choices=HalfDay, default=HalfDay.ANY)
    lacking = models.PositiveIntegerField()
    # What one more pair of hands would save the network, on average over these orders.
    price = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="orders_shortage_once",
                fields=["skill", "place", "wanted_on", "wanted_half"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lacking} of skill {self.skill_id} at {self.place_id}"


class Touch(models.Model):
    """What the engine must look at again: ``order:7``, ``team:3``. The act writes it, the worker takes it."""

    thing = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.thing


class Round(models.Model):
    """The engine's last round: one row. Whoever holds a warm plan of another `turn` builds it anew."""

    turn = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    total = models.BigIntegerField(default=0)
    order_count = models.PositiveIntegerField(default=0)
    is_rebuilt = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="orders_round_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"round {self.turn}"
