"""What every test of the portal may ask for."""

import pytest
from django.core.cache import cache

from tests.moments import NOON


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """The process keeps settings; the next test has others."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def noon(monkeypatch):
    """Pages ask the clock; it stands at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
