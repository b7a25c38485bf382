"""The readers of models and addresses see what they are there to see."""

import pytest
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps
from django.urls import path

from civic.core.web import audience
from tests.architecture.test_boundaries import climbs
from tests.architecture.test_pairs import lone_moment, lone_signature
from tests.architecture.test_urls import addresses, is_misplaced


class Resolver:
    def __init__(self, *patterns):
        self.url_patterns = patterns


@audience("public")
def page(request):
    return None


@pytest.mark.parametrize(
    ("address", "misplaced"),
    [("desk/orders/", True), ("my/orders/", True), ("orders/", False), ("deskwork/", False)],
)
def test_a_public_page_at_an_address_for_staff_is_seen(address, misplaced):
    [(found, pattern)] = addresses(Resolver(path(address, page, name="page")))
    assert is_misplaced(found, pattern) is misplaced


def paired(condition=None, moment=None, **options):
    """A model with `paused_by`, perhaps with `paused_at`, perhaps tied by a check."""
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", **options)
    checks = [models.CheckConstraint(name="tied", condition=condition)] if condition else []
    fields = {"paused_by": person, "__module__": "civic.orders.models"}
    if moment is not None:
        fields["paused_at"] = moment
    meta = type("Meta", (), {"app_label": "orders", "constraints": checks})
    return type("Paused", (models.Model,), {**fields, "Meta": meta})


TIED = Q(paused_at=None, paused_by=None) | Q(paused_at__isnull=False, paused_by__isnull=False)


@isolate_apps("civic.people", "civic.orders")
def test_a_signature_without_its_moment_is_seen():
    whole = paired(TIED, models.DateTimeField(null=True), null=True)
    assert lone_signature(whole._meta.get_field("paused_by")) == ""


@pytest.mark.parametrize(
    ("condition", "moment", "null", "wrong"),
    [
        (None, None, True, "needs paused_at"),
        (None, models.DateTimeField(null=True), True, "no check constraint ties"),
        (Q(paused_at=None), models.DateTimeField(null=True), True, "no check constraint ties"),
        (TIED, models.DateTimeField(), True, "are empty together or never"),
        (None, models.DateTimeField(null=True), False, "are empty together or never"),
    ],
)
def test_half_a_pair_is_seen(condition, moment, null, wrong):
    with isolate_apps("civic.people", "civic.orders"):
        model = paired(condition, moment, null=null)
        assert wrong in lone_signature(model._meta.get_field("paused_by"))


@isolate_apps("civic.orders")
def test_a_moment_without_its_signature_is_seen():
    class Pause(models.Model):
        paused_at = models.DateTimeField()
        due_at = models.DateTimeField()

        class Meta:
            app_label = "orders"

        def __str__(self):
            return "pause"

    assert "needs paused_by" in lone_moment(Pause._meta.get_field("paused_at"))
    assert lone_moment(Pause._meta.get_field("due_at")) == ""


@pytest.mark.parametrize(
    ("app", "target", "up"),
    [
        ("places", "orders.Order", True),
        ("orders", "places.Place", False),
        ("journal", "people.Person", False),
        ("orders", "orders.Item", False),
    ],
)
def test_a_key_that_points_up_is_seen(app, target, up):
    from django.apps import apps  # noqa: PLC0415 (the real registry, while models below are made up)

    related = apps.get_model(target)
    with isolate_apps(f"civic.{app}"):
        meta = type("Meta", (), {"app_label": app})
        key = models.ForeignKey(related, models.PROTECT, related_name="+")
        model = type(
            "Pointing", (models.Model,), {"key": key, "__module__": f"civic.{app}.models", "Meta": meta}
        )
        assert climbs(model._meta.get_field("key")) is up
