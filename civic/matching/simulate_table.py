"""The comparison in words, Chinese and English: a table per level, the four promises, and reliability."""

import unicodedata
from collections.abc import Iterator

import numpy as np

from civic.matching.reliability import calibration_error
from civic.matching.simulate import Comparison, Level, Summary, checks

NAMES = {
    "clerk": ("人工派单,上班时间,找最近", "clerk, office hours, nearest"),
    "nearest": ("全天自动,先到先得,找最近", "first come, nearest, 24 h"),
    "luck": ("随机", "random"),
    "broadcast": ("群发 30 人抢单", "broadcast to 30"),
    "greedy": ("贪心,已知把握", "greedy, chances known"),
    "batch15": ("最优批 15 分钟,已知把握", "exact batch 15 min, known"),
    "batch60": ("最优批 60 分钟,已知把握", "exact batch 60 min, known"),
    "batch24": ("最优批 24 小时,已知把握", "exact batch 24 h, known"),
    "unlimited": ("本平台,不限每周次数", "ours, no weekly limit"),
    "ours": ("本平台,自学把握", "ours, chances learned"),
}
LEVELS = {
    "scarce": ("人手紧", "scarce"),
    "plenty": ("人手宽", "plenty"),
    "teams": ("队伍", "teams"),
    "overload": ("队伍超载", "teams, overload"),
    "own": ("自定", "own"),
}
COLUMNS = (
    ("占上界", "share", 8),
    ("急单", "urgent", 8),
    ("邀约/人", "offers", 8),
    ("等待中位", "median h", 9),
    ("等待九成", "p90 h", 9),
    ("公里", "km", 6),
    ("基尼", "Gini", 6),
    ("最多", "most", 6),
    ("多余同意", "unneeded", 9),
)
PROMISES = {
    "share": "占上界高出人工 share above the clerk",
    "offers_per_fill": "邀约为群发的 offers of the broadcast's",
    "median_wait": "等待为人工的 wait of the clerk's",
    "unneeded": "多余同意为群发的 unneeded of the broadcast's",
}
NAME_WIDTH = 56


def lines(found: Comparison) -> Iterator[str]:
    """Everything about one level, line by line."""
    yield title(found)
    yield pad("策略 policy", NAME_WIDTH) + "".join(pad(zh, -width) for zh, _, width in COLUMNS)
    yield " " * NAME_WIDTH + "".join(pad(en, -width) for _, en, width in COLUMNS)
    for key, summary in found.by_policy.items():
        yield pad(" ".join(NAMES[key]), NAME_WIDTH) + figures(summary)
    if {"ours", "clerk", "broadcast"} <= found.by_policy.keys():
        yield from promises(found)
    if found.forecasts:
        yield from reliability(found)


def title(found: Comparison) -> str:
    """Who, how many, how often, and what nobody could exceed."""
    level: Level = found.level
    zh, en = LEVELS.get(level.key, LEVELS["own"])
    crew = "队 teams" if level.teams else "人 people"
    return (
        f"{zh} {en}:{level.people:,} {crew},{found.orders:,} 单 orders,{len(found.bounds)} 次 seeds,"
        f"上界 clairvoyant bound {np.mean(found.bounds):.1%}"
    )


def figures(summary: Summary) -> str:
    """The cells of one policy."""
    cells = (
        f"{summary.mean('share'):.1%}",
        f"{summary.mean('urgent'):.1%}",
        f"{summary.mean('offers_per_fill'):.2f}",
        f"{summary.mean('median_wait'):.2f}",
        f"{summary.mean('p90_wait'):.1f}",
        f"{summary.mean('km'):.1f}",
        f"{summary.mean('gini'):.2f}",
        f"{summary.mean('most_offers'):.0f}",
        f"{summary.mean('unneeded'):.0f}",
    )
    return "".join(pad(cell, -column[2]) for cell, column in zip(cells, COLUMNS, strict=True))


def promises(found: Comparison) -> Iterator[str]:
    """The four promises, kept or not."""
    for one in checks(found):
        points = one.name == "share"
        measured = f"{100 * one.measured:+.1f}" if points else f"{one.measured:.3f}"
        wanted = f"≥ {100 * one.wanted:.0f}" if points else f"≤ {one.wanted}"
        yield f"  {'✓' if one.met else '✗'} {PROMISES[one.name]}: {measured} ({wanted})"


def reliability(found: Comparison) -> Iterator[str]:
    """Foretold against happened, with the expected calibration error."""
    diagram = found.reliability
    told = ", ".join(f"{one.foretold:.2f}→{one.happened:.2f} ({one.count:,})" for one in diagram)
    yield f"  预告→实际 foretold→happened: {told}; ECE {calibration_error(diagram):.3f}"


def pad(text: str, width: int) -> str:
    """Fill up with blanks to `width` cells (to the left when negative); a Chinese character takes two."""
    cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    blanks = " " * max(0, abs(width) - cells)
    return text + blanks if width > 0 else blanks + text
