"""What can be measured about the look: contrast, weight, and what templates must not contain."""

import gzip
import re
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parent.parent
STATIC = CORE / "static" / "civic"
CSS = (STATIC / "civic.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+):(#[0-9A-Fa-f]{6})", CSS))
TOKENS["white"] = "#FFFFFF"

GROUNDS = ("page", "surface", "sunk")
TEXT = (
    [(ink, ground) for ink in ("ink-9", "ink-7", "ink-5") for ground in GROUNDS]
    + [("white", "red-7"), ("white", "red-6"), ("red-6", "page"), ("red-6", "surface"), ("red-7", "red-0")]
    + [(teal, ground) for teal in ("teal-7", "teal-6") for ground in ("page", "surface")]
    + [
        ("teal-7", "teal-0"),
        ("ink-9", "teal-0"),
        ("ink-5", "teal-0"),
        ("white", "teal-7"),
        ("teal-7", "sunk"),
    ]
    + [("gold-7", "surface"), ("gold-7", "page"), ("gold-7", "gold-0"), ("ink-9", "gold-4")]
    + [(f"{hue}-7", f"{hue}-0") for hue in ("green", "amber", "error", "blue")]
    + [(f"{hue}-7", ground) for hue in ("green", "amber", "error", "blue") for ground in ("page", "surface")]
    + [("ink-9", f"{hue}-0") for hue in ("green", "amber", "error", "blue", "gold", "red")]
    + [("white", "amber-7"), ("white", "error-7"), ("white", "ink-9")]
    + [
        (text, ground)
        for text in ("dark-text", "dark-text-2", "dark-text-3")
        for ground in ("dark-bg", "dark-panel")
    ]
    + [(series, "dark-panel") for series in ("lamp", "jade", "coral", "mist", "wisteria", "alert")]
    + [("dark-text", ramp) for ramp in ("ramp-1", "ramp-2", "ramp-3")]
    + [("dark-bg", ramp) for ramp in ("ramp-4", "ramp-5")]
)
EDGES = [("line-strong", "surface"), ("line-strong", "page"), ("focus", "surface"), ("focus", "page")]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The ratio of WCAG 2, between 1 and 21."""
    low, high = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_knows_black_on_white():
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert luminance("#000000") == 0


@pytest.mark.parametrize(("ink", "ground"), TEXT, ids="-on-".join)
def test_text_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES, ids="-on-".join)
def test_edges_can_be_seen(edge, ground):
    assert contrast(edge, ground) >= 3


def test_rules_use_tokens_not_colours_of_their_own():
    allowed = {"#FFFFFF", "#fff", "#000", "#999", *TOKENS.values()}
    assert {*re.findall(r"#[0-9A-Fa-f]{3,6}\b", CSS)} - allowed == set()


def test_every_token_that_is_used_is_declared():
    declared = set(re.findall(r"(?<![\w-])--([a-z0-9-]+):", CSS))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS)) - declared == set()


@pytest.mark.parametrize(("name", "limit"), [("civic.css", 20), ("civic.js", 4), ("icons.svg", 6)])
def test_files_are_light(name, limit):
    assert len(gzip.compress((STATIC / name).read_bytes())) <= limit * 1024


def test_text_is_sized_in_rem():
    assert re.findall(r"font-size:\s*[\d.]+px", CSS) == []


def test_every_icon_that_is_named_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    named = set()
    for template in CORE.parent.rglob("templates/**/*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)" %}', template.read_text(encoding="utf-8")))
    assert named - drawn == set()


def test_the_licence_travels_with_the_icons():
    assert "ISC License" in (STATIC / "icons-LICENSE.txt").read_text(encoding="utf-8")


def test_the_script_evaluates_nothing():
    script = (STATIC / "civic.js").read_text(encoding="utf-8")
    assert re.findall(r"\beval\b|new Function|innerHTML|document\.write", script.replace("no eval", "")) == []
