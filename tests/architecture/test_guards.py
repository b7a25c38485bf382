"""Each guard of the bench is broken on purpose here and must bite."""

import ast
import datetime
import socket
import warnings
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone, translation

from civic.people.models import Person
from civic.people.tests.factories import PersonFactory
from civic.venues.models import Venue
from tests.architecture.test_boundaries import trespasses, writes
from tests.architecture.test_clock import defaults, glances
from tests.architecture.test_limits import long_functions
from tests.guards.network import FarSocket
from tests.guards.pace import dawdlers
from tests.guards.pages import BadPage, faults
from tests.guards.querysets import DateWithTime, UnlockedJoin
from tests.guards.templates import UndefinedVariable
from tests.moments import LONG_AGO, NOON

# --- Templates.


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{{ person.surname }}",
        "{{ nobody|upper }}",
        "{{ row.missing }}",
        "{% if person.surname %}yes{% endif %}",
        "{% for row in rows %}{{ row }}{% endfor %}",
        "{% for row in person.rows %}{{ row }}{% endfor %}",
        "{% with name=nobody %}{{ name }}{% endwith %}",
        "{% load i18n %}{% blocktranslate %}Hello {{ nobody }}{% endblocktranslate %}",
        "{{ person.delete }}",
    ],
)
def test_an_undefined_variable_fails(source):
    with pytest.raises(UndefinedVariable):
        render(source, person=Person(name="张桂兰"), row={})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{% if nobody %}yes{% else %}no{% endif %}", "no"),
        ("{% if row.missing %}yes{% else %}no{% endif %}", "no"),
        ('{{ nobody|default:"–" }}', "–"),
        ('{{ row.missing|default_if_none:"–" }}', "–"),
        ("{% for row in empty %}{{ row }}{% empty %}none{% endfor %}", "none"),
        ("{{ person.name }}{{ person.home }}", "张桂兰None"),
    ],
)
def test_asking_whether_something_is_there_does_not(source, shown):
    assert render(source, person=Person(name="张桂兰"), row={}, empty=[]) == shown


# --- Queries.


def test_a_list_without_an_order_is_shuffled(db):
    made = PersonFactory.create_batch(3)
    assert list(Person.objects.filter(home=None)) != made
    assert list(Person.objects.order_by("id")) == made


def test_two_rows_without_an_order_change_places(db):
    first, second = PersonFactory.create_batch(2)
    assert list(Person.objects.filter(home=None)) == [second, first]


def test_a_lock_says_what_it_locks(db):
    with pytest.raises(UnlockedJoin):
        Person.objects.select_for_update()
    with transaction.atomic():
        assert list(Person.objects.select_for_update(of=("self",))) == []


def test_a_datetime_is_no_day(db):
    with pytest.raises(DateWithTime):
        list(Venue.objects.filter(closed_on=NOON))


def test_a_naive_moment_fails(db):
    naive = datetime.datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 (naive on purpose)
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        PersonFactory(joined_at=naive)


def test_a_warning_fails():
    with pytest.raises(UserWarning):
        warnings.warn("look here", stacklevel=1)


# --- Pages.

KEYS = '<input type="hidden" name="csrfmiddlewaretoken"><input type="hidden" name="form_token">'


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<button onclick="go()">去</button>',
        '<div hx-on:click="go()"></div>',
        '<p style="color: red">红</p>',
        "<style>p { color: red }</style>",
        '<a href="javascript:go()">去</a>',
        "<p>{{ name }}</p>",
        '<p title="{% now %}"></p>',
        f'<form method="post">{KEYS[:49]}</form>',
        '<form method="post"><input type="hidden" name="form_token"></form>',
        f'<form method="post">{KEYS}<form></form></form>',
        '<button hx-post="/x/">去</button>',
        '<a hx-get="/x/">去</a>',
        '<input name="q">',
        '<label for="other">名</label><input id="name" name="name">',
        '<img src="/x.png">',
        '<img src="https://example.com/x.png" alt="图">',
        '<p id="a"></p><p id="a"></p>',
        "<html><head><title>页</title></head><body><h1>页</h1></body></html>",
        '<html lang="zh"><head></head><body><h1>页</h1></body></html>',
        '<html lang="zh"><head><title>页</title></head><body></body></html>',
        '<html lang="zh"><head><title>页</title></head><body><h1>页</h1><h1>页</h1></body></html>',
    ],
)
def test_a_bad_page_is_seen(markup):
    assert len(faults(markup)) == 1


@pytest.mark.parametrize(
    "markup",
    [
        f'<form method="post" hx-post="/x/">{KEYS}<button>好</button></form>',
        '<form><label for="q">找</label><input id="q" name="q"></form>',
        '<label>名 <input name="name"></label><input aria-label="找" name="q">',
        '<script src="/static/civic.js"></script><script type="application/json">{"a": {"b": 1}}</script>',
        '<html lang="zh"><head><title>页</title></head><body><h1>页</h1></body></html>',
        '<a href="https://www.wenming.cn/">中国文明网</a>',
    ],
)
def test_a_good_page_passes(markup):
    assert faults(markup) == []


def bad(request):
    return HttpResponse("<p style='color: red'>红</p>")


bad.login_required = False
urlpatterns = [path("bad/", bad)]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_the_test_client_reads_every_answer():
    with pytest.raises(BadPage, match="inline style"):
        Client().get("/bad/")


@pytest.mark.own_markup
@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_a_marked_test_may_look_at_a_bad_page():
    assert Client().get("/bad/").status_code == 200


# --- The world, and the pace.


def test_sockets_stay_near():
    with pytest.raises(FarSocket):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(FarSocket):
        socket.getaddrinfo("example.com", 80)


def test_slow_tests_are_listed_unless_marked():
    def report(duration, *keywords):
        return SimpleNamespace(when="call", duration=duration, keywords=keywords)

    late, later = report(0.2), report(0.4)
    assert dawdlers([late, report(0.05), report(0.5, "slow"), later]) == [later, late]


# --- The readers of source code.


@pytest.mark.parametrize(
    "line",
    [
        "order.save(update_fields=['state'])",
        "Order.objects.create(words='x')",
        "Order.objects.filter(pk=1).update(state='x')",
        "order.delete()",
        "Order.objects.bulk_create(rows)",
        "Person.objects.get_or_create(name='x')",
        "cursor.execute('DELETE FROM orders_order')",
    ],
)
def test_a_write_is_seen(line):
    assert list(writes(ast.parse(line))) != []


@pytest.mark.parametrize(
    "line",
    ["found.update(other)", "cache.delete('key')", "picture.save(buffer)", "cursor.execute('SELECT 1')"],
)
def test_what_is_no_row_may_change(line):
    assert list(writes(ast.parse(line))) == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("from civic.orders.pages import desk", 1),
        ("from civic.orders import rules", 1),
        ("import civic.orders.forms", 1),
        ("from civic.orders import services", 0),
        ("from civic.orders.queries import desk", 0),
        ("from civic.core.web import answer", 0),
        ("from civic.volunteers import rules", 0),
    ],
)
def test_a_door_that_is_no_door_is_seen(line, count):
    assert len(list(trespasses(ast.parse(line), "volunteers"))) == count


@pytest.mark.parametrize(
    "line", ["timezone.now()", "date.today()", "datetime.now()", "time.time()", "timezone.localdate()"]
)
def test_a_glance_at_the_clock_is_seen(line):
    assert list(glances(ast.parse(line))) != []


def test_a_column_that_fills_itself_is_seen():
    assert list(defaults(ast.parse("models.DateTimeField(auto_now_add=True)"))) != []
    assert list(defaults(ast.parse("models.DateTimeField(default=timezone.now)"))) != []
    assert list(glances(ast.parse("timezone.localtime(at)"))) == []


def test_a_long_function_is_seen_and_its_docstring_is_free():
    body = "\n".join("    x = 1" for _ in range(34))
    words = "\n".join("    words" for _ in range(20))
    assert long_functions(ast.parse(f"def f():\n{body}")) == []
    assert long_functions(ast.parse(f'def f():\n    """\n{words}\n    """\n{body}')) == []
    assert long_functions(ast.parse(f"def f():\n{body}\n    x = 2")) == ["f: 36 lines"]


def test_moments_of_tests_are_fixed():
    assert timezone.is_aware(NOON)
    assert timezone.is_aware(LONG_AGO)
    assert isinstance(Person._meta.get_field("joined_at"), models.DateTimeField)


# --- Leftovers: the first of these two would spoil the second.


def test_one_test_leaves_a_cached_value_and_a_language():
    cache.set("left-over", "yes")
    translation.activate("en")
    assert cache.get("left-over") == "yes"


def test_the_next_one_finds_neither():
    assert cache.get("left-over") is None
    assert translation.get_language() == "zh-hans"
