"""Secrets: made once, private, demanded in production."""

import pytest

from civic.core import env
from config import keys


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in keys.NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("CIVIC_ENV", "development")


def test_made_once_and_only_the_owner_reads_them(tmp_path):
    keys.load(tmp_path)
    file = keys.place(tmp_path)
    text = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.make(tmp_path) is False
    assert file.read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]
    assert all(env.text(name) for name in keys.NAMES)
    assert len(env.keys("CIVIC_FIELD_KEYS")["k1"]) == 32


def test_production_makes_none_by_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_ENV", "production")
    with pytest.raises(env.BadSetting, match=r"CIVIC_SECRET_KEY / .* is not set"):
        keys.load(tmp_path)
    assert not keys.place(tmp_path).exists()
    keys.make(tmp_path)
    keys.load(tmp_path)
