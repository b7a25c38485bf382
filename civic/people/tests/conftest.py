"""Shared by the tests of signing in."""

import pytest

from civic.people.signals import code_issued


@pytest.fixture
def codes():
    """The one-time codes announced during the test, as they would be sent."""
    found = []

    def hear(*, code, **_):
        found.append(code)

    code_issued.connect(hear, weak=False)
    yield found
    code_issued.disconnect(hear)
