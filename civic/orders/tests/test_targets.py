"""Targets as forms write them."""

import pytest

from civic.orders.targets import KINDS, Target


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read(kind):
    assert Target.read(str(Target(kind, 7))) == Target(kind, 7)


@pytest.mark.parametrize(
    "text", ["", "team", "team:", "team:x", "team:-1", "person:7", ":7", "team:7:8", "team:" + "9" * 19]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Target.read(text)
