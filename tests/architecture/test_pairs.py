"""A moment and its person come in pairs: `…_at` with `…_by`, both or neither, held by the database."""

from django.db import models

from civic.core.personal import our_apps
from tests.architecture.source import assert_none

# `…_by` that may be empty although its `…_at` is not: field → why.
ANONYMOUS = {
    "access.Grant.granted_by": "the first grants of an installation come from the command line",
    "access.Setting.changed_by": "settings may be loaded from the command line",
    "journal.Entry.by": "the clock and the command line act too",
    "orders.Dispatch.dispatched_by": "what the engine sends has nobody behind it (is_auto)",
    "orders.Event.by": "the clock escalates and lapses too",
    "venues.CircleRun.asked_by": "the night asks too",
    "places.Change.by": "the first import of the tree has nobody behind it",
}
# Not facts but plans and limits.
PLANS = {"due_at", "starts_at", "ends_at", "expires_at", "next_try_at"}
# `…_at` without `…_by`: field, or whole model → who sets it.
UNSIGNED = {
    "orders.Order.changed_at": "every move of anybody; the events name each one",
    "orders.Order.escalated_at": "the nightly task",
    "orders.Order.urged_at": "the resident, or the clock; the events tell which",
    "orders.CallBack.opened_at": "the clock, or the review that asks for it",
    "orders.Plan.made_at": "the worker",
    "orders.Round.made_at": "the worker",
    "orders.Shortage.made_at": "the worker",
    "orders.Attachment": "the resident of the order, or of the draft",
    "fairs.Siting.solved_at": "the worker",
    "venues.CircleRun.done_at": "the worker",
    "journal.Submission": "the request itself; its owner is part of the key",
    "notices.Delivery": "the worker",
    "notices.Notice": "born with the act it tells of; read by its own person",
    "people.Code": "asked for before anybody is known",
    "people.Lock": "counts tries of unknown visitors",
    "people.Person.joined_at": "the journal names who registered her",
    "people.Person.left_at": "only she herself leaves; the journal has the line",
    "people.SignIn": "the row belongs to the person who signed in",
    "volunteers.Membership.asked_at": "the volunteer of the row",
    "volunteers.Membership.left_at": "the journal names who ended it",
    "volunteers.Volunteer": "the person of the row",
}


def all_models():
    return [model for config in our_apps() for model in config.get_models()]


def partner(field):
    """`x_at` for `x_by` and the other way round; None for other names."""
    for mine, other in (("_by", "_at"), ("_at", "_by")):
        if f"_{field.name}".endswith(mine):
            return (f"_{field.name}"[: -len(mine)] + other)[1:]
    return None


def ending(word):
    """Every moment `…_at`, or every person `…_by`; a bare `at` or `by` counts too."""
    kind = models.DateTimeField if word == "_at" else models.ForeignKey
    for model in all_models():
        for field in model._meta.local_concrete_fields:
            if f"_{field.name}".endswith(word) and isinstance(field, kind):
                yield field


def names_in(condition):
    """Columns that a condition mentions."""
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from names_in(child)
        elif isinstance(child, tuple):
            yield child[0].split("__")[0]


def ties(model, one, other):
    """Whether a check constraint of `model` binds the two columns together."""
    return any(
        {one, other} <= set(names_in(constraint.condition))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q)
    )


def lone_signature(field):
    """What is wrong with a `…_by`, or nothing."""
    names = {other.name: other for other in field.model._meta.local_concrete_fields}
    moment = names.get(partner(field))
    if moment is None:
        return f"{field} needs {partner(field)}"
    if str(field) in ANONYMOUS:
        return ""
    if field.null != moment.null:
        return f"{field} and {moment} are empty together or never"
    if field.null and not ties(field.model, field.name, moment.name):
        return f"no check constraint ties {field} to {moment}"
    return ""


def lone_moment(field):
    """What is wrong with a `…_at`, or nothing."""
    if field.name in PLANS or str(field) in UNSIGNED or field.model._meta.label in UNSIGNED:
        return ""
    names = {other.name for other in field.model._meta.local_concrete_fields}
    return "" if partner(field) in names else f"{field} needs {partner(field)}, or a reason in UNSIGNED"


def test_who_comes_with_when():
    assert_none([wrong for field in ending("_by") if (wrong := lone_signature(field))])


def test_when_comes_with_who():
    assert_none([wrong for field in ending("_at") if (wrong := lone_moment(field))])


def test_no_exception_is_stale():
    labels = {model._meta.label for model in all_models()}
    fields = {str(field) for model in all_models() for field in model._meta.local_concrete_fields}
    assert_none(set(ANONYMOUS) - fields)
    assert_none(set(UNSIGNED) - fields - labels)
    assert_none(PLANS - {name.rsplit(".", 1)[1] for name in fields})
