"""Tests run on a private PostgreSQL of their own, unless DATABASE_URL names another server."""

import pytest
from django.conf import settings
from django.db.backends.postgresql.creation import DatabaseCreation

from config import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start the private server before pytest-django makes the test database; it stops with the run."""
    if embedded.url() == settings.DATABASE_URL:
        embedded.start(durable=False)


def _drop(creation, name, _verbosity):
    """Drop a test database though a browser's last request may still hold a connection to it."""
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {creation.connection.ops.quote_name(name)} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def forceful_drop():
    """The way test databases go, for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseCreation, "_destroy_test_db", _drop)
        yield
