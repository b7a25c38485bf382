"""Every field that could hold a name, a phone or a sentence is classified; sealed means sealed."""

import pytest

from civic.core.fields import SealedTextField
from civic.core.personal import Care, declared, needs_a_word, open_fields, our_apps
from tests.architecture.source import assert_none

APPS = our_apps()


def label(config):
    return config.label


@pytest.mark.parametrize("config", APPS, ids=label)
def test_every_open_field_is_classified(config):
    assert_none(set(open_fields(config)) - set(declared(config)))


@pytest.mark.parametrize("config", APPS, ids=label)
def test_no_classification_is_stale(config):
    fields = {
        f"{model.__name__}.{field.name}" for model in config.get_models() for field in model._meta.fields
    }
    assert_none(set(declared(config)) - fields)


@pytest.mark.parametrize("config", APPS, ids=label)
def test_what_is_declared_encrypted_is_sealed_and_the_other_way_round(config):
    promised = {name for name, care in declared(config).items() if care == Care.ENCRYPT}
    sealed = {
        f"{model.__name__}.{field.name}"
        for model in config.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedTextField)
    }
    assert promised == sealed


def test_a_new_text_column_needs_a_word():
    person = next(config for config in APPS if config.label == "people").get_model("Person")
    assert needs_a_word(person._meta.get_field("name"))
    assert not needs_a_word(person._meta.get_field("joined_at"))
    assert not needs_a_word(person._meta.get_field("home"))
