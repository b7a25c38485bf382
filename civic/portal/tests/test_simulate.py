"""`civic simulate`: a table, a picture, and plain words for wrong numbers."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from civic.matching import simulate, simulate_picture

pytestmark = pytest.mark.slow  # a fortnight, and a picture of it


def told(*arguments, **options):
    out = StringIO()
    call_command("simulate", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_table_and_the_picture(tmp_path, ending):
    picture = tmp_path / f"compared.{ending}"
    text = told("--teams", "60", "--orders", "150", "--seeds", "1", "--picture", str(picture))
    assert "本平台" in text
    assert "怎样读" in text
    assert picture.stat().st_size > 10_000


def test_without_a_chinese_font_the_picture_speaks_english(tmp_path, monkeypatch):
    monkeypatch.setattr(simulate_picture, "FONTS", ())
    picture = tmp_path / "compared.svg"
    told("--teams", "60", "--orders", "150", "--seeds", "1", "--picture", str(picture))
    assert "broadcast" in picture.read_text(encoding="utf-8")


def test_quick_means_one_world_of_two_levels(monkeypatch):
    asked = []

    def compare(level, *, orders, seeds):
        asked.append((level.key, orders, seeds))
        return simulate.Comparison(level, orders, bounds=[0.5])

    monkeypatch.setattr(simulate, "compare", compare)
    told("--quick")
    assert asked == [("scarce", 6000, 1), ("teams", 6000, 1)]
    asked.clear()
    told("--seeds", "2")
    assert [key for key, _, _ in asked] == ["scarce", "plenty", "teams", "overload"]
    assert {seeds for _, _, seeds in asked} == {2}


def test_levels_are_people_and_teams():
    text = told("--people", "900", "--teams", "40", "--orders", "100", "--seeds", "1")
    assert "900 人" in text
    assert "40 队" in text


@pytest.mark.parametrize("option", ["--seeds", "--orders", "--people", "--teams"])
def test_numbers_below_one_are_refused(option):
    with pytest.raises(CommandError, match="至少是 1"):
        told(option, "0")


def test_a_picture_needs_a_folder_and_a_known_ending(tmp_path):
    for name in ("no/such/folder.png", "picture.txt"):
        with pytest.raises(CommandError, match="图片"):
            told("--picture", str(tmp_path / name))
