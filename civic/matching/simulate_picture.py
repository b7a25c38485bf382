"""The comparison as a picture: per level the share of the bound, offers against wait, and reliability."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FormatStrFormatter

from civic.matching.reliability import calibration_error
from civic.matching.simulate import Comparison
from civic.matching.simulate_table import LEVELS, NAMES

FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "SimHei",
    "PingFang SC",
)
OURS, OTHERS, CLERK = "#b71c1c", "#8fa3b5", "#455a64"
SHORT = {
    "broadcast": ("群发", "broadcast"),
    "clerk": ("人工", "clerk"),
    "luck": ("随机", "random"),
    "ours": ("本平台", "ours"),
    "batch60": ("最优批", "batch"),
    "batch24": ("一天一批", "daily"),
}
FEWEST = 30  # forecasts in a bin worth drawing
WORDS = {
    "share": ("占上界的份额", "share of the clairvoyant bound"),
    "wait": ("等待中位数(小时)", "median wait (hours)"),
    "offers": ("每成一人发出的邀约", "offers per head filled"),
    "foretold": ("预告的把握", "chance foretold"),
    "happened": ("实际同意", "share that said yes"),
}


def draw(comparisons: Sequence[Comparison], path: Path) -> None:
    """Write a PNG, PDF or SVG by the ending of `path`; Chinese where a font for it is found, else English."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    family = next((name for name in FONTS if name in known), None)
    language = 0 if family else 1
    figure = Figure(figsize=(16, 4.6 * len(comparisons)), layout="constrained")
    FigureCanvasAgg(figure)
    for row, found in enumerate(comparisons):
        axes = [figure.add_subplot(len(comparisons), 3, 3 * row + n + 1) for n in range(3)]
        _shares(axes[0], found, language)
        _prices(axes[1], found, language)
        _diagram(axes[2], found, language)
    if family:
        for text in figure.findobj(match=Text):
            text.set_fontfamily([family, "DejaVu Sans"])  # type: ignore[attr-defined]
    figure.savefig(path, dpi=110)


def _color(key: str) -> str:
    return {"ours": OURS, "clerk": CLERK}.get(key, OTHERS)


def _shares(axes: Any, found: Comparison, language: int) -> None:
    keys = list(found.by_policy)[::-1]
    shares = [found.by_policy[key].mean("share") for key in keys]
    spread = [found.by_policy[key].spread for key in keys]
    axes.barh(
        [NAMES[key][language] for key in keys], shares, xerr=spread, color=[_color(key) for key in keys]
    )
    axes.set_xlim(0.6, 1)
    for at, share in enumerate(shares):
        axes.text(0.605, at, f"{share:.3f}", va="center", color="white", fontsize=9)
    axes.set_title(
        LEVELS.get(found.level.key, LEVELS["own"])[language] + f" · {found.level.people:,}", loc="left"
    )
    axes.set_xlabel(WORDS["share"][language])


def _prices(axes: Any, found: Comparison, language: int) -> None:
    for key, summary in found.by_policy.items():
        wait, offers = summary.mean("median_wait"), summary.mean("offers_per_fill")
        axes.plot(wait, offers, "o", color=_color(key), markersize=10 if key == "ours" else 7)
        if key in SHORT:
            place = {"textcoords": "offset points", "fontsize": 9, "ha": "center"}
            above = -17 if key == "clerk" else 9
            axes.annotate(SHORT[key][language], (wait, offers), (0, above), **place)
    axes.set_xscale("log", base=2)
    axes.set_xlim(0.2, 12)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(FixedLocator([0.25, 0.5, 1, 2, 4, 8]))
    axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    axes.set_xlabel(WORDS["wait"][language])
    axes.set_ylabel(WORDS["offers"][language])
    axes.grid(visible=True, alpha=0.3)


def _diagram(axes: Any, found: Comparison, language: int) -> None:
    diagram = [one for one in found.reliability if one.count >= FEWEST]
    axes.plot([0, 1], [0, 1], "--", color=OTHERS, linewidth=1)
    axes.plot([one.foretold for one in diagram], [one.happened for one in diagram], "o-", color=OURS)
    most = max((one.count for one in diagram), default=1)
    for one in diagram:
        axes.bar((one.low + one.high) / 2, 0.25 * one.count / most, 0.09, color=OTHERS, alpha=0.5)
    axes.set_title(f"ECE {calibration_error(diagram):.3f}", loc="left")
    axes.set_xlabel(WORDS["foretold"][language])
    axes.set_ylabel(WORDS["happened"][language])
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
