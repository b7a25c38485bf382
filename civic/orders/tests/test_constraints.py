"""Every sentence the database keeps about orders, broken on purpose. NULL passes a careless check."""

import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from civic.orders.models import (
    Attachment,
    CallBack,
    Claim,
    Dispatch,
    Event,
    Feedback,
    Issue,
    Order,
    Plan,
    Provision,
    Referral,
    Review,
    Round,
    Ruling,
    Shortage,
    Switch,
    Synonym,
    Visit,
)
from civic.orders.states import IN_HAND
from civic.orders.tests.factories import CategoryFactory, ItemFactory, OrderFactory
from civic.orders.tests.verbs import AN_HOUR, TOMORROW
from tests.moments import NOON


@pytest.fixture
def write(order_in, station, team, wang, zhang, li, fuqian):
    """Write a row of a model, sound but for the fields given; a row that stands already is changed."""
    order, another = order_in("accepted"), order_in("submitted")
    cast = {"li": li, "wang": wang.volunteer, "station": station, "another": another}
    standing = {"submitted": another, "accepted": order, "dispatch": order.current, "item": order.item}
    standing["category"] = order.item.category
    fits = {"order": order, "dispatch": order.current, "item": order.item, "venue": station, "place": fuqian}
    fits["skill"] = order.item.skill
    new = sound_rows(by=li, resident=zhang, team=team, station=station)

    def write_it(model, **broken):
        broken = {
            name: cast.get(value, value) if isinstance(value, str) else value
            for name, value in broken.items()
        }
        if model in standing:
            return changed(standing[model], broken)
        of, sound = new[model]
        columns = {field.name for field in of._meta.local_concrete_fields}
        return of.objects.create(**{k: v for k, v in fits.items() if k in columns} | sound | broken)

    return write_it


def sound_rows(*, by, resident, team, station):
    """Models with what a row of each must say besides the order, item, site and place it belongs to."""
    issue = {"month": date(2026, 11, 1), "number": 11, "theme": "爱老月", "demonstration": station}
    return {
        "second dispatch": (
            Dispatch,
            {"team": team, "venue": None, "dispatched_at": NOON, "dispatched_by": by},
        ),
        "plan": (Plan, {"made_at": NOON}),
        "ruling": (
            Ruling,
            {"kind": "pin", "target": "team:7", "reason": "熟", "ruled_at": NOON, "ruled_by": by},
        ),
        "round": (Round, {"made_at": NOON}),
        "shortage": (Shortage, {"lacking": 2, "price": 24_000, "made_at": NOON}),
        "visit": (Visit, {"started_at": NOON, "started_by": by}),
        "provision": (Provision, {"provisioned_at": NOON, "provisioned_by": by}),
        "review": (Review, {"grade": 5, "reviewed_at": NOON, "reviewed_by": resident}),
        "callback": (CallBack, {"reason": "sample", "opened_at": NOON, "due_at": NOON}),
        "feedback": (Feedback, {"kind": "praise", "words": "好", "sent_at": NOON, "sent_by": resident}),
        "issue": (Issue, issue | {"drafted_at": NOON, "drafted_by": by}),
        "claim": (Claim, {"claimed_at": NOON, "claimed_by": by}),
        "switch": (Switch, {"at": NOON, "by": by}),
        "synonym": (Synonym, {"words": "饭锅"}),
    }


def changed(one, fields):
    for name, value in fields.items():
        setattr(one, name, value)
    one.save()
    return one


EARLIER = NOON - AN_HOUR
# (what the database says, the row, how it is broken)
CHECKS = [
    ("orders_item_mode_known", "item", {"mode": "moon"}),
    ("orders_item_minutes_sane", "item", {"minutes": 4}),
    ("orders_item_minutes_sane", "item", {"minutes": 721}),
    ("orders_item_tells_risk_and_safeguards", "item", {"risk": ""}),
    ("orders_item_tells_risk_and_safeguards", "item", {"safeguards": ""}),
    ("orders_order_state_known", "submitted", {"state": "lost"}),
    ("orders_order_channel_known", "submitted", {"channel": "pigeon"}),
    *[("orders_order_in_hand_has_a_dispatch", "accepted", {"state": s, "current": None}) for s in IN_HAND],
    ("orders_order_in_hand_has_a_dispatch", "accepted", {"state": "dispatched", "current": None}),
    *[("orders_order_waiting_has_none", "accepted", {"state": s}) for s in ("submitted", "screened")],
    ("orders_order_waiting_has_none", "accepted", {"state": "returned", "reason": "请写门牌"}),
    *[
        ("orders_order_turned_away_has_reason", "submitted", {"state": s, "reason": ""})
        for s in ("returned", "rejected", "cancelled")
    ],
    ("orders_order_turned_away_has_reason", "submitted", {"state": "referred", "referred_to": "110"}),
    (
        "orders_order_merged_iff_merged_into",
        "submitted",
        {"state": "merged", "reason": "重复", "merged_into": None},
    ),
    ("orders_order_merged_iff_merged_into", "submitted", {"merged_into": "another"}),
    (
        "orders_order_referred_iff_referred_to",
        "submitted",
        {"state": "referred", "reason": "x", "referred_to": ""},
    ),
    ("orders_order_referred_iff_referred_to", "submitted", {"referred_to": "12345"}),
    ("orders_order_scheduled_has_time", "accepted", {"state": "scheduled"}),
    ("orders_order_scheduled_has_time", "accepted", {"state": "in_service"}),
    ("orders_order_time_span", "submitted", {"starts_at": NOON, "ends_at": None}),
    ("orders_order_time_span", "submitted", {"starts_at": None, "ends_at": NOON}),
    ("orders_order_time_span", "submitted", {"starts_at": NOON, "ends_at": NOON}),
    ("orders_order_time_span", "submitted", {"starts_at": NOON, "ends_at": EARLIER}),
    ("orders_order_screened_has_item", "submitted", {"state": "screened", "item": None}),
    ("orders_order_screened_has_item", "accepted", {"item": None}),
    ("orders_order_words_not_empty", "submitted", {"words": ""}),
    ("orders_dispatch_state_known", "dispatch", {"state": "lost"}),
    ("orders_dispatch_to_exactly_one", "dispatch", {"team": None}),
    ("orders_dispatch_to_exactly_one", "dispatch", {"venue": "station"}),
    ("orders_dispatch_to_exactly_one", "dispatch", {"volunteer": "wang"}),
    ("orders_dispatch_answered_at_and_by", "dispatch", {"answered_at": None}),
    ("orders_dispatch_answered_at_and_by", "dispatch", {"answered_by": None}),
    ("orders_dispatch_by_nobody_iff_auto", "dispatch", {"is_auto": True}),
    ("orders_dispatch_by_nobody_iff_auto", "dispatch", {"dispatched_by": None}),
    ("orders_dispatch_lapses_by_a_time", "dispatch", {"state": "lapsed"}),
    ("orders_category_dispatch_mode_known", "category", {"dispatch_mode": "shout"}),
    ("orders_plan_chance_in_thousandths", "plan", {"chance": 1001}),
    ("orders_plan_target_reads", "plan", {"target": "team:x"}),
    ("orders_round_is_one_row", "round", {"pk": 2}),
    ("orders_ruling_kind_known", "ruling", {"kind": "wish"}),
    ("orders_ruling_target_reads", "ruling", {"target": "team"}),
    ("orders_ruling_has_reason", "ruling", {"reason": ""}),
    ("orders_ruling_lifted_at_and_by", "ruling", {"lifted_at": NOON}),
    ("orders_ruling_lifted_at_and_by", "ruling", {"lifted_by": "li"}),
    ("orders_visit_finished_at_and_by", "visit", {"finished_at": NOON, "summary": "好了"}),
    ("orders_visit_finished_at_and_by", "visit", {"finished_by": "li"}),
    (
        "orders_visit_ends_after_start",
        "visit",
        {"finished_at": EARLIER, "finished_by": "li", "summary": "好了"},
    ),
    ("orders_visit_finished_has_summary", "visit", {"finished_at": NOON, "finished_by": "li"}),
    ("orders_review_grade_1_to_5", "review", {"grade": 0}),
    ("orders_review_grade_1_to_5", "review", {"grade": 6}),
    ("orders_callback_reason_known", "callback", {"reason": "mood"}),
    ("orders_callback_called_iff_outcome", "callback", {"outcome": "满意"}),
    ("orders_callback_called_iff_outcome", "callback", {"is_content": True}),
    ("orders_callback_called_iff_outcome", "callback", {"called_at": NOON, "outcome": "满意"}),
    ("orders_callback_called_iff_outcome", "callback", {"called_by": "li", "outcome": "满意"}),
    ("orders_callback_called_iff_outcome", "callback", {"called_at": NOON, "called_by": "li"}),
    ("orders_feedback_kind_known", "feedback", {"kind": "poem"}),
    ("orders_feedback_answered_iff_answer", "feedback", {"answer": "谢谢"}),
    ("orders_feedback_answered_iff_answer", "feedback", {"answered_at": NOON, "answer": "谢谢"}),
    ("orders_feedback_answered_iff_answer", "feedback", {"answered_by": "li", "answer": "谢谢"}),
    ("orders_feedback_answered_iff_answer", "feedback", {"answered_at": NOON, "answered_by": "li"}),
    ("orders_issue_month_begins_on_1", "issue", {"month": date(2026, 11, 2)}),
    ("orders_issue_published_at_and_by", "issue", {"published_at": NOON}),
    ("orders_issue_published_at_and_by", "issue", {"published_by": "li"}),
    ("orders_claim_dropped_at_and_by", "claim", {"dropped_at": NOON}),
    ("orders_claim_dropped_at_and_by", "claim", {"dropped_by": "li"}),
    ("orders_claim_dropped_later", "claim", {"dropped_at": EARLIER, "dropped_by": "li"}),
]


@pytest.mark.parametrize(("sentence", "model", "broken"), CHECKS)
def test_the_database_refuses(write, sentence, model, broken):
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        write(model, **broken)


TWICE = [
    ("orders_synonym_once", "synonym"),
    ("orders_switch_once", "switch"),
    ("orders_issue_one_a_month", "issue"),
    ("orders_claim_once", "claim"),
    ("orders_visit_one_unfinished", "visit"),
    ("orders_callback_one_open", "callback"),
    ("orders_review_order_id", "review"),
    ("orders_provision_order_id", "provision"),
    ("orders_plan_order_id", "plan"),
    ("orders_ruling_once", "ruling"),
    ("orders_shortage_once", "shortage"),
]


@pytest.mark.parametrize(("sentence", "model"), TWICE)
def test_the_database_refuses_it_twice(write, sentence, model):
    write(model)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        write(model)


ANSWERED = {"answered_at": NOON, "answered_by": "li"}
# (what the database says, the dispatch that may stand once)
STANDING_ONCE = [
    ("orders_dispatch_one_accepted", {"state": "accepted", **ANSWERED}),
    ("orders_dispatch_one_offer_a_team", {}),
    ("orders_dispatch_one_offer_a_venue", {"team": None, "venue": "station"}),
    ("orders_dispatch_one_offer_a_volunteer", {"team": None, "volunteer": "wang"}),
]


@pytest.mark.parametrize(("sentence", "of"), STANDING_ONCE)
def test_a_dispatch_stands_once(write, sentence, of):
    Dispatch.objects.update(state="done")
    write("second dispatch", **of)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        write("second dispatch", **of)
    write("second dispatch", **of | {"state": "recalled"})


def test_several_may_be_asked_for_one_order(write):
    write("second dispatch")
    write("second dispatch", team=None, venue="station")
    write("second dispatch", team=None, volunteer="wang")
    assert Dispatch.objects.filter(state="offered").count() == 3


def test_one_target_is_pinned(write):
    write("ruling")
    write("ruling", kind="forbid", target="team:8")
    with pytest.raises(IntegrityError, match="orders_ruling_one_pin"), transaction.atomic():
        write("ruling", target="team:9")


ENDED = {
    "visit": {"finished_at": NOON, "finished_by": "li", "summary": "好了"},
    "callback": {"called_at": NOON, "called_by": "li", "outcome": "满意", "is_content": True},
    "claim": {"dropped_at": NOON, "dropped_by": "li"},
    "ruling": {"lifted_at": NOON, "lifted_by": "li"},
}


@pytest.mark.parametrize("model", ENDED)
def test_what_ended_may_begin_again(write, model):
    write(model, **ENDED[model])
    write(model, **ENDED[model])
    write(model)


@pytest.mark.parametrize(
    ("sentence", "make"),
    [
        ("orders_order_number", lambda order: OrderFactory(number=order.number)),
        ("orders_item_slug", lambda order: ItemFactory(slug=order.item.slug)),
        ("orders_category_slug", lambda order: CategoryFactory(slug=order.item.category.slug)),
    ],
)
def test_names_are_given_once(order_in, sentence, make):
    order = order_in("submitted")
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        make(order)


@pytest.mark.django_db
def test_words_lead_to_one_desk_and_a_picture_has_one_key():
    key = uuid.uuid4()
    Referral.objects.create(words="着火", target="119", sentence="请打 119")
    Attachment.objects.create(key=key, at=NOON)
    with pytest.raises(IntegrityError, match="orders_referral_words"), transaction.atomic():
        Referral.objects.create(words="着火", target="110", sentence="请打 110")
    with pytest.raises(IntegrityError, match="orders_attachment_key"), transaction.atomic():
        Attachment.objects.create(key=key, at=NOON)


@pytest.mark.parametrize("act", [lambda event: event.save(), lambda event: event.delete()])
def test_what_stands_on_the_timeline_stays(order_in, act):
    event = Event.objects.create(order=order_in("submitted"), at=NOON, what="place", state="submitted")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(event)


def test_every_sentence_is_broken_here():
    kept = {
        constraint.name
        for model in apps.get_app_config("orders").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    broken = {sentence for sentence, *_ in (*CHECKS, *TWICE, *STANDING_ONCE)}
    broken |= {"orders_ruling_one_pin"}
    assert kept - broken == set()


def test_a_span_that_is_whole_is_taken(order_in):
    order = order_in("scheduled", starts_at=TOMORROW, ends_at=TOMORROW + timedelta(minutes=5))
    assert Order.objects.filter(pk=order.pk, ends_at__gt=TOMORROW).exists()
