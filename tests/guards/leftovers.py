"""Nothing of a test is left for the next one: no cached row, no chosen language."""

import pytest
from django.core.cache import caches
from django.utils import timezone, translation


@pytest.fixture(autouse=True)
def nothing_is_left_over():
    """Empty the caches, forget language and time zone."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    translation.deactivate()
    timezone.deactivate()
