"""A data folder of one's own."""

import pytest

from config.tests.running import data_folder


@pytest.fixture
def data(monkeypatch):
    """A fresh data folder, named in the environment; whatever runs in it is stopped at the end."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("CIVIC_POSTGRES", raising=False)
    with data_folder() as folder:
        monkeypatch.setenv("CIVIC_DATA", str(folder))
        yield folder
