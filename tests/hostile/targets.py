"""Every page as a target: which fields it reads, found out from the forms it binds and from its source."""

import ast
import inspect
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django import forms
from django.forms.forms import BaseForm

from tests.architecture.source import parsed
from tests.scope.addresses import is_explained, table

READERS = {"get", "getlist"}
NOT_TYPED = {"csrfmiddlewaretoken", "form_token"}
# Read from the query by functions that the page shares with others.
SHARED = {"next", "page", "after", "q", "place", "category", "urgent", "month", "queue", "was"}


def addresses():
    """Every address that the three neighbourhoods can fill in."""
    return [address for address in table() if address.audience and is_explained(address)]


@dataclass
class Target:
    """One address with what it read when it was sent nothing."""

    address: object
    url: str
    forms: list = field(default_factory=list)

    @property
    def fields(self):
        """Name → field of every form bound here; names that only the source reads have none."""
        named = dict.fromkeys(read_names(self.address.page, "POST"))
        for form in self.forms:
            named |= {form.add_prefix(name): one for name, one in form.fields.items()}
        return {name: one for name, one in named.items() if name not in NOT_TYPED}


def read_names(page, where):
    """Names that the module of `page` reads from `request.POST` or `request.GET`."""
    names = set()
    for node in ast.walk(_module_tree(page)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            holder = ast.unparse(node.func.value)
            if (
                holder in {f"request.{where}", "said"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                names.add(node.args[0].value)
    return names | (SHARED if where == "GET" else set())


def _module_tree(page):
    return parsed(Path(inspect.getsourcefile(inspect.unwrap(page))))


@contextmanager
def bound_forms():
    """Every form that is bound while the block runs."""
    seen = []
    original = BaseForm.__init__

    def init(self, *rest, **named):
        original(self, *rest, **named)
        if self.is_bound:
            seen.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseForm, "__init__", init)
        yield seen


# --- Something right for each field, so that one bad value stands alone.

RIGHT = {
    "phone": "13812345678",
    "contact_phone": "13812345678",
    "code": "123456",
    "month": "2026-12",
    "target": "team:1",
    "opens": "09:00",
    "closes": "10:00",
    "place_words": "府前",
}

RIGHT_OF = {forms.BooleanField: "on", forms.DateField: "2026-12-21", forms.TimeField: "09:00"}


def right(name, one):
    """A value that the field takes."""
    if name in RIGHT:
        return RIGHT[name]
    if isinstance(one, forms.MultipleChoiceField):
        return [_first_choice(one)]
    if isinstance(one, forms.ChoiceField):
        return _first_choice(one)
    if isinstance(one, forms.IntegerField):
        return str(int(max(one.min_value or 1, 1)))
    return next((value for kind, value in RIGHT_OF.items() if isinstance(one, kind)), "修一下电饭锅，谢谢")


def _first_choice(one):
    """The first choice that is not empty; groups are looked into."""
    for value, words in one.choices:
        if isinstance(words, list | tuple):
            return str(words[0][0])
        if str(value):
            return str(value)
    return ""


def is_free_text(one):
    """Whether people may write anything: those fields reach services and come back on the page."""
    return one is None or (
        isinstance(one, forms.CharField) and not isinstance(one, forms.FileField | forms.IntegerField)
    )
