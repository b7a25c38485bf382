"""Bad text that is already in the database: on every page it is text, and nothing of it comes alive."""

import json

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.html import escape

from tests.architecture.source import assert_none
from tests.hostile.answers import Living, is_html
from tests.hostile.targets import addresses
from tests.scope.addresses import url

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.own_markup]
POISON = "\"><svg onload=x()>'{{7}}&lt;"
ESCAPED = escape(POISON[:16])
# Columns that people do not write: marks and words of the machine.
MACHINES = {
    "slug",
    "path",
    "key",
    "number",
    "kind",
    "what",
    "months",
    "channel",
    "icon",
    "mode",
    "language",
    "password",
}
MACHINES |= {
    "about_type",
    "session_key",
    "totp_secret",
    "sort_key",
    "initials",
    "file",
    "url",
    "purpose",
    "platform",
}
MACHINES |= {"referred_to", "code", "state", "day_type"}


def is_written_by_people(field):
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not field.choices
        and not field.unique
        and field.name not in MACHINES
        and not field.name.endswith(("_hash", "_type", "_version"))
        and (field.max_length or 999) >= len(POISON)
    )


def poisoned():
    """Put the poison into every text column of every row; the columns that took it."""
    for config in apps.get_app_configs():
        if not config.name.startswith("civic.") or config.label == "journal":
            continue
        for model in config.get_models():
            for field in filter(is_written_by_people, model._meta.local_concrete_fields):
                try:
                    with transaction.atomic():
                        if model._default_manager.exclude(**{f"{field.name}__isnull": True}).update(
                            **{field.name: POISON}
                        ):
                            yield f"{model._meta.label}.{field.name}"
                except IntegrityError:
                    continue  # a constraint knows better what may stand there


def test_no_stored_text_comes_alive(grounds, browsers, count):
    taken = list(poisoned())
    assert {"orders.Order.words", "people.Person.name", "venues.Venue.name", "volunteers.Team.name"} <= set(
        taken
    )
    bad, shown = [], 0
    for address in addresses():
        path = url(address, grounds.home, grounds)
        for audience in {address.audience, "desk"} if address.audience == "public" else {address.audience}:
            answer = browsers[audience].get(path)
            if answer.status_code >= 500:
                bad.append(f"{address.name}: {answer.status_code} {answer.exc_info[1]!r}")
            if is_html(answer):
                shown += ESCAPED in answer.content.decode()
                bad += [f"{address.name}: {fault}" for fault in living(answer)]
            elif answer.headers.get("Content-Type", "").startswith("application/json"):
                json.loads(answer.content)
    count(len(taken))
    assert shown > 20  # the poison did reach the pages
    assert_none(bad)


def living(answer):
    """What would run, with the poison in it."""
    reader = Living()
    reader.feed(answer.content.decode())
    return [fault for fault in reader.found if "x()" in fault]
