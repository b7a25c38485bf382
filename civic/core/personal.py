"""Personal data by field: each app says in `personal.py` what becomes of its texts, files and free values.

    FIELDS = {"Person.name": Care.MASK, "Person.phone": Care.ENCRYPT}

Keys, states, moments and numbers need no word of their own; everything that could hold a name does. A test
fails on a field that nobody classified, so a new column is decided on the day it is born.
"""

from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

# A field of these kinds can hold anything a person may type or upload.
OPEN_KINDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
    ArrayField,
)


class Care(StrEnum):
    """What is done about a field when others read it, and when its person leaves."""

    KEEP = "keep"  # says nothing about a private person, or the record must outlive her (10 years)
    MASK = "mask"  # shown shortened to whoever need not know; replaced when she leaves
    ENCRYPT = "encrypt"  # sealed at rest, unmasked only with a journal line; emptied when she leaves
    SCRUB = "scrub"  # free words or marks that may point at her; emptied when she leaves


def our_apps() -> list[AppConfig]:
    """The installed apps of this package, lowest first."""
    return [config for config in apps.get_app_configs() if config.name.startswith("civic.")]


def declared(config: AppConfig) -> dict[str, Care]:
    """What an app says about its fields, by ``Model.field``."""
    name = f"{config.name}.personal"
    return dict(getattr(import_module(name), "FIELDS", {})) if find_spec(name) else {}


def needs_a_word(field: models.Field) -> bool:  # type: ignore[type-arg]
    """Whether the kind of a field leaves open what it holds."""
    return isinstance(field, OPEN_KINDS) and not isinstance(field, models.SlugField) and not field.choices


def open_fields(config: AppConfig) -> Iterator[str]:
    """``Model.field`` for every field of an app that must be classified."""
    for model in config.get_models():
        for field in model._meta.local_concrete_fields:
            if needs_a_word(field):
                yield f"{model.__name__}.{field.name}"
