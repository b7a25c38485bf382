"""An undefined template variable fails, instead of rendering as nothing.

Two things stay allowed, because they are how a template asks "is it there?": a missing *name* in `{% if %}`
or `{% firstof %}`, and one followed by `default` or `default_if_none`. A missing *attribute* of an object
that is there is a spelling mistake everywhere, in `{% if %}` too. Django's own form templates are not judged.
"""

import pytest
from django.template import engines
from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.defaulttags import ForNode

FORGIVING = {"default", "default_if_none"}


class UndefinedVariable(Exception):
    """A template asks for something that is not there."""


class _Undefined:
    """Stands for `string_if_invalid`: the engine formats it with the missing name, and that raises."""

    def __contains__(self, part):
        return True

    def __mod__(self, name):
        raise UndefinedVariable(f"{name} is not defined")

    def __str__(self):
        raise UndefinedVariable("a variable is not defined")


UNDEFINED = _Undefined()


def _is_ours(context):
    if not isinstance(context, BaseContext) or context.template is None:
        return False
    return context.template.engine.string_if_invalid is UNDEFINED


def _strict_lookup(original):
    def resolve(self, context):
        try:
            value = original(self, context)
        except VariableDoesNotExist as missing:
            word, holder = missing.params
            if not _is_ours(context) or holder is None or isinstance(holder, BaseContext | dict | str):
                raise
            raise UndefinedVariable(f"{self.var}: {type(holder).__name__} has no {word!r}") from missing
        if value is UNDEFINED:  # the thing is absent (DoesNotExist) or may not be called from a template
            raise VariableDoesNotExist("Nothing to show for %r", (self.var,))
        return value

    return resolve


def _forgiving_filters(original):
    def resolve(self, context, ignore_failures=False):
        forgiven = bool(self.filters) and self.filters[0][0].__name__ in FORGIVING
        try:
            return original(self, context, ignore_failures=ignore_failures or forgiven)
        except UndefinedVariable as undefined:
            if template := getattr(context.render_context, "template", None):
                undefined.add_note(f"in {template.origin.name}")
            raise

    return resolve


class _Demanded:
    """The sequence of a `{% for %}`, which Django would take for empty when it is missing."""

    def __init__(self, sequence):
        self.sequence = sequence

    def resolve(self, context, ignore_failures):
        return self.sequence.resolve(context, ignore_failures=not _is_ours(context))


def _demanding_loop(original):
    def init(self, loopvars, sequence, *rest, **options):
        original(self, loopvars, _Demanded(sequence), *rest, **options)

    return init


@pytest.fixture(autouse=True, scope="session")
def undefined_variables_fail():
    """Patch the template engine for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines["django"].engine, "string_if_invalid", UNDEFINED)
        patch.setattr(Variable, "resolve", _strict_lookup(Variable.resolve))
        patch.setattr(FilterExpression, "resolve", _forgiving_filters(FilterExpression.resolve))
        patch.setattr(ForNode, "__init__", _demanding_loop(ForNode.__init__))
        yield
