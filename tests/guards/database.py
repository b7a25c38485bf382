"""Tests run on a private PostgreSQL of their own, unless DATABASE_URL names another server."""

import pytest
from django.conf import settings

from config import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start the private server before pytest-django makes the test database; it stops with the run."""
    if embedded.url() == settings.DATABASE_URL:
        embedded.start(durable=False)
